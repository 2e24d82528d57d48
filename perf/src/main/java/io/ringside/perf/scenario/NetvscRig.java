package io.ringside.perf.scenario;

import io.ringside.device.guest.NetDevice;
import io.ringside.device.host.PacketPort;
import io.ringside.hypervisor.Trace;
import io.ringside.netvsc.backend.Netvsp;
import io.ringside.netvsc.backend.NetvspOptions;
import io.ringside.netvsc.frontend.Netvsc;
import io.ringside.netvsc.frontend.NetvscFeatures;
import io.ringside.netvsc.frontend.NetvscOptions;
import io.ringside.vmbus.protocol.Guid;
import org.agrona.concurrent.Agent;

/** Hyper-V's network pair: a guest of one processor with netvsc, and its host with netvsp. */
final class NetvscRig implements NetRig {
    private static final Guid CARD = new Guid(2, 0x0072_696e_6773_6964L);

    /** As many small frames as fill a section of the send buffer. */
    private static final int MOST_AGGREGATED = 64;

    private final Variant variant;
    private final VmbusPair pair;
    private final Netvsp netvsp;
    private final Netvsc netvsc;
    private final int queues;

    NetvscRig(
            final Variant variant,
            final NetScenario scenario,
            final PacketPort port,
            final long mac,
            final Timeline timeline) {
        this.variant = variant;
        queues = NetRigs.queues(variant, scenario);
        pair = new VmbusPair(NetRigs.guestFrames(scenario), scenario.costs(), timeline);
        final Halves halves = pair.halves();
        netvsp =
                new Netvsp(
                        pair.server(),
                        halves.guestMemory(),
                        CARD,
                        hostOptions(mac, scenario.tuning()),
                        port,
                        halves.backendDoorbell()::ring,
                        Trace.OFF);
        netvsc =
                new Netvsc(
                        pair.connect(),
                        halves.guestMemory(),
                        halves.guestFrames(),
                        options(scenario),
                        Trace.OFF);
        netvsc.receiveAll(); // A stream that is given has its own addresses.
        try {
            pair.stepUntil(() -> isReady() || netvsc.isClosed(), netvsc, netvsp);
        } catch (final Exception e) {
            throw new IllegalStateException("not connected: device=" + variant.name(), e);
        }
    }

    /** A host that takes as many frames in one message as the guest puts into one. */
    private NetvspOptions hostOptions(final long mac, final Tuning tuning) {
        final NetvspOptions options =
                NetvspOptions.DEFAULTS.withMacAddress(mac).withMtuBytes(NetRigs.MTU_BYTES);
        return options.withBatches(
                Math.max(options.packetsPerMessage(), aggregated(tuning)), options.heldFrames());
    }

    private int aggregated(final Tuning tuning) {
        return tuning.get(
                TuningKey.BATCH, variant.has(NetFeature.AGGREGATION) ? MOST_AGGREGATED : 1);
    }

    private NetvscOptions options(final NetScenario scenario) {
        final boolean offloads = variant.has(NetFeature.OFFLOADS);
        final Tuning tuning = scenario.tuning();
        return NetvscOptions.DEFAULTS
                .withFeatures(new NetvscFeatures(offloads, offloads, false, queues > 1, offloads))
                .withMtu(NetRigs.MTU_BYTES)
                .withSubChannels(queues - 1, 1)
                .withCopying(
                        tuning.get(
                                TuningKey.COPYBREAK,
                                variant.has(NetFeature.PAGES)
                                        ? 0
                                        : NetvscOptions.DEFAULTS.copyBytes()),
                        aggregated(tuning),
                        false)
                .withMemory(
                        tuning.get(TuningKey.RING_PAGES, NetvscOptions.DEFAULTS.ringPages()),
                        NetvscOptions.DEFAULTS.receiveBufferBytes(),
                        NetvscOptions.DEFAULTS.sendBufferBytes())
                .withPolling(scenario.wakeups() == WakeupMode.POLL);
    }

    @Override
    public String device() {
        return variant.name();
    }

    @Override
    public long frontendBytesCopied() {
        return netvsc.counters().copiedBytes();
    }

    /** Whatever the guest receives, the host has copied into its receive buffer. */
    @Override
    public long backendBytesCopied() {
        return netvsp.counters().bytesReceived();
    }

    @Override
    public NetDevice card() {
        return netvsc;
    }

    @Override
    public boolean isReady() {
        return netvsc.isReady() && netvsc.limits().queues() == queues;
    }

    @Override
    public Halves halves() {
        return pair.halves();
    }

    @Override
    public Agent frontend() {
        return pair.guestAgent(netvsc);
    }

    @Override
    public Agent backend() {
        return pair.hostAgent(netvsp);
    }

    @Override
    public void close() {
        netvsc.shutdown();
        pair.close(() -> netvsc.isFinished() && netvsp.inFlight() == 0, netvsc, netvsp);
    }
}
