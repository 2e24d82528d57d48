package io.ringside.xen.netfront.backend;

import io.ringside.xen.netfront.protocol.NetifGref;
import io.ringside.xen.netfront.protocol.NetifLimits;

/**
 * Which features a backend offers, and how much of each, so that each can be tried without.
 *
 * @param maxQueues most queues, 1 to 16
 * @param offers what the frontend may make use of
 * @param staticGrants most grants that are kept mapped for each queue, 0 to 512; 0 offers none
 * @param backlog how much may wait for the frontend to offer pages, and how long
 * @param eventBudget how many events without work a frontend has between two ticks or two packets
 */
public record NetbackOptions(
        int maxQueues, Offers offers, int staticGrants, Backlog backlog, int eventBudget) {
    private static final int USUAL_QUEUES = 8;
    private static final int USUAL_EVENT_BUDGET = 1024;

    /** Every feature, to the extent that Linux's backend has it, and kept grants besides. */
    public static final NetbackOptions FULL =
            new NetbackOptions(
                    USUAL_QUEUES,
                    Offers.ALL,
                    NetifGref.MAX_ENTRIES,
                    Backlog.USUAL,
                    USUAL_EVENT_BUDGET);

    /** No feature at all: one queue of packets of one piece, whole and with their checksums. */
    public static final NetbackOptions BARE =
            new NetbackOptions(1, Offers.NONE, 0, Backlog.USUAL, USUAL_EVENT_BUDGET);

    /** Refuses numbers that make no sense by {@link IllegalArgumentException}. */
    public NetbackOptions {
        if (maxQueues < 1
                || maxQueues > NetifLimits.QUEUES
                || staticGrants < 0
                || staticGrants > NetifGref.MAX_ENTRIES
                || eventBudget < 1) {
            throw new IllegalArgumentException(
                    "options out of range: maxQueues="
                            + maxQueues
                            + " staticGrants="
                            + staticGrants
                            + " eventBudget="
                            + eventBudget);
        }
    }

    /**
     * What the frontend may make use of.
     *
     * @param scatterGather packets of several pieces
     * @param gsoTcpIpv4 packets that are to be cut into TCP over IPv4
     * @param gsoTcpIpv6 packets that are to be cut into TCP over IPv6
     * @param ipv6Checksum packets over IPv6 whose checksum is still to be done
     * @param splitEventChannels two ports for each queue
     * @param multicastControl a list of the multicasts that the frontend wants
     * @param controlRing hashing as the frontend likes it
     * @param xdpHeadroom room before what is received
     */
    public record Offers(
            boolean scatterGather,
            boolean gsoTcpIpv4,
            boolean gsoTcpIpv6,
            boolean ipv6Checksum,
            boolean splitEventChannels,
            boolean multicastControl,
            boolean controlRing,
            boolean xdpHeadroom) {
        /** All of it. */
        public static final Offers ALL = new Offers(true, true, true, true, true, true, true, true);

        /** Nothing of it. */
        public static final Offers NONE =
                new Offers(false, false, false, false, false, false, false, false);
    }

    /**
     * What may wait in each queue until the frontend offers pages.
     *
     * @param packets most packets
     * @param bytes most bytes of them together, but one packet may wait however long it is
     * @param slots most slots that they need together, but one packet may wait in any case
     * @param drainNanos how long a packet may wait
     * @param drainWithoutNotifyNanos the same where the frontend does not notify when it offers
     * @param stallNanos after so long without enough slots a queue is given up until there are
     */
    public record Backlog(
            int packets,
            int bytes,
            int slots,
            long drainNanos,
            long drainWithoutNotifyNanos,
            long stallNanos) {
        private static final int USUAL_PACKETS = 256;
        private static final int USUAL_BYTES = 1 << 20;
        private static final int USUAL_SLOTS = 1024;
        private static final long NANOS_PER_MILLI = 1_000_000;

        /** The times of Linux's backend: 10 s, 30 ms, 60 s. */
        public static final Backlog USUAL =
                new Backlog(
                        USUAL_PACKETS,
                        USUAL_BYTES,
                        USUAL_SLOTS,
                        10_000 * NANOS_PER_MILLI,
                        30 * NANOS_PER_MILLI,
                        60_000 * NANOS_PER_MILLI);

        /** Refuses bounds below one by {@link IllegalArgumentException}. */
        public Backlog {
            if (packets < 1
                    || bytes < 1
                    || slots < 1
                    || drainNanos < 1
                    || drainWithoutNotifyNanos < 1
                    || stallNanos < 1) {
                throw new IllegalArgumentException(
                        "backlog out of range: packets=" + packets + " bytes=" + bytes);
            }
        }
    }

    /** The same with at most so many queues. */
    public NetbackOptions withMaxQueues(final int queues) {
        return new NetbackOptions(queues, offers, staticGrants, backlog, eventBudget);
    }

    /** The same with other features. */
    public NetbackOptions withOffers(final Offers newOffers) {
        return new NetbackOptions(maxQueues, newOffers, staticGrants, backlog, eventBudget);
    }

    /** The same with so many grants kept mapped for each queue. */
    public NetbackOptions withStaticGrants(final int grants) {
        return new NetbackOptions(maxQueues, offers, grants, backlog, eventBudget);
    }

    /** The same with other bounds of what waits. */
    public NetbackOptions withBacklog(final Backlog newBacklog) {
        return new NetbackOptions(maxQueues, offers, staticGrants, newBacklog, eventBudget);
    }

    /** The same with another budget of events without work. */
    public NetbackOptions withEventBudget(final int events) {
        return new NetbackOptions(maxQueues, offers, staticGrants, backlog, events);
    }
}
