package io.ringside.xen.netfront.frontend;

import io.ringside.xen.netfront.protocol.NetifLimits;
import org.jspecify.annotations.Nullable;

/**
 * What a frontend makes use of where its backend offers it, so that features can be switched one by
 * one. Whatever the backend does not offer is not used, whatever is asked for here.
 *
 * @param queues how many queues, at most, 1 to 16
 * @param splitEventChannels whether a queue has a port for each of its rings
 * @param offloads what is left to the other end
 * @param transmitPages whose pages packets are sent from
 * @param keptPages how many pages of callers stay granted in each queue where they do, 512 or more
 * @param receivePages whether the backend can write to a page that it has filled
 * @param receiveBuffers how many pages each queue has to receive into, 256 or more
 * @param receiveDepth how many received packets of one queue the workload may hold, 1 to 65535
 * @param distrustful whether every backend is treated as one that the toolstack says is not {@code
 *     trusted}: packets are {@link TransmitPages#COPIED} and pages {@link ReceivePages#REVOKED},
 *     and none is staged
 * @param hashing how the backend is to spread packets over the queues; null to leave it to it
 * @param staging whether the backend is asked to keep pages of ours mapped: packets are then {@link
 *     TransmitPages#COPIED} and pages {@link ReceivePages#REUSED}
 * @param multicastControl whether the backend is asked to hold multicasts back that nobody joined
 * @param xdpHeadroomBytes how many bytes it is asked to leave free before a packet, 0 to 32767
 * @param holdOff how many more slots that are sent must be answered before the backend wakes a
 *     frontend that sleeps, or as many as are in flight if they are fewer: 1 for each at once, 256
 *     at most, or {@link #HALF_IN_FLIGHT}. What is received is never held off: nobody knows how
 *     much will come
 */
