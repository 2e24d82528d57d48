package io.ringside.device.host;

/**
 * A network as a backend sees it.
 *
 * <p>Nothing here blocks or allocates, and everything is bounded. The backend asks with {@link
 * #take} for what has arrived, at its own pace.
 *
 * <p>Who copies, and whose memory it is: what is sent belongs to the backend all along; when {@link
 * #send} returns, the port has copied what it keeps, and the backend may use packet and memory
 * anew. So no guest can hold on to what is another one's. What has arrived lies in memory of the
 * port and is lent from {@link #take} to {@link #giveBack}, so that a backend can gather many
 * packets and copy them in one go; it may only read it. A port that has lent all that it has drops
 * what comes in, and counts it.
 *
 * <p>Threads: one backend's thread. Errors: what a guest put into a frame never throws. A packet
 * given back that was not lent is our own fault and throws {@link IllegalArgumentException}.
 */
public interface PacketPort extends AutoCloseable {
    /** Whether there is somebody behind it; what is sent without a link is dropped and counted. */
    boolean isLinkUp();

    /**
     * Most bytes of one frame, as it is handed over: longer and empty ones are dropped and counted.
     */
    int maxFrameBytes();

    /** Whether a blank checksum may be sent; if not, the backend fills it in before. */
    boolean takesBlankChecksums();

    /** Whether a frame that is still to be cut may be sent; if not, the backend cuts it before. */
    boolean takesUncutFrames();

    /**
     * Sends a frame. Frames arrive in the order in which they were sent, or not at all.
     *
     * @return false if there is no room now and there may be later: the port has done nothing with
     *     it, and whether it is sent again or dropped is the backend's choice
     */
    boolean send(Packet packet);

    /** Hands over at most {@code limit} packets in their order, and returns how many. */
    int take(PacketArrivals arrivals, int limit);

    /**
     * Whether what has arrived may be left here for as long as it takes, because whoever sends it
     * is held up. A cable holds nobody up: what a card has no room for is lost in the card.
     */
    default boolean holdsBack() {
        return false;
    }

    /** Ends the loan of a packet; in any order. */
    void giveBack(Packet packet);

    /** How many frames this port has dropped: too long, no link, or no room. Only grows. */
    long dropped();

    /**
     * Sets what is run when something has arrived where nothing waited before, so that a backend
     * that sleeps can be woken. Once, before the first packet.
     */
    void wakeWith(Runnable wake);

    /** Takes the link down. What is lent stays readable until it is given back. */
    @Override
    void close();
}
