package io.ringside.storvsc.frontend;

/** What a frontend would not take from its backend. */
public enum StorvscRefusal {
    /** A packet of a type or with an operation that says nothing: dropped. */
    PACKET,
    /** A packet too short for what it says it is: dropped. */
    PACKET_LENGTH,
    /** An answer to a number that is not in flight, or from another channel: dropped. */
    ID,
    /** An answer that says more was transferred than was asked for: the request is an error. */
    TRANSFER,
    /** An answer of a unit that makes no sense: the unit is left alone. */
    UNIT,
    /** A step of the hand-shake that was refused: the controller is closed, as for the last. */
    HANDSHAKE,
    /** A ring that cannot be. */
    RING
}