public record NetfrontOptions(
        int queues,
        boolean splitEventChannels,
        NetOffloads offloads,
        TransmitPages transmitPages,
        int keptPages,
        ReceivePages receivePages,
        int receiveBuffers,
        int receiveDepth,
        boolean distrustful,
        @Nullable HashSettings hashing,
        boolean staging,
        boolean multicastControl,
        int xdpHeadroomBytes,
        int holdOff) {
    /** As a hold-off: half of what is in flight when the frontend goes to sleep, as in Linux. */
    public static final int HALF_IN_FLIGHT = 0;

    private static final int MIN_KEPT_PAGES = 2 * NetifLimits.TX_SLOTS;
    private static final int USUAL_RECEIVE_BUFFERS = 2 * NetifLimits.RX_SLOTS;

    /** One queue, one port, whole packets of one piece: what every backend has. */
    public static final NetfrontOptions PLAIN =
            new NetfrontOptions(
                    1,
                    false,
                    NetOffloads.NONE,
                    TransmitPages.LENT,
                    MIN_KEPT_PAGES,
                    ReceivePages.REUSED,
                    USUAL_RECEIVE_BUFFERS,
                    NetifLimits.RX_SLOTS,
                    false,
                    null,
                    false,
                    false,
                    0,
                    HALF_IN_FLIGHT);

    /** What Linux's own frontend does by itself on a guest of one processor. */
    public static final NetfrontOptions LINUX =
            PLAIN.withOffloads(NetOffloads.ALL)
                    .withSplitEventChannels(true)
                    .withReceivePages(ReceivePages.REVOKED);

    /** The quickest way of a packet: no grant of its own, and no page that a backend must map. */
    public static final NetfrontOptions FAST =
            PLAIN.withOffloads(NetOffloads.ALL)
                    .withSplitEventChannels(true)
                    .withTransmitPages(TransmitPages.KEPT);

    /** Refuses what is out of bounds. */
    public NetfrontOptions {
        check("queues", queues, 1, NetifLimits.QUEUES);
        check("keptPages", keptPages, MIN_KEPT_PAGES, Integer.MAX_VALUE);
        check("receiveBuffers", receiveBuffers, NetifLimits.RX_SLOTS, 0xffff);
        check("receiveDepth", receiveDepth, 1, 0xffff);
        check("xdpHeadroomBytes", xdpHeadroomBytes, 0, NetifLimits.MAX_XDP_HEADROOM_BYTES);
        check("holdOff", holdOff, HALF_IN_FLIGHT, NetifLimits.TX_SLOTS);
    }

    private static void check(final String name, final int value, final int least, final int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("option out of range: " + name + "=" + value);
        }
    }

    /** The same with at most so many queues. */
    public NetfrontOptions withQueues(final int newQueues) {
        return new NetfrontOptions(
                newQueues,
                splitEventChannels,
                offloads,
                transmitPages,
                keptPages,
                receivePages,
                receiveBuffers,
                receiveDepth,
                distrustful,
                hashing,
                staging,
                multicastControl,
                xdpHeadroomBytes,
                holdOff);
    }

    /** The same with two ports for each queue, or one. */
    public NetfrontOptions withSplitEventChannels(final boolean newSplitEventChannels) {
        return new NetfrontOptions(
                queues,
                newSplitEventChannels,
                offloads,
                transmitPages,
                keptPages,
                receivePages,
                receiveBuffers,
                receiveDepth,
                distrustful,
                hashing,
                staging,
                multicastControl,
                xdpHeadroomBytes,
                holdOff);
    }

    /** The same with other offloads. */
    public NetfrontOptions withOffloads(final NetOffloads newOffloads) {
        return new NetfrontOptions(
                queues,
                splitEventChannels,
                newOffloads,
                transmitPages,
                keptPages,
                receivePages,
                receiveBuffers,
                receiveDepth,
                distrustful,
                hashing,
                staging,
                multicastControl,
                xdpHeadroomBytes,
                holdOff);
    }

    /** The same with packets sent from other pages. */
    public NetfrontOptions withTransmitPages(final TransmitPages newTransmitPages) {
        return new NetfrontOptions(
                queues,
                splitEventChannels,
                offloads,
                newTransmitPages,
                keptPages,
                receivePages,
                receiveBuffers,
                receiveDepth,
                distrustful,
                hashing,
                staging,
                multicastControl,
                xdpHeadroomBytes,
                holdOff);
    }

    /** The same with at most so many pages of callers granted. */
    public NetfrontOptions withKeptPages(final int newKeptPages) {
        return new NetfrontOptions(
                queues,
                splitEventChannels,
                offloads,
                transmitPages,
                newKeptPages,
                receivePages,
                receiveBuffers,
                receiveDepth,
                distrustful,
                hashing,
                staging,
                multicastControl,
                xdpHeadroomBytes,
                holdOff);
    }

    /** The same with pages that are reused, or revoked. */
    public NetfrontOptions withReceivePages(final ReceivePages newReceivePages) {
        return new NetfrontOptions(
                queues,
                splitEventChannels,
                offloads,
                transmitPages,
                keptPages,
                newReceivePages,
                receiveBuffers,
                receiveDepth,
                distrustful,
                hashing,
                staging,
                multicastControl,
                xdpHeadroomBytes,
                holdOff);
    }

    /** The same with so many pages to receive into. */
    public NetfrontOptions withReceiveBuffers(final int newReceiveBuffers) {
        return new NetfrontOptions(
                queues,
                splitEventChannels,
                offloads,
                transmitPages,
                keptPages,
                receivePages,
                newReceiveBuffers,
                receiveDepth,
                distrustful,
                hashing,
                staging,
                multicastControl,
                xdpHeadroomBytes,
                holdOff);
    }

    /** The same with so many packets that the workload may hold. */
    public NetfrontOptions withReceiveDepth(final int newReceiveDepth) {
        return new NetfrontOptions(
                queues,
                splitEventChannels,
                offloads,
                transmitPages,
                keptPages,
                receivePages,
                receiveBuffers,
                newReceiveDepth,
                distrustful,
                hashing,
                staging,
                multicastControl,
                xdpHeadroomBytes,
                holdOff);
    }

    /** The same with trust in backends, or without. */
    public NetfrontOptions withDistrustful(final boolean newDistrustful) {
        return new NetfrontOptions(
                queues,
                splitEventChannels,
                offloads,
                transmitPages,
                keptPages,
                receivePages,
                receiveBuffers,
                receiveDepth,
                newDistrustful,
                hashing,
                staging,
                multicastControl,
                xdpHeadroomBytes,
                holdOff);
    }

    /** The same with packets spread by a hash, or not. */
    public NetfrontOptions withHashing(final @Nullable HashSettings newHashing) {
        return new NetfrontOptions(
                queues,
                splitEventChannels,
                offloads,
                transmitPages,
                keptPages,
                receivePages,
                receiveBuffers,
                receiveDepth,
                distrustful,
                newHashing,
                staging,
                multicastControl,
                xdpHeadroomBytes,
                holdOff);
    }

    /** The same with pages that the backend keeps mapped, or without. */
    public NetfrontOptions withStaging(final boolean newStaging) {
        return new NetfrontOptions(
                queues,
                splitEventChannels,
                offloads,
                transmitPages,
                keptPages,
                receivePages,
                receiveBuffers,
                receiveDepth,
                distrustful,
                hashing,
                newStaging,
                multicastControl,
                xdpHeadroomBytes,
                holdOff);
    }

    /** The same with multicasts held back, or not. */
    public NetfrontOptions withMulticastControl(final boolean newMulticastControl) {
        return new NetfrontOptions(
                queues,
                splitEventChannels,
                offloads,
                transmitPages,
                keptPages,
                receivePages,
                receiveBuffers,
                receiveDepth,
                distrustful,
                hashing,
                staging,
                newMulticastControl,
                xdpHeadroomBytes,
                holdOff);
    }

    /** The same with so many bytes free before each packet. */
    public NetfrontOptions withXdpHeadroomBytes(final int newXdpHeadroomBytes) {
        return new NetfrontOptions(
                queues,
                splitEventChannels,
                offloads,
                transmitPages,
                keptPages,
                receivePages,
                receiveBuffers,
                receiveDepth,
                distrustful,
                hashing,
                staging,
                multicastControl,
                newXdpHeadroomBytes,
                holdOff);
    }

    /** The same, woken for so many answers at a time. */
    public NetfrontOptions withHoldOff(final int newHoldOff) {
        return new NetfrontOptions(
                queues,
                splitEventChannels,
                offloads,
                transmitPages,
                keptPages,
                receivePages,
                receiveBuffers,
                receiveDepth,
                distrustful,
                hashing,
                staging,
                multicastControl,
                xdpHeadroomBytes,
                newHoldOff);
    }
}
