package io.ringside.storvsc.backend;

/** Why a backend did not do what a frontend asked for. */
public enum StorvspRefusal {
    /** A packet of a type that this protocol has no use for: dropped. */
    PACKET_TYPE,
    /** A packet too short for what it says it is: answered with an error, as are all below. */
    PACKET_LENGTH,
    /** An operation that this controller does not know. */
    OPERATION,
    /** An operation out of its turn. */
    STATE,
    /** A version that this controller does not speak. */
    VERSION,
    /** More channels than were offered. */
    SUB_CHANNELS,
    /** A command length or a direction that cannot be. */
    REQUEST,
    /** More data than a request may have, or ranges that do not hold what they should. */
    DATA,
    /** A unit that is not there. */
    UNIT,
    /** More commands than a unit takes: to be tried again. */
    TASK_SET_FULL,
    /** A ring that cannot be: the channel is served no more. */
    RING
}
