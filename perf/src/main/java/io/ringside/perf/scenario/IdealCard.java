package io.ringside.perf.scenario;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A card without a hypervisor: frames go from thread to thread by queues of references, and the
 * host reads and writes the guest's memory as its own. It crosses nothing, so it bounds what any
 * pair can reach with this workload.
 *
 * <p>Threads: the device and {@link #frontend} belong to the guest's, {@link #backend} to the
 * host's.
 */
final class IdealCard implements NetDevice {
    private static final int DEPTH = 256;
    private static final int BURST = 64;
    private static final int SLOT_PAGES = 4;
    private static final int SLOT_BYTES = SLOT_PAGES * GuestMemory.PAGE_BYTES;
    private static final int MAX_SEGMENTS = SLOT_PAGES + 1;

    private final Halves halves;
    private final Queue[] queues;
    private NetCompletions completions = new Nobody();

    IdealCard(final Halves halves, final PacketPort port, final int queueCount) {
        this.halves = halves;
        this.queues = new Queue[queueCount];
        for (int i = 0; i < queueCount; i++) {
            queues[i] = new Queue(i, port);
        }
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public NetLimits limits() {
        return new NetLimits(
                queues.length,
                DEPTH,
                DEPTH,
                MAX_SEGMENTS,
                GuestMemory.PAGE_BYTES,
                SLOT_BYTES,
                false,
                false,
                false,
                false,
                false,
                false);
    }

    @Override
    public long macAddress() {
        return NetRigs.GUEST_MAC;
    }

    @Override
    public int mtuBytes() {
        return NetRigs.MTU_BYTES;
    }

    @Override
    public boolean isLinkUp() {
        return true;
    }

    @Override
    public void completionsTo(final NetCompletions newCompletions) {
        completions = newCompletions;
    }

    @Override
    public boolean submit(final int queue, final NetFrame frame) {
        return queues[queue].toHost.offer(frame);
    }

    @Override
    public void giveBack(final NetFrame frame) {
        final int queue = frame.tag() / DEPTH;
        if (!queues[queue].empty.offer(frame)) {
            throw new IllegalArgumentException("not lent: tag=" + frame.tag());
        }
    }

    @Override
    public void commit() {
        halves.backendDoorbell().ring();
    }

    Agent frontend() {
        return new Half("ideal-guest") {
            @Override
            int work(final Queue queue) {
                return queue.complete();
            }
        };
    }

    Agent backend() {
        return new Half("ideal-host") {
            @Override
            int work(final Queue queue) {
                final int work = queue.send() + queue.receive();
                if (work > 0) {
                    halves.frontendDoorbell().ring();
                }
                return work;
            }
        };
    }

    /** One side's thread: each queue in turn. */
    private abstract class Half implements Agent {
        private final String name;

        private Half(final String name) {
            this.name = name;
        }

        abstract int work(Queue queue);

        @Override
        public int doWork() {
            int work = 0;
            for (final Queue queue : queues) {
                work += work(queue);
            }
            return work;
        }

        @Override
        public String roleName() {
            return name;
        }
    }

    /** Four queues of references: two each way. */
    private final class Queue implements PacketArrivals {
        private final OneToOneConcurrentArrayQueue<NetFrame> toHost =
                new OneToOneConcurrentArrayQueue<>(DEPTH);
        private final OneToOneConcurrentArrayQueue<NetFrame> sent =
                new OneToOneConcurrentArrayQueue<>(DEPTH);
        private final OneToOneConcurrentArrayQueue<NetFrame> empty =
                new OneToOneConcurrentArrayQueue<>(DEPTH);
        private final OneToOneConcurrentArrayQueue<NetFrame> filled =
                new OneToOneConcurrentArrayQueue<>(DEPTH);
        private final long[] addresses = new long[DEPTH];
        private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        private final Packet packet = new Packet(MAX_SEGMENTS, 0);
        private final PacketPort port;
        private final int number;
        private int received;

        private Queue(final int number, final PacketPort port) {
            this.number = number;
            this.port = port;
            for (int i = 0; i < DEPTH; i++) {
                addresses[i] =
                        (long) halves.guestFrames().allocate(SLOT_PAGES) << GuestMemory.PAGE_SHIFT;
                final NetFrame frame = new NetFrame(SLOT_PAGES);
                frame.tag(number * DEPTH + i);
                empty.offer(frame);
            }
        }

        /** The host's: what was submitted leaves by the port, as far as that takes it. */
        private int send() {
            int count = 0;
            NetFrame frame = toHost.peek();
            while (frame != null && count < BURST && sent.remainingCapacity() > 0) {
                packet.reset();
                for (int i = 0; i < frame.segmentCount(); i++) {
                    halves.guestMemory().wrap(view, frame.segmentAddress(i), frame.segmentBytes(i));
                    packet.add(view, 0, view.capacity());
                }
                packet.metadata().copyFrom(frame.metadata());
                if (!port.send(packet)) {
                    break;
                }
                sent.offer(frame);
                toHost.poll();
                frame = toHost.peek();
                count++;
            }
            return count;
        }

        /** The host's: what has arrived fills the buffers that there are, the first queue first. */
        private int receive() {
            received = 0;
            port.take(this, Math.min(BURST, empty.size()));
            return received;
        }

        @Override
        public void arrived(final Packet arrived) {
            final NetFrame frame = empty.poll();
            if (frame == null || arrived.totalBytes() > SLOT_BYTES) {
                throw new IllegalStateException(
                        "no room: totalBytes=" + arrived.totalBytes() + " queue=" + number);
            }
            final long address = addresses[frame.tag() % DEPTH];
            halves.guestMemory().wrap(view, address, SLOT_BYTES);
            arrived.copyTo(view, 0);
            frame.reset();
            for (int at = 0; at < arrived.totalBytes(); at += GuestMemory.PAGE_BYTES) {
                frame.addSegment(
                        address + at, Math.min(GuestMemory.PAGE_BYTES, arrived.totalBytes() - at));
            }
            frame.metadata().copyFrom(arrived.metadata());
            port.giveBack(arrived);
            filled.offer(frame);
            received++;
        }

        /** The guest's: what was sent is its owner's again, and what has arrived is lent. */
        private int complete() {
            int count = 0;
            NetFrame frame = sent.poll();
            while (frame != null) {
                completions.transmitted(frame);
                count++;
                frame = count < BURST ? sent.poll() : null;
            }
            frame = filled.poll();
            while (frame != null) {
                completions.received(number, frame);
                count++;
                frame = count < 2 * BURST ? filled.poll() : null;
            }
            return count;
        }
    }

    /** Listens until somebody does. */
    private final class Nobody implements NetCompletions {
        @Override
        public void transmitted(final NetFrame frame) {
            // Nobody has sent it.
        }

        @Override
        public void received(final int queue, final NetFrame frame) {
            giveBack(frame);
        }

        @Override
        public void linkChanged() {
            // It never does.
        }
    }
}
