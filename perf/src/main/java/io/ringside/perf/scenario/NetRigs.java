package io.ringside.perf.scenario;

import io.ringside.device.host.PacketPort;

/** Sets network cards up whole. */
public final class NetRigs {
    /** The card's address: locally administered. */
    public static final long GUEST_MAC = 0x02_00_00_00_00_01L;

    /** The address of whoever is on the wire. */
    public static final long WIRE_MAC = 0x02_00_00_00_00_02L;

    /** Most bytes behind the Ethernet header: jumbo frames, for every device but emulated ones. */
    public static final int MTU_BYTES = 9000;

    private static final int EMULATED_MTU_BYTES = 1500;
    private static final int ETHERNET_BYTES = 14;
    private static final int FRAMES_A_QUEUE = 8192;

    private NetRigs() {}

    /** One card before a port, not yet ready. */
    public static NetRig of(final Variant card, final NetScenario scenario, final PacketPort port) {
        return of(card, scenario, port, GUEST_MAC);
    }

    /** The same on another timeline. */
    public static NetRig of(
            final Variant card,
            final NetScenario scenario,
            final PacketPort port,
            final Timeline timeline) {
        return of(card, scenario, port, GUEST_MAC, timeline);
    }

    /** The same with another address. */
    static NetRig of(
            final Variant card, final NetScenario scenario, final PacketPort port, final long mac) {
        return of(card, scenario, port, mac, Timeline.WALL);
    }

    private static NetRig of(
            final Variant card,
            final NetScenario scenario,
            final PacketPort port,
            final long mac,
            final Timeline timeline) {
        return switch (card.device()) {
            case NetDevices.IDEAL -> new IdealRig(scenario, port, timeline);
            case NetDevices.RTL8139, NetDevices.E1000 ->
                    new NicRig(card, scenario, port, mac, timeline);
            case NetDevices.XEN_NETFRONT -> new NetfrontRig(card, scenario, port, mac, timeline);
            case NetDevices.NETVSC -> new NetvscRig(card, scenario, port, mac, timeline);
            default -> throw new IllegalArgumentException("no such card: device=" + card.device());
        };
    }

    /** Most bytes of a frame that a card carries, without the check sequence. */
    public static int mostFrameBytes(final Variant card) {
        final boolean isEmulated = NetDevices.isEmulated(card.device());
        return (isEmulated ? EMULATED_MTU_BYTES : MTU_BYTES) + ETHERNET_BYTES;
    }

    /** How many queues a card is given; an emulated one has one and no more. */
    public static int queues(final Variant card, final NetScenario scenario) {
        if (NetDevices.isEmulated(card.device())) {
            return 1;
        }
        return card.has(NetFeature.TWO_QUEUES) ? Math.max(2, scenario.queues()) : scenario.queues();
    }

    /** Frames of a guest's memory: the workload's buffers and the driver's. */
    static int guestFrames(final NetScenario scenario) {
        return FRAMES_A_QUEUE * (1 + scenario.queues());
    }
}
