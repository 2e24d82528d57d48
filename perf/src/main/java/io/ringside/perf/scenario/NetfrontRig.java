package io.ringside.perf.scenario;

import io.ringside.device.guest.NetDevice;
import io.ringside.device.host.PacketPort;
import io.ringside.hypervisor.Trace;
import io.ringside.xen.netfront.backend.Netback;
import io.ringside.xen.netfront.backend.NetbackOptions;
import io.ringside.xen.netfront.backend.NetbackServices;
import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.frontend.NetfrontServices;
import io.ringside.xen.netfront.frontend.ReceivePages;
import io.ringside.xen.netfront.frontend.TransmitPages;
import io.ringside.xen.netfront.protocol.Wakeups;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.VifConfig;
import java.util.Locale;
import org.agrona.concurrent.Agent;

/** Xen's network pair: a guest with netfront, and domain 0 with netback. */
final class NetfrontRig implements NetRig {
    private static final int BACKEND_FRAMES = 16_384;

    /** Packets of several pieces, so that jumbo frames fit; nothing is left undone in a frame. */
    private static final NetOffloads PIECES = new NetOffloads(true, false, false, false, false);

    private final Variant variant;
    private final XenPair pair;
    private final VifConfig vif;
    private final Netfront netfront;
    private final Netback netback;
    private final DomainAgent frontend;
    private final DomainAgent backend;

    NetfrontRig(
            final Variant variant,
            final NetScenario scenario,
            final PacketPort port,
            final long mac,
            final Timeline timeline) {
        this.variant = variant;
        pair =
                new XenPair(
                        NetRigs.guestFrames(scenario), BACKEND_FRAMES, scenario.costs(), timeline);
        final Wakeups wakeups =
                scenario.wakeups() == WakeupMode.SLEEP ? Wakeups.ARMED : Wakeups.POLLED;
        final Halves halves = pair.halves();
        vif =
                new VifConfig(XenPair.GUEST, XenPair.HOST, 0, text(mac))
                        .withMtuBytes(NetRigs.MTU_BYTES);
        try {
            pair.tools().createVif(vif);
            netfront =
                    new Netfront(
                            XenbusDevice.ofFrontend(pair.guest().store(), vif.frontendPath()),
                            new NetfrontServices(
                                    halves.guestMemory(),
                                    halves.guestFrames(),
                                    pair.guest().grantTable(),
                                    pair.guest().eventChannels(),
                                    halves.frontendVcpu(),
                                    wakeups,
                                    Trace.OFF),
                            options(NetRigs.queues(variant, scenario), scenario.tuning()));
            netback =
                    new Netback(
                            XenbusDevice.ofBackend(pair.host().store(), vif.backendPath()),
                            new NetbackServices(
                                    pair.host().connectStore(),
                                    pair.host().memory(),
                                    pair.host().frames(),
                                    pair.host().grantMapper(),
                                    pair.host().grantCopier(),
                                    pair.host().eventChannels(),
                                    port,
                                    wakeups,
                                    Trace.OFF),
                            NetbackOptions.FULL);
        } catch (final XenStoreException e) {
            throw new IllegalStateException("the toolstack was refused: " + e.getMessage(), e);
        }
        netback.tick(
                halves.clock()
                        .nanoTime()); // Or the first packets would seem to have waited for ever.
        frontend = pair.guestAgent(netfront, netfront::tick);
        backend = pair.hostAgent(netback, () -> netback.tick(halves.clock().nanoTime()));
        port.wakeWith(halves.backendDoorbell()::ring);
    }

    private NetfrontOptions options(final int queues, final Tuning tuning) {
        NetfrontOptions options =
                NetfrontOptions.PLAIN
                        .withOffloads(variant.has(NetFeature.OFFLOADS) ? NetOffloads.ALL : PIECES)
                        .withQueues(queues)
                        .withHoldOff(
                                tuning.get(TuningKey.HOLD_OFF, NetfrontOptions.PLAIN.holdOff()))
                        .withReceiveBuffers(
                                tuning.get(
                                        TuningKey.RECEIVE_BUFFERS,
                                        NetfrontOptions.PLAIN.receiveBuffers()));
        if (variant.has(NetFeature.SPLIT)) {
            options = options.withSplitEventChannels(true);
        }
        if (variant.has(NetFeature.KEPT)) {
            options = options.withTransmitPages(TransmitPages.KEPT);
        }
        if (variant.has(NetFeature.REVOKED)) {
            options = options.withReceivePages(ReceivePages.REVOKED);
        }
        return variant.has(NetFeature.STAGING) ? options.withStaging(true) : options;
    }

    private static String text(final long address) {
        final StringBuilder text = new StringBuilder();
        for (int shift = 40; shift >= 0; shift -= Byte.SIZE) {
            text.append(text.isEmpty() ? "" : ":")
                    .append(String.format(Locale.ROOT, "%02x", address >>> shift & 0xFF));
        }
        return text.toString();
    }

    @Override
    public String device() {
        return variant.name();
    }

    /**
     * Copies that the hypervisor does are counted there; these are from and to pages kept mapped.
     */
    @Override
    public long backendBytesCopied() {
        return netback.counters().staticGrantBytes();
    }

    @Override
    public NetDevice card() {
        return netfront;
    }

    @Override
    public Halves halves() {
        return pair.halves();
    }

    @Override
    public Agent frontend() {
        return frontend;
    }

    @Override
    public Agent backend() {
        return backend;
    }

    @Override
    public void tick() {
        frontend.tick();
        backend.tick();
    }

    @Override
    public XenStoreServer xenStore() {
        return pair.xenStore();
    }

    @Override
    public void close() {
        netfront.shutdown();
        pair.close(
                frontend,
                backend,
                () -> netfront.isClosed() && netback.isClosed(),
                () -> pair.tools().removeVif(vif));
    }
}
