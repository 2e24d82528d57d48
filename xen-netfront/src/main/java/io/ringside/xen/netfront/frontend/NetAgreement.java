package io.ringside.xen.netfront.frontend;

import io.ringside.device.guest.NetLimits;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.netfront.protocol.MacAddress;
import io.ringside.xen.netfront.protocol.NetKeys;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xenbus.device.XenbusDevice;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What two ends agree on for one connection: as much as both know.
 *
 * <p>An offer that is no number is refused and counted, and means the same as none.
 *
 * @param macAddress the address of the card
 * @param mtuBytes most bytes behind the Ethernet header
 * @param queues how many queues
 * @param namesQueues whether the backend wants to be told how many
 * @param splitEventChannels whether each ring has its own port
 * @param offloads what the backend takes from us
 * @param transmitPages whose pages packets are sent from
 * @param receivePages whether the backend can write to a page that it has filled
 * @param controlRing whether there is a control ring
 * @param staging whether pages of ours are to stay mapped
 * @param multicastControl whether the backend can hold multicasts back
 * @param dynamicMulticastControl whether it may be told to while it is connected
 * @param xdpHeadroom whether bytes before a packet can be asked for
 */
record NetAgreement(
        long macAddress,
        int mtuBytes,
        int queues,
        boolean namesQueues,
        boolean splitEventChannels,
        NetOffloads offloads,
        TransmitPages transmitPages,
        ReceivePages receivePages,
        boolean controlRing,
        boolean staging,
        boolean multicastControl,
        boolean dynamicMulticastControl,
        boolean xdpHeadroom) {
    private static final String ON = "1";
    private static final String OFF = "0";
    private static final int MIN_MTU_BYTES = 68;
    private static final int HEADER_BYTES = 18; // With a VLAN tag.

    /**
     * Reads what the backend offers, and what the toolstack says.
     *
     * @return null if there can be no network: the backend cannot copy, or there is no address
     */
    static @Nullable NetAgreement read(
            final XenbusDevice device, final Kit kit, final NetfrontSettings settings) {
        final long macAddress = MacAddress.parse(device.ownText(NetKeys.MAC));
        if (macAddress == MacAddress.NONE || !offers(device, kit, NetKeys.FEATURE_RX_COPY)) {
            return null;
        }
        final NetfrontOptions options = kit.options();
        final NetOffloads offloads = offloads(device, kit);
        final boolean trusted =
                !OFF.equals(device.ownText(NetKeys.TRUSTED)) && !options.distrustful();
        final boolean controlRing =
                (settings.hashing() != null || options.queues() > 1 || options.staging() && trusted)
                        && offers(device, kit, NetKeys.FEATURE_CTRL_RING);
        final boolean staging = controlRing && options.staging() && trusted;
        final boolean multicast = offers(device, kit, NetKeys.FEATURE_MULTICAST_CONTROL);
        return new NetAgreement(
                macAddress,
                mtuBytes(device, offloads),
                Math.max(1, Math.min(options.queues(), offeredQueues(device, kit))),
                device.readText(NetKeys.MAX_QUEUES) != null,
                options.splitEventChannels()
                        && offers(device, kit, NetKeys.FEATURE_SPLIT_EVENT_CHANNELS),
                offloads,
                staging || !trusted ? TransmitPages.COPIED : options.transmitPages(),
                receivePages(options, staging, trusted),
                controlRing,
                staging,
                multicast,
                multicast && offers(device, kit, NetKeys.FEATURE_DYNAMIC_MULTICAST_CONTROL),
                offers(device, kit, NetKeys.FEATURE_XDP_HEADROOM));
    }

    private static NetOffloads offloads(final XenbusDevice device, final Kit kit) {
        final NetOffloads ours = kit.options().offloads();
        return new NetOffloads(
                ours.scatterGather() && offers(device, kit, NetKeys.FEATURE_SG),
                ours.checksumIpv4(), // No backend can refuse it.
                ours.checksumIpv6() && offers(device, kit, NetKeys.FEATURE_IPV6_CSUM_OFFLOAD),
                ours.segmentsTcpIpv4() && offers(device, kit, NetKeys.FEATURE_GSO_TCPV4),
                ours.segmentsTcpIpv6() && offers(device, kit, NetKeys.FEATURE_GSO_TCPV6));
    }

    private static boolean offers(final XenbusDevice device, final Kit kit, final String key) {
        return offer(device, kit, key, 0, 1) == 1;
    }

    private static int offeredQueues(final XenbusDevice device, final Kit kit) {
        return offer(device, kit, NetKeys.MAX_QUEUES, 1, Integer.MAX_VALUE);
    }

    private static int offer(
            final XenbusDevice device,
            final Kit kit,
            final String key,
            final int absent,
            final int max) {
        final int offered = device.readInt(key, absent, max);
        if (offered == XenbusDevice.REFUSED) {
            kit.counters().refused(NetfrontRefusal.OFFER);
            return absent;
        }
        return offered;
    }

    /**
     * What the toolstack says, if it makes sense; more than usual only where packets may be cut.
     */
    private static int mtuBytes(final XenbusDevice device, final NetOffloads offloads) {
        final String text = device.ownText(NetKeys.MTU);
        if (text == null) {
            return NetifLimits.DEFAULT_MTU_BYTES;
        }
        final int most =
                offloads.scatterGather()
                        ? NetifLimits.MAX_PACKET_BYTES - HEADER_BYTES
                        : NetifLimits.DEFAULT_MTU_BYTES;
        final long told = text.matches("[0-9]{1,9}") ? Long.parseLong(text) : -1;
        if (told < MIN_MTU_BYTES) {
            return NetifLimits.DEFAULT_MTU_BYTES;
        }
        return (int) Math.min(told, most);
    }

    private static ReceivePages receivePages(
            final NetfrontOptions options, final boolean staging, final boolean trusted) {
        if (!trusted) {
            return ReceivePages.REVOKED;
        }
        return staging ? ReceivePages.REUSED : options.receivePages();
    }

    /** What the users of the card are told. */
    NetLimits limits(final NetfrontOptions options, final boolean hashes) {
        final boolean cuts = offloads.segmentsTcpIpv4() || offloads.segmentsTcpIpv6();
        final boolean copied = transmitPages == TransmitPages.COPIED;
        return new NetLimits(
                queues,
                NetifLimits.TX_SLOTS,
                options.receiveDepth(),
                offloads.scatterGather() || copied ? NetifLimits.PACKET_SLOTS : 1,
                GuestMemory.PAGE_BYTES,
                cuts ? NetifLimits.MAX_PACKET_BYTES : mtuBytes + HEADER_BYTES,
                offloads.checksumIpv4(),
                offloads.checksumIpv6(),
                offloads.segmentsTcpIpv4(),
                offloads.segmentsTcpIpv6(),
                false,
                hashes);
    }

    /** Most bytes of a packet that stays whole. */
    int maxWholeBytes() {
        return mtuBytes + HEADER_BYTES;
    }

    /**
     * Tells the backend of our rings and of what we take from it, and takes away what an earlier
     * connection told.
     *
     * @return whether the store took it
     */
    boolean publish(
            final XenbusDevice device,
            final Shares shares,
            final NetOffloads taken,
            final NetfrontSettings settings) {
        final LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        final QueueShare[] rings = shares.queues();
        if (namesQueues) {
            keys.put(NetKeys.NUM_QUEUES, Integer.toString(queues));
        }
        for (int i = 0; i < rings.length; i++) {
            putQueue(keys, rings.length == 1 ? "" : NetKeys.queue(i) + "/", rings[i]);
        }
        final ControlShare control = shares.control();
        if (control != null) {
            keys.put(NetKeys.CTRL_RING_REF, Integer.toString(control.reference()));
            keys.put(NetKeys.EVENT_CHANNEL_CTRL, Integer.toString(control.port()));
        }
        keys.put(NetKeys.REQUEST_RX_COPY, ON);
        keys.put(NetKeys.FEATURE_RX_NOTIFY, ON);
        keys.put(NetKeys.FEATURE_SG, flag(taken.scatterGather()));
        keys.put(NetKeys.FEATURE_GSO_TCPV4, flag(taken.segmentsTcpIpv4()));
        keys.put(NetKeys.FEATURE_GSO_TCPV6, flag(taken.segmentsTcpIpv6()));
        keys.put(NetKeys.FEATURE_NO_CSUM_OFFLOAD, flag(!taken.checksumIpv4()));
        keys.put(NetKeys.FEATURE_IPV6_CSUM_OFFLOAD, flag(taken.checksumIpv6()));
        putMulticastFilter(keys, settings);
        if (xdpHeadroom) {
            putHeadroom(keys, settings);
        }
        return device.writeAll(keys, StaleKeys.beside(device, keys));
    }

    private void putMulticastFilter(
            final LinkedHashMap<String, String> keys, final NetfrontSettings settings) {
        keys.put(
                NetKeys.REQUEST_MULTICAST_CONTROL,
                flag(multicastControl && settings.filtersMulticasts()));
    }

    private static void putHeadroom(
            final LinkedHashMap<String, String> keys, final NetfrontSettings settings) {
        keys.put(NetKeys.XDP_HEADROOM, Integer.toString(settings.xdpHeadroomBytes()));
    }

    /** Tells the backend anew whether multicasts are to be held back. */
    boolean publishFilter(final XenbusDevice device, final NetfrontSettings settings) {
        final LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        putMulticastFilter(keys, settings);
        return device.writeAll(keys);
    }

    /** Tells the backend anew how much headroom is wanted; it looks when it is told to. */
    boolean publishHeadroom(final XenbusDevice device, final NetfrontSettings settings) {
        final LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        putHeadroom(keys, settings);
        return device.writeAll(keys);
    }

    private static void putQueue(
            final LinkedHashMap<String, String> keys,
            final String directory,
            final QueueShare queue) {
        keys.put(directory + NetKeys.TX_RING_REF, Integer.toString(queue.transmitReference()));
        keys.put(directory + NetKeys.RX_RING_REF, Integer.toString(queue.receiveReference()));
        if (queue.isSplit()) {
            keys.put(directory + NetKeys.EVENT_CHANNEL_TX, Integer.toString(queue.transmitPort()));
            keys.put(directory + NetKeys.EVENT_CHANNEL_RX, Integer.toString(queue.receivePort()));
        } else {
            keys.put(directory + NetKeys.EVENT_CHANNEL, Integer.toString(queue.transmitPort()));
        }
    }

    private static String flag(final boolean on) {
        return on ? ON : OFF;
    }
}
