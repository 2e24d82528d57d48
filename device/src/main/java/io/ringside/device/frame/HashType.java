package io.ringside.device.frame;

/** Which fields of a frame its hash was taken over. */
public enum HashType {
    /** There is no hash. */
    NONE,
    /** Both addresses of IPv4. */
    IPV4,
    /** Both addresses of IPv4, both ports of TCP. */
    TCP_IPV4,
    /** Both addresses of IPv6. */
    IPV6,
    /** Both addresses of IPv6, both ports of TCP. */
    TCP_IPV6
}
