package io.ringside.device.guest;

/** Where a network device reports what has happened. Called on the device's own thread. */
public interface NetCompletions {
    /** The frame is its owner's again; its status is set. */
    void transmitted(NetFrame frame);

    /**
     * A frame has arrived: the device's own, lent to the workload until {@link NetDevice#giveBack},
     * with the memory that it names.
     */
    void received(int queue, NetFrame frame);

    /** The link came up or went down, or its MTU changed. */
    void linkChanged();
}
