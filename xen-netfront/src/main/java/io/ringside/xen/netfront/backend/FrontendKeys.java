package io.ringside.xen.netfront.backend;

import io.ringside.xen.netfront.protocol.NetKeys;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xenbus.device.XenbusDevice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a frontend has published: each key is read once, and what makes no sense is refused as a
 * whole. What was not offered is not read.
 *
 * @param takes what it takes of what is sent to it
 * @param rxNotify whether it notifies when it offers pages
 * @param multicastControl whether multicasts are to be held back
 * @param headroomBytes by how much what it receives is to be moved
 * @param control its control ring, if it has one
 * @param queues 1 to as many as were offered
 */
record FrontendKeys(
        Takes takes,
        boolean rxNotify,
        boolean multicastControl,
        int headroomBytes,
        @Nullable Control control,
        List<Queue> queues) {
    /** The port of the ring on which the frontend receives is that of the other ring. */
    static final int SAME_PORT = 0;

    /**
     * Most headroom that is granted. The protocol can name eight pages of it, but it is taken from
     * each page, which has 4096 bytes: with more than this, 18 pages, which is what everybody takes
     * of one packet, would not hold a frame of 1518 bytes three times over.
     */
    static final int MAX_HEADROOM_BYTES = 3840;

    private static final int MAX_REFERENCE = Integer.MAX_VALUE;
    private static final int MAX_PORT = Integer.MAX_VALUE;

    /**
     * What a frontend takes of what is sent to it.
     *
     * @param scatterGather packets of several pieces
     * @param gsoTcpIpv4 packets that are to be cut into TCP over IPv4; never without {@code
     *     scatterGather}, or no packet is long enough, and {@code checksumIpv4}, since who cuts
     *     does the checksums
     * @param gsoTcpIpv6 packets that are to be cut into TCP over IPv6; never without {@code
     *     scatterGather} and {@code checksumIpv6}
     * @param checksumIpv4 packets over IPv4 whose checksum is still to be done
     * @param checksumIpv6 packets over IPv6 whose checksum is still to be done
     */
    record Takes(
            boolean scatterGather,
            boolean gsoTcpIpv4,
            boolean gsoTcpIpv6,
            boolean checksumIpv4,
            boolean checksumIpv6) {
        /** Leaves cutting out where what it takes is missing. */
        Takes {
            gsoTcpIpv4 &= scatterGather & checksumIpv4;
            gsoTcpIpv6 &= scatterGather & checksumIpv6;
        }
    }

    /**
     * The control ring.
     *
     * @param reference the grant of its page
     * @param port the frontend's port
     */
    record Control(int reference, int port) {}

    /**
     * One queue.
     *
     * @param transmitReference the grant of the ring on which the frontend sends
     * @param receiveReference the grant of the ring on which it receives
     * @param transmitPort the frontend's port
     * @param receivePort the frontend's second port, or {@link #SAME_PORT}
     */
    record Queue(int transmitReference, int receiveReference, int transmitPort, int receivePort) {}

    /** Reads them, or answers null for what cannot be. */
    static @Nullable FrontendKeys read(
            final XenbusDevice device, final NetbackOptions.Offers offers, final int maxQueues) {
        final Flags flags = new Flags(device);
        final boolean copies = flags.read(NetKeys.REQUEST_RX_COPY);
        final Takes takes =
                new Takes(
                        flags.read(NetKeys.FEATURE_SG),
                        flags.read(NetKeys.FEATURE_GSO_TCPV4),
                        flags.read(NetKeys.FEATURE_GSO_TCPV6),
                        !flags.read(NetKeys.FEATURE_NO_CSUM_OFFLOAD),
                        flags.read(NetKeys.FEATURE_IPV6_CSUM_OFFLOAD));
        final boolean notifies = flags.read(NetKeys.FEATURE_RX_NOTIFY);
        final boolean filters = flags.read(NetKeys.REQUEST_MULTICAST_CONTROL);
        final int headroom = offers.xdpHeadroom() ? readHeadroom(device) : 0;
        final int queueCount = device.readInt(NetKeys.NUM_QUEUES, 1, maxQueues);
        final boolean hasControl =
                offers.controlRing() && device.readText(NetKeys.CTRL_RING_REF) != null;
        final Control control = hasControl ? readControl(device) : null;
        if (flags.refused
                || !copies
                || headroom == XenbusDevice.REFUSED
                || queueCount < 1
                || hasControl != (control != null)) {
            return null;
        }
        final List<Queue> queues = new ArrayList<>();
        for (int i = 0; i < queueCount; i++) {
            final String directory = queueCount == 1 ? "" : NetKeys.queue(i) + "/";
            final Queue queue = readQueue(device, directory, offers.splitEventChannels());
            if (queue == null) {
                return null;
            }
            queues.add(queue);
        }
        return new FrontendKeys(
                takes, notifies, filters && offers.multicastControl(), headroom, control, queues);
    }

    /**
     * By how much what is received is to be moved, which may change while the two are connected.
     *
     * @return that many bytes, or {@link XenbusDevice#REFUSED}
     */
    static int readHeadroom(final XenbusDevice device) {
        final int headroom =
                device.readInt(NetKeys.XDP_HEADROOM, 0, NetifLimits.MAX_XDP_HEADROOM_BYTES);
        return headroom > MAX_HEADROOM_BYTES ? XenbusDevice.REFUSED : headroom;
    }

    private static @Nullable Control readControl(final XenbusDevice device) {
        final int reference =
                device.readInt(NetKeys.CTRL_RING_REF, XenbusDevice.REFUSED, MAX_REFERENCE);
        final int port = device.readInt(NetKeys.EVENT_CHANNEL_CTRL, XenbusDevice.REFUSED, MAX_PORT);
        return reference < 0 || port < 0 ? null : new Control(reference, port);
    }

    private static @Nullable Queue readQueue(
            final XenbusDevice device, final String directory, final boolean maySplit) {
        final int transmit =
                device.readInt(
                        directory + NetKeys.TX_RING_REF, XenbusDevice.REFUSED, MAX_REFERENCE);
        final int receive =
                device.readInt(
                        directory + NetKeys.RX_RING_REF, XenbusDevice.REFUSED, MAX_REFERENCE);
        final boolean split =
                maySplit && device.readText(directory + NetKeys.EVENT_CHANNEL_TX) != null;
        final int transmitPort =
                device.readInt(
                        directory + (split ? NetKeys.EVENT_CHANNEL_TX : NetKeys.EVENT_CHANNEL),
                        XenbusDevice.REFUSED,
                        MAX_PORT);
        final int receivePort =
                split
                        ? device.readInt(
                                directory + NetKeys.EVENT_CHANNEL_RX,
                                XenbusDevice.REFUSED,
                                MAX_PORT)
                        : SAME_PORT;
        if (transmit < 0
                || receive < 0
                || transmitPort <= 0
                || receivePort < 0
                || (split && receivePort == SAME_PORT)) {
            return null;
        }
        return new Queue(transmit, receive, transmitPort, receivePort);
    }

    /** Features of 0 or 1, and whether one of them was neither. */
    private static final class Flags {
        private final XenbusDevice device;
        private boolean refused;

        Flags(final XenbusDevice device) {
            this.device = device;
        }

        boolean read(final String key) {
            final int value = device.readInt(key, 0, 1);
            refused |= value == XenbusDevice.REFUSED;
            return value == 1;
        }
    }
}
