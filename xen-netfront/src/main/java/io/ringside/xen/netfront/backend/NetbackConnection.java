package io.ringside.xen.netfront.backend;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;
import org.jspecify.annotations.Nullable;

/**
 * One connection: the queues of a frontend and its control ring, which share the network, the
 * credit, the filter and the frontend's event budget.
 *
 * <p>What arrives is taken in order and given to the queue that its hash leads to; what that queue
 * has no room for is lost, so that none waits for another. No more is taken than the emptiest queue
 * has room for. The queues are served in turn, and each time another one begins.
 *
 * <p>Threads: one, the backend's.
 */
final class NetbackConnection {
    private static final int ARRIVALS = 64;
    private static final int ADDRESS_BYTES = 6;

    private final VifState vif;
    private final PacketPort port;
    private final NetbackQueue[] queues;
    private final FrameMetadata hash = new FrameMetadata();
    private final PacketArrivals arrivals = this::arrived;
    private @Nullable ControlRing control;
    private int first;

    private NetbackConnection(final VifState vif, final int queueCount) {
        this.vif = vif;
        this.port = vif.services.port();
        this.queues = new NetbackQueue[queueCount];
    }

    /**
     * Maps the rings and binds the ports that a frontend has published.
     *
     * @return null if one of them is refused, which is counted; then none is mapped or bound
     */
    static @Nullable NetbackConnection open(final VifState vif) {
        final NetbackConnection connection = new NetbackConnection(vif, vif.keys.queues().size());
        for (int i = 0; i < connection.queues.length; i++) {
            final NetbackQueue queue = NetbackQueue.open(vif, vif.keys.queues().get(i));
            if (queue == null) {
                connection.closeFirst(i);
                return null;
            }
            connection.queues[i] = queue;
        }
        final FrontendKeys.Control keys = vif.keys.control();
        if (keys != null) {
            connection.control = ControlRing.open(vif, connection.queues, keys);
            if (connection.control == null) {
                connection.closeFirst(connection.queues.length);
                return null;
            }
        }
        return connection;
    }

    private void closeFirst(final int count) {
        for (int i = 0; i < count; i++) {
            queues[i].close();
        }
    }

    /** Serves every ring, a bounded part of what there is; answers how much. */
    int serve() {
        int work = control == null ? 0 : control.serve();
        work += takeArrivals();
        int next = first;
        for (int i = 0; i < queues.length; i++) {
            work += queues[next].serve();
            next = next + 1 == queues.length ? 0 : next + 1;
        }
        first = first + 1 == queues.length ? 0 : first + 1;
        return work;
    }

    /** While all queues are given up, what arrives is taken and lost, as without a link. */
    private int takeArrivals() {
        int room = 0;
        boolean allStalled = true;
        for (final NetbackQueue queue : queues) {
            room = Math.max(room, queue.room());
            allStalled &= queue.isStalled();
        }
        final int limit = allStalled ? ARRIVALS : Math.min(room, ARRIVALS);
        return limit == 0 ? 0 : port.take(arrivals, limit);
    }

    private void arrived(final Packet packet) {
        if (vif.multicasts.isActive() && !vif.multicasts.passes(destination(packet))) {
            vif.counters.multicastFiltered++;
            drop(packet);
        } else if (!queues[vif.hash.queue(packet, hash)].add(packet, hash)) {
            drop(packet);
        }
    }

    private void drop(final Packet packet) {
        vif.counters.receiveDropped++;
        port.giveBack(packet);
    }

    /** The first six bytes, which may be divided among pieces; 0 if there are fewer. */
    private static long destination(final Packet packet) {
        if (packet.totalBytes() < ADDRESS_BYTES) {
            return 0;
        }
        int segment = 0;
        int at = 0;
        long address = 0;
        for (int i = 0; i < ADDRESS_BYTES; i++) {
            while (at >= packet.segment(segment).capacity()) {
                at -= packet.segment(segment).capacity();
                segment++;
            }
            address = address << Byte.SIZE | packet.segment(segment).getByte(at) & 0xFF;
            at++;
        }
        return address;
    }

    /** Time has passed: a new period of the event budget begins, and what waits is looked at. */
    void tick(final long nowNanos) {
        vif.nowNanos = nowNanos;
        vif.budget.tick();
        for (final NetbackQueue queue : queues) {
            queue.tick();
        }
    }

    /** How much the frontend may send from now on. */
    void credit(final TransmitCredit credit) {
        vif.credit = credit;
    }

    /** Whether multicasts are held back from now on. */
    void filterMulticasts(final boolean wanted) {
        vif.multicasts.activate(wanted);
    }

    /** By how much what the frontend receives is moved from now on. */
    void headroom(final int headroomBytes) {
        if (headroomBytes != vif.headroomBytes) {
            for (final NetbackQueue queue : queues) {
                queue.headroomChanged();
            }
            vif.headroomBytes = headroomBytes;
        }
    }

    /** Why the connection must end, or null. */
    @Nullable NetbackRefusal fault() {
        for (final NetbackQueue queue : queues) {
            if (queue.fault() != null) {
                return queue.fault();
            }
        }
        return control != null && control.isBroken() ? NetbackRefusal.RING_INDEX : null;
    }

    /** Gives everything back, to the frontend and to the network. */
    void close() {
        if (control != null) {
            control.close();
        }
        closeFirst(queues.length);
    }
}
