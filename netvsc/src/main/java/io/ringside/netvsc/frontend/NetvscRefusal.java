package io.ringside.netvsc.frontend;

/** What a frontend would not take from its backend. */
public enum NetvscRefusal {
    /** A packet or message of a type that says nothing here: dropped. */
    PACKET,
    /** A packet too short for what it says it is: dropped. */
    PACKET_LENGTH,
    /** An answer to a number that is not in flight: dropped. */
    ID,
    /** Received frames in another buffer than the one that was given: dropped. */
    BUFFER_ID,
    /** A range that lies outside of the receive buffer, or is longer than a section: failed. */
    RANGE,
    /** An RNDIS message whose parts lie outside of it: failed. */
    RNDIS,
    /** What is said of a frame lies outside of its message: failed. */
    INFO,
    /** A piece of a coalesced frame that has no beginning, no end, or no room: failed. */
    FRAGMENT,
    /** More packets unfinished than the receive buffer has sections: failed. */
    TOO_MANY,
    /** An RNDIS answer to a question that is not open, or that says nothing: dropped. */
    ANSWER,
    /** A table of channels for what is sent that cannot be: dropped. */
    SEND_TABLE,
    /** A step of the hand-shake that was refused, or cannot be: the device is closed. */
    HANDSHAKE,
    /** A ring that cannot be: the device is closed. */
    RING
}
