package io.ringside.xenbus.backend;

/**
 * What a backend does next, by where both ends stand; {@link BackendState#step} has the table.
 *
 * <p>Source: the order that xen/io/blkif.h and xen/io/netif.h describe.
 */
public enum BackendStep {
    /** Nothing: the frontend has to move, or says what we knew. */
    WAIT,

    /** Write what this backend is able to do, and wait for the frontend. */
    PUBLISH,

    /** The frontend's parameters are there to be read: map its rings, bind its ports. */
    CONNECT,

    /** The frontend is connected, too; told once more, something about it may have changed. */
    CONFIRM,

    /** The frontend has changed parameters: read them again. */
    RECONFIGURE,

    /** The frontend goes on with changed parameters. */
    GO_ON,

    /** The frontend wants to stop, or is gone: finish what is under way, unmap, and close. */
    CLOSE,

    /** The frontend has begun anew without a word: unmap what it shared, and wait for it. */
    DISCONNECT,

    /** The frontend begins the next connection. */
    REOPEN,

    /** The frontend tells what it may not tell now: counted, and nothing is done. */
    REFUSE
}
