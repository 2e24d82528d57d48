package io.ringside.perf.model;

import io.ringside.perf.costs.Band;
import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.scenario.NetDirection;
import io.ringside.perf.scenario.RunControl;

/**
 * Published results of network cards, next to what the model gives.
 *
 * <p>Threads: one.
 */
final class NetPredictions {
    private static final String RTL8139 = "rtl8139";
    private static final String E1000 = "e1000";
    private static final String NETFRONT = "xen-netfront";
    private static final int MTU_1500_FRAME = 1514;
    private static final int MTU_500_FRAME = 514;
    private static final int MTU_1500_PAYLOAD = 1448;
    private static final int MTU_500_PAYLOAD = 448;
    private static final int SHORTEST_FRAME = 60;
    private static final double MEGA = 1e6;

    private final RunControl control;

    NetPredictions(final RunControl control) {
        this.control = control;
    }

    private static double megabits(final double framesPerSecond, final int payloadBytes) {
        return framesPerSecond * payloadBytes * Byte.SIZE / MEGA;
    }

    /** TCP through Xen's pair and through an emulated card, 2003. */
    Prediction v1() throws Exception {
        final PredictionRow row = new PredictionRow(control);
        row.given("native, MTU 500, transmit: 602 Mb/s, 5.95 us of guest work a packet");
        row.given("native, MTU 500, receive: 544 Mb/s, 6.59 us of guest work a packet");
        for (final boolean isLong : new boolean[] {true, false}) {
            for (final NetDirection direction : NetDirection.values()) {
                v1(row, isLong, direction, true);
                v1(row, isLong, direction, false);
            }
        }
        return row.done(
                "V1",
                "ttcp over gigabit Ethernet, Xeon 2.4 GHz: Xen's pair, and VMware Workstation 3.2"
                        + " with an emulated card (Barham et al., SOSP 2003, table 6)",
                "xen-netfront, guest and host on one processor; rtl8139 for the pcnet32 of"
                        + " Workstation, of which two thirds of the accesses do not leave the"
                        + " monitor",
                "acknowledgements, and what TCP does about losses; the guest's work is that of"
                        + " short packets at both lengths; Xen 1 exchanged pages on receiving, here"
                        + " they are copied; its monitor translated binaries");
    }

    private static void v1(
            final PredictionRow row,
            final boolean isLong,
            final NetDirection direction,
            final boolean isXen)
            throws Exception {
        final boolean sends = direction == NetDirection.TX;
        final CostProfile profile = PredictionRow.profile(isXen ? "v1-xen1" : "v1-workstation3");
        final ModelSetup work = ModelSetup.CROSSINGS_ONLY.withWork(sends ? 5950 : 6590, 0);
        final double published;
        if (isXen) {
            published = isLong ? 897 : sends ? 516 : 467;
        } else if (isLong) {
            published = sends ? 291 : 615;
        } else {
            published = sends ? 101 : 137;
        }
        row.predict(
                (isXen ? "Xen" : "Workstation")
                        + ", MTU "
                        + (isLong ? 1500 : 500)
                        + (sends ? ", transmit" : ", receive"),
                "Mb/s",
                published,
                band ->
                        megabits(
                                row.net(
                                                isXen ? NETFRONT : RTL8139,
                                                direction,
                                                isLong ? MTU_1500_FRAME : MTU_500_FRAME,
                                                1,
                                                isXen ? work.withAllOn(1) : work,
                                                profile,
                                                band)
                                        .framesPerSecond(),
                                isLong ? MTU_1500_PAYLOAD : MTU_500_PAYLOAD));
    }

    /** What grant operations take from Xen's network pair, 2017. */
    Prediction v4() throws Exception {
        final PredictionRow row = new PredictionRow(control);
        row.given("transmit without grant operations: 2.49 million packets a second");
        row.given("receive without grant operations: 2.96 million packets a second");
        v4(row, NetDirection.TX, 2.49, 0.684);
        v4(row, NetDirection.RX, 2.96, 0.439);
        return row.done(
                "V4",
                "UDP of 64 bytes, one queue, Xeon E5-2630 v4 of 2.2 GHz, Linux 4.11 (Xen,"
                        + " docs/misc/netif-staging-grants, performance)",
                "xen-netfront; the work of the host is such that xen-netfront+staging gives the"
                        + " published rate without grant operations",
                "the kernel threads that a packet passes in the host, which buffers mapped"
                        + " beforehand leave out too, so that part of what is missing is no grant"
                        + " operation at all");
    }

