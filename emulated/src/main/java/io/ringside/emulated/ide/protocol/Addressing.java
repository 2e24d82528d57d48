package io.ringside.emulated.ide.protocol;

/** How the sectors of a drive are named, from the oldest form to the newest. */
public enum Addressing {
    /** Cylinder, head and sector. */
    CHS,
    /** 28 bits: up to 128 GiB. */
    LBA28,
    /** 48 bits, by the extended commands; the 28-bit commands work as well. */
    LBA48
}
