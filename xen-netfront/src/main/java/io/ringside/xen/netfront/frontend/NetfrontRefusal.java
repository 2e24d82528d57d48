package io.ringside.xen.netfront.frontend;

/** What a frontend would not take from its backend. */
public enum NetfrontRefusal {
    /** An answer to a packet that was sent whose status has no name: the packet is an error. */
    STATUS,
    /** An offer that makes no sense: it counts as not made. */
    OFFER,
    /** A received piece that does not lie within its page: the packet is dropped. */
    LENGTH,
    /** A received packet of too many pieces, or of several that nobody asked for: dropped. */
    PIECES,
    /** A received packet longer than any, or shorter than an Ethernet header: dropped. */
    PACKET_BYTES,
    /** An extra record that is unknown, malformed or not asked for: the packet is dropped. */
    EXTRA_INFO,
    /** A checksum that is to be done where there is none: the packet is dropped. */
    CHECKSUM,
    /** A control answer that says what cannot be: what was asked for counts as not done. */
    CONTROL_ANSWER,
    /** A response index that cannot be: the device is closed, as for all that follow. */
    RING_INDEX,
    /** An answer to a number that is not in flight, or that is not this slot's. */
    ID,
    /** More answers to extra records than there were such records. */
    EXTRA_ANSWER,
    /** A page that was still mapped when the backend had done with it. */
    KEPT_PAGE,
    /** A key without which there is no network, missing or malformed. */
    KEY
}