    private static void v4(
            final PredictionRow row,
            final NetDirection direction,
            final double givenMillions,
            final double publishedMillions)
            throws Exception {
        final CostProfile profile = PredictionRow.profile("v4-netback");
        row.predict(
                direction == NetDirection.TX ? "transmit" : "receive",
                "Mpps",
                publishedMillions,
                band -> {
                    final long work =
                            PredictionRow.workFor(
                                    givenMillions * MEGA,
                                    nanos ->
                                            shortest(
                                                    row,
                                                    NETFRONT + "+staging",
                                                    direction,
                                                    nanos,
                                                    profile,
                                                    band));
                    return shortest(row, NETFRONT, direction, work, profile, band) / MEGA;
                });
    }

    private static double shortest(
            final PredictionRow row,
            final String card,
            final NetDirection direction,
            final long hostWorkNanos,
            final CostProfile profile,
            final Band band)
            throws Exception {
        return row.net(
                        card,
                        direction,
                        SHORTEST_FRAME,
                        0,
                        ModelSetup.CROSSINGS_ONLY.withWork(0, hostWorkNanos),
                        profile,
                        band)
                .framesPerSecond();
    }

    /** An emulated e1000 that sends, 2013. */
    Prediction v5() throws Exception {
        final PredictionRow row = new PredictionRow(control);
        row.given("native socket: about 1 million packets a second, 1 us of guest work a packet");
        row.given("a register access that the user-space monitor answers: 3.7 us");
        final CostProfile profile = PredictionRow.profile("v5-kvm2013");
        row.predict(
                "transmit",
                "kpps",
                100,
                band ->
                        row.net(
                                                E1000,
                                                NetDirection.TX,
                                                SHORTEST_FRAME,
                                                1,
                                                ModelSetup.CROSSINGS_ONLY.withWork(1000, 0),
                                                profile,
                                                band)
                                        .framesPerSecond()
                                / 1e3);
        return row.done(
                "V5",
                "short packets sent by an emulated e1000, QEMU and KVM (Rizzo, Lettieri and"
                        + " Maffione, ANCS 2013, second-hand)",
                "e1000",
                "what QEMU does with a packet behind its registers, and the thread that it does it"
                        + " on; how many packets an interrupt and a tail write serve");
    }

    /** An emulated rtl8139 that receives, 2010. */
    Prediction v6() throws Exception {
        final PredictionRow row = new PredictionRow(control);
        final CostProfile profile = PredictionRow.profile("v5-kvm2013");
        row.predict(
                "receive",
                "MB/s",
                36,
                band ->
                        row.net(
                                                RTL8139,
                                                NetDirection.RX,
                                                MTU_1500_FRAME,
                                                1,
                                                ModelSetup.CROSSINGS_ONLY,
                                                profile,
                                                band)
                                        .framesPerSecond()
                                * MTU_1500_PAYLOAD
                                / MEGA);
        return row.done(
                "V6",
                "wget of 256 MiB by an emulated rtl8139, KVM with TAP, 2010 (host processor not"
                        + " told, so a weak row)",
                "rtl8139",
                "all software: the guest's TCP and wget, the host's TAP; acknowledgements. The"
                        + " profile is of a machine three years newer");
    }

    /** What a device model in a domain of its own gains, 2008. */
    Prediction v9() throws Exception {
        final PredictionRow row = new PredictionRow(control);
        final CostProfile before = PredictionRow.profile("2006-xen3-hvm");
        final CostProfile after = PredictionRow.profile("v9-stub-domain");
        for (final NetDirection direction : NetDirection.values()) {
            row.predict(
                    direction == NetDirection.TX ? "transmit" : "receive",
                    "times",
                    2,
                    band ->
                            v9(row, direction, after, band)
                                    / v9(row, direction, before, Band.NOMINAL));
        }
        return row.done(
                "V9",
                "bandwidth of an emulated card with qemu-dm in a stub domain, as a multiple of that"
                        + " in domain 0, Xen 3.3 (Xen blog, 28 August 2008: \"doubles\")",
                "rtl8139; without any software beside, so that the ratio is that of the exits",
                "that domain 0 may not schedule qemu-dm at once; the band is that of the exit to"
                        + " the stub domain alone");
    }

    private static double v9(
            final PredictionRow row,
            final NetDirection direction,
            final CostProfile profile,
            final Band band)
            throws Exception {
        return row.net(
                        RTL8139,
                        direction,
                        MTU_1500_FRAME,
                        1,
                        ModelSetup.CROSSINGS_ONLY,
                        profile,
                        band)
                .framesPerSecond();
    }
}
