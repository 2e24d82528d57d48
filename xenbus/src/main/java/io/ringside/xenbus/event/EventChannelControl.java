package io.ringside.xenbus.event;

/**
 * The operations on event channels beside those that two drivers need, and the FIFO form.
 *
 * <p>Answers are those of {@link EventChannels}: a port or 0, or a negative errno. A domain begins
 * with the two-level form, 4096 ports in one page; the FIFO form has 131072, in 16 queues of their
 * own urgency each.
 *
 * <p>Threads: one (the domain's).
 */
public interface EventChannelControl extends EventChannels {
    /**
     * {@code EVTCHNOP_bind_virq}: {@code -EINVAL} for a line that does not exist, or a global one
     * elsewhere than on processor 0; {@code -ENOENT} for no such processor; {@code -EEXIST} if it
     * is bound.
     */
    int bindVirq(int virq, int processor);

    /** {@code EVTCHNOP_bind_ipi}: a port that wakes its own domain; {@code -ENOENT}. */
    int bindIpi(int processor);

    /** {@code EVTCHNOP_bind_pirq}: refused by {@code -EPERM} where a domain owns no such line. */
    int bindPirq(int pirq, int flags);

    /**
     * {@code EVTCHNOP_bind_vcpu}: which processor hears of a port; {@code -ENOENT} for no such
     * processor, {@code -EINVAL} for a port that cannot move.
     */
    int bindProcessor(int port, int processor);

    /** {@code EVTCHNOP_set_priority}: 0 is urgent, 15 is not; {@code -ENOSYS} without FIFO. */
    int setPriority(int port, int priority);

    /** {@code EVTCHNOP_reset}: closes every port, and goes back to the two-level form. */
    int reset();

    /**
     * {@code EVTCHNOP_init_control}: places a processor's control block, the first one of which
     * chooses the FIFO form. A refusal leaves everything as it was. The pages of event words are
     * the caller's to place by {@link #expandArray}; events of ports without a word wait for it.
     */
    int initControl(long frame, int offsetBytes, int processor);

    /**
     * {@code EVTCHNOP_expand_array}: one page of event words more; {@code -EOPNOTSUPP} without
     * FIFO, {@code -ENOSPC} when the array is whole, {@code -EINVAL} for no such frame.
     */
    int expandArray(long frame);

    /**
     * Chooses the FIFO form, with frames of the domain's own; open ports, masks and events are
     * kept. Answers as {@link #initControl}, or {@code -ENOSPC} without frames for it.
     */
    int useFifo();
}
