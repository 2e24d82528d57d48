package io.ringside.netvsc.backend;

/** Which ways to ask for a long frame of TCP to be cut a host knows. */
public enum LargeSends {
    /** None: the guest cuts. */
    NONE,
    /** The first alone, which is for IPv4: what a host has that does not know the second. */
    VERSION_1,
    /** Both, as hosts have it by now. */
    BOTH
}
