package io.ringside.xen.netfront.backend;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.host.Packet;
import io.ringside.ringbuf.xen.BackRing;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xen.netfront.protocol.RxResponse;
import io.ringside.xen.netfront.protocol.TxRequest;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantMapper;
import io.ringside.xenbus.grant.GrantMapper.RingMapping;
import org.jspecify.annotations.Nullable;

/**
 * One queue of a connected frontend: the ring on which it sends, the ring on which it receives, and
 * one port for both or one for each.
 *
 * <p>Threads: one, the backend's.
 */
final class NetbackQueue {
    private static final int NO_PORT = 0;

    // 1. Shared with the peer: both rings, the ports, and grants that it asked to keep mapped.

    private final RingMapping.Mapped transmitMapping;
    private final RingMapping.Mapped receiveMapping;
    private final BackRing transmitRing;
    private final BackRing receiveRing;
    private final int transmitPort;
    private final int receivePort;
    private final StaticGrants grants;

    // 2. Ours alone.

    private final VifState vif;
    private final EventChannels events;
    private final HostPages transmitPages;
    private final HostPages receivePages;
    private final TransmitRing transmit;
    private final ReceiveRing receive;

    /**
     * What a queue is made of, taken one after the other; what is there is given back on refusal.
     */
    private static final class Parts {
        private RingMapping.@Nullable Mapped transmitMapping;
        private RingMapping.@Nullable Mapped receiveMapping;
        private @Nullable HostPages transmitPages;
        private @Nullable HostPages receivePages;
        private int transmitPort = NO_PORT;
        private int receivePort = NO_PORT;

        private void giveBack(final EventChannels events) {
            closePort(events, transmitPort);
            closePort(events, receivePort);
            free(transmitPages);
            free(receivePages);
            unmap(transmitMapping);
            unmap(receiveMapping);
        }

        private static void closePort(final EventChannels events, final int port) {
            if (port > NO_PORT) {
                events.close(port);
            }
        }

        private static void free(final @Nullable HostPages pages) {
            if (pages != null) {
                pages.free();
            }
        }

        private static void unmap(final RingMapping.@Nullable Mapped mapping) {
            if (mapping != null) {
                mapping.unmap().run();
            }
        }
    }

    // 3. Connect.

    private NetbackQueue(
            final VifState vif,
            final RingMapping.Mapped transmitMapping,
            final RingMapping.Mapped receiveMapping,
            final HostPages transmitPages,
            final HostPages receivePages,
            final int transmitPort,
            final int receivePort) {
        this.vif = vif;
        this.events = vif.services.events();
        this.transmitMapping = transmitMapping;
        this.receiveMapping = receiveMapping;
        this.transmitPages = transmitPages;
        this.receivePages = receivePages;
        this.transmitPort = transmitPort;
        this.receivePort = receivePort;
        transmitRing = BackRing.attach(transmitMapping.pages().buffer(), TxRequest.BYTES);
        receiveRing = BackRing.attach(receiveMapping.pages().buffer(), RxResponse.BYTES);
        grants =
                new StaticGrants(
                        vif.services.mapper(),
                        vif.frontendDomain,
                        vif.counters,
                        vif.options.staticGrants());
        transmit = new TransmitRing(vif, transmitRing, transmitPages, grants);
        receive = new ReceiveRing(vif, receiveRing, receivePages, grants);
        if (receivePort == NO_PORT) {
            vif.budget.watch(transmitPort, () -> notified(transmit.notified() | hasPages()));
        } else {
            vif.budget.watch(transmitPort, () -> notified(transmit.notified()));
            vif.budget.watch(receivePort, () -> notified(hasPages()));
        }
    }

    /**
     * Maps the rings of a queue and binds its ports.
     *
     * @return null if something is refused, which is counted; then nothing is mapped or bound
     */
    static @Nullable NetbackQueue open(final VifState vif, final FrontendKeys.Queue keys) {
        final Parts parts = new Parts();
        final NetbackRefusal refusal = take(vif, keys, parts);
        final RingMapping.Mapped transmitMapping = parts.transmitMapping;
        final RingMapping.Mapped receiveMapping = parts.receiveMapping;
        final HostPages transmitPages = parts.transmitPages;
        final HostPages receivePages = parts.receivePages;
        if (refusal != null
                || transmitMapping == null
                || receiveMapping == null
                || transmitPages == null
                || receivePages == null) {
            vif.counters.refused(refusal == null ? NetbackRefusal.MEMORY : refusal);
            parts.giveBack(vif.services.events());
            return null;
        }
        return new NetbackQueue(
                vif,
                transmitMapping,
                receiveMapping,
                transmitPages,
                receivePages,
                parts.transmitPort,
                parts.receivePort);
    }

