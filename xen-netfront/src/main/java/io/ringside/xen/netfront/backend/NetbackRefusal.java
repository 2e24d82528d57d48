package io.ringside.xen.netfront.backend;

/** Why a backend did not do what a frontend asked for. */
public enum NetbackRefusal {
    /** Shorter than an Ethernet header: answered with an error, as are all up to {@link #COPY}. */
    PACKET_BYTES,
    /** A piece that is longer than what remains of its packet. */
    PIECE_BYTES,
    /** More pieces than everybody takes, but not so many that the device is closed. */
    PIECE_COUNT,
    /** A packet that is to be cut into pieces of no bytes, or in a way that is not offered. */
    GSO,
    /** A packet longer than the network takes that is not to be cut. */
    LONG_PACKET,
    /** A checksum that is still to be done, or a packet to be cut, without such headers. */
    CHECKSUM,
    /** More multicast addresses than one frontend may ask for, or one that is none. */
    MULTICAST,
    /** A page that cannot be copied from. */
    COPY,
    /** A page that cannot be copied to: what was for it is lost. */
    RECEIVE_COPY,
    /** A control request that was answered with something else than success. */
    CONTROL,
    /** A request index that cannot be: the device is closed, as for all that follow. */
    RING_INDEX,
    /** A packet whose last slots were not published with its first. */
    CHAIN,
    /** An extra record of a type that there is not. */
    EXTRA_TYPE,
    /** A piece that leaves its page. */
    PIECE_RANGE,
    /** A packet of so many pieces that its sender cannot mean it. */
    PIECE_FLOOD,
    /** A key that is missing, malformed or out of range. */
    KEY,
    /** A ring page that cannot be mapped. */
    RING_PAGE,
    /** A port that cannot be bound. */
    PORT,
    /** There is no memory for one more connection. */
    MEMORY
}
