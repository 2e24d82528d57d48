package io.ringside.xenbus.frontend;

/**
 * What a frontend does next, by where both ends stand; {@link FrontendState#step} has the table.
 *
 * <p>Source: the order that xen/io/blkif.h and xen/io/netif.h describe.
 */
public enum FrontendStep {
    /** Nothing: the backend has to move, or says what we knew. */
    WAIT,

    /** The backend's features are there to be read: grant the rings, and publish our parameters. */
    PUBLISH,

    /** The backend is connected, and the device can be read about. */
    CONNECT,

    /** The backend tells once more that it is connected: something about the device has changed. */
    LOOK_AGAIN,

    /** The backend has taken the parameters that we changed. */
    GO_ON,

    /** The backend wants to stop: take no more work, finish what is under way, and close. */
    CLOSE,

    /** The backend has let go of everything, without a word: no answer will come any more. */
    LOST,

    /** The backend has let go, or will: take back what was shared, and be closed. */
    FINISH,

    /** The backend tells what it may not tell now: counted, and nothing is done. */
    REFUSE
}
