package io.ringside.device.guest;

/**
 * A network card as a workload sees it.
 *
 * <p>Nothing here blocks. Frames are submitted one by one and become visible to the other side with
 * {@link #commit}, so that a batch costs one notification. Completions and received frames arrive
 * while the device's agent does its work: completions in any order, received frames of one queue in
 * the order in which the other side gave them.
 *
 * <p>Whose memory it is: a frame to be sent, and the memory that it names, is the device's from
 * {@link #submit} to its completion. The memory for received frames is the device's all along; a
 * received frame is lent, and {@link #giveBack} makes its memory a receive buffer again. A workload
 * that holds on to {@code receiveDepth} frames of a queue receives nothing more there: from then on
 * it is the other side that drops.
 *
 * <p>Threads: one. Errors: a frame outside of {@link #limits}, or one given back that was not lent,
 * is the caller's fault and throws {@link IllegalArgumentException}; what the peer gets wrong is a
 * {@link NetStatus}.
 */
public interface NetDevice {
    /** Whether frames can be submitted; false before the device is connected and after it went. */
    boolean isReady();

    /** What the device can do. Only while {@link #isReady}. */
    NetLimits limits();

    /** The address of the card: 48 bits, its first byte on the wire the highest of them. */
    long macAddress();

    /** Most bytes that one frame carries behind its Ethernet header. */
    int mtuBytes();

    /** Whether the other side says that there is a link; without one, frames may be dropped. */
    boolean isLinkUp();

    /** Sets where completions and received frames go; once, before the first frame. */
    void completionsTo(NetCompletions completions);

    /**
     * Takes a frame to be sent. Frames of one queue leave in the order in which they were taken.
     *
     * @return false if there is no room (or the device is not ready): try again after completions
     */
    boolean submit(int queue, NetFrame frame);

    /** Ends the loan of a received frame; in any order. */
    void giveBack(NetFrame frame);

    /**
     * Makes everything submitted and given back so far visible to the other side, and wakes it if
     * it asked.
     */
    void commit();
}
