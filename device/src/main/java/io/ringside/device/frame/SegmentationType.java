package io.ringside.device.frame;

/** What a frame longer than the link allows is to be cut into. */
public enum SegmentationType {
    /** It is one frame, and stays so. */
    NONE,
    /** Segments of TCP over IPv4. */
    TCP_IPV4,
    /** Segments of TCP over IPv6. */
    TCP_IPV6
}