    private static @Nullable NetbackRefusal take(
            final VifState vif, final FrontendKeys.Queue keys, final Parts parts) {
        final NetbackServices services = vif.services;
        final GrantMapper mapper = services.mapper();
        parts.transmitMapping = map(mapper, vif.frontendDomain, keys.transmitReference());
        parts.receiveMapping = map(mapper, vif.frontendDomain, keys.receiveReference());
        if (parts.transmitMapping == null || parts.receiveMapping == null) {
            return NetbackRefusal.RING_PAGE;
        }
        final EventChannels events = services.events();
        parts.transmitPort = events.bindInterdomain(vif.frontendDomain, keys.transmitPort());
        if (parts.transmitPort > NO_PORT && keys.receivePort() != FrontendKeys.SAME_PORT) {
            parts.receivePort = events.bindInterdomain(vif.frontendDomain, keys.receivePort());
        }
        if (parts.transmitPort <= NO_PORT || parts.receivePort < NO_PORT) {
            return NetbackRefusal.PORT;
        }
        parts.transmitPages =
                HostPages.take(services.memory(), services.frames(), TransmitRing.FRAMES);
        parts.receivePages =
                HostPages.take(services.memory(), services.frames(), ReceiveRing.FRAMES);
        return null;
    }

    private static RingMapping.@Nullable Mapped map(
            final GrantMapper mapper, final int domain, final int reference) {
        return mapper.mapRing(domain, reference) instanceof RingMapping.Mapped mapped
                ? mapped
                : null;
    }

    private boolean hasPages() {
        return receive.notified();
    }

    /** Whether an event found something to do; if not, it is spent from the frontend's budget. */
    private boolean notified(final boolean found) {
        vif.counters.wakeups++;
        vif.counters.needlessWakeups += found ? 0 : 1;
        return found;
    }

    // 4. Take, then answer.

    /** How many more packets can wait for the frontend, if they are short enough. */
    int room() {
        return receive.room();
    }

    /** Takes a packet in for the frontend, or answers false: it is lost. */
    boolean add(final Packet packet, final FrameMetadata hash) {
        return packet.totalBytes() <= NetifLimits.MAX_PACKET_BYTES && receive.add(packet, hash);
    }

    /** Serves both rings, a bounded part of what there is; answers how much. */
    int serve() {
        final int work = receive.work() + transmit.work();
        if (fault() != null) {
            return work;
        }
        final boolean wakesTransmit = transmitRing.pushResponses();
        final boolean wakesReceive = receiveRing.pushResponses();
        if (wakesTransmit || (wakesReceive && receivePort == NO_PORT)) {
            kick(transmitPort);
        }
        if (wakesReceive && receivePort != NO_PORT) {
            kick(receivePort);
        }
        return work;
    }

    private void kick(final int port) {
        vif.counters.kicks++;
        events.send(port);
    }

    /** Looks at what waits, now that time has passed. */
    void tick() {
        receive.tick();
    }

    /** What the frontend receives is to be moved otherwise in its pages. */
    void headroomChanged() {
        receive.headroomChanged();
    }

    /** The grants that are kept mapped. */
    StaticGrants grants() {
        return grants;
    }

    /** Whether the frontend does not receive for want of pages. */
    boolean isStalled() {
        return receive.isStalled();
    }

    /** Why the connection must end, or null. */
    @Nullable NetbackRefusal fault() {
        return receive.isBroken() ? NetbackRefusal.RING_INDEX : transmit.fault();
    }

    // 5. Tear down, in reverse.

    /** Gives everything back, to the frontend and to the network. */
    void close() {
        receive.close();
        grants.close();
        closePort(transmitPort);
        if (receivePort != NO_PORT) {
            closePort(receivePort);
        }
        transmitPages.free();
        receivePages.free();
        transmitMapping.unmap().run();
        receiveMapping.unmap().run();
    }

    private void closePort(final int port) {
        vif.budget.forget(port);
        events.close(port);
    }
}
