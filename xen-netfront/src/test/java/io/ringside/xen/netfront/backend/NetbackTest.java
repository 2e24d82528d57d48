package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.xen.netfront.backend.RawQueue.Answer;
import io.ringside.xen.netfront.protocol.NetifStatus;
import io.ringside.xen.netfront.protocol.TxRequest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One queue of plain packets, either way. */
final class NetbackTest {
    private final BackBench bench = new BackBench();
    private final ScriptedPort port = new ScriptedPort();
    private final Netback back = bench.newBackend(port);

    @AfterEach
    void close() {
        bench.close();
    }

    private static byte[] frame(final int lengthBytes, final int seed) {
        final byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            bytes[i] = (byte) (seed + i * 7);
        }
        bytes[0] = 0;
        return bytes;
    }

    @Test
    void sendsAPacketAndAnswersIt() {
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        final byte[] frame = frame(60, 3);
        front.queue().putPacket(77, frame, 0);
        front.queue().push();
        bench.settle(back);
        assertThat(port.sent).hasSize(1);
        assertThat(port.sent.getFirst().bytes()).isEqualTo(frame);
        assertThat(front.queue().answers()).containsExactly(new Answer(77, NetifStatus.OKAY));
        // Row 4: nothing of ours is in the rest of the slot.
        assertThat(front.queue().transmitSlotBytes(0))
                .containsExactly(77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        front.leave();
    }

    @Test
    void gathersThePiecesOfAPacket() {
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        final byte[] frame = frame(10_000, 9);
        final RawQueue queue = front.queue();
        // The first piece is the rest: 100 bytes at the end of its page.
        queue.put(page(queue, frame, 0, 100, 3996), 3996, TxRequest.MORE_DATA, 1, 10_000);
        queue.put(page(queue, frame, 100, 4096, 0), 0, TxRequest.MORE_DATA, 2, 4096);
        queue.put(page(queue, frame, 4196, 4096, 0), 0, TxRequest.MORE_DATA, 3, 4096);
        queue.put(page(queue, frame, 8292, 1708, 33), 33, 0, 4, 1708);
        queue.push();
        bench.settle(back);
        assertThat(port.sent).hasSize(1);
        assertThat(port.sent.getFirst().bytes()).isEqualTo(frame);
        assertThat(port.sent.getFirst().segments()).isEqualTo(1);
        assertThat(queue.answers())
                .containsExactly(
                        new Answer(1, 0), new Answer(2, 0), new Answer(3, 0), new Answer(4, 0));
        front.leave();
    }

    private static int page(
            final RawQueue queue,
            final byte[] frame,
            final int from,
            final int count,
            final int offset) {
        final byte[] piece = new byte[count];
        System.arraycopy(frame, from, piece, 0, count);
        return queue.pageWith(offset, piece);
    }

    @Test
    void givesWhatArrivesToTheFrontend() {
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        front.queue().post(64);
        final byte[] small = frame(60, 1);
        final byte[] large = frame(9014, 2);
        port.arrives(small);
        port.arrives(large, 14, 1);
        port.arrives(small, 59);
        bench.settle(back);
        final List<RawQueue.Received> received = front.queue().received();
        assertThat(received).hasSize(3);
        assertThat(received.get(0).bytes()).isEqualTo(small);
        assertThat(received.get(1).bytes()).isEqualTo(large);
        assertThat(received.get(1).slots()).isEqualTo(3);
        assertThat(received.get(2).bytes()).isEqualTo(small);
        assertThat(port.lent).isEmpty();
        front.leave();
    }

    @Test
    void copiesABatchInOneHypercallAndNotifiesOnce() {
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        front.queue().post(64);
        bench.settle(back);
        for (int i = 0; i < 40; i++) {
            front.queue().putPacket(i, frame(64, i), 0);
            port.arrives(frame(64, i));
        }
        front.queue().push();
        final long before = bench.host.count(Crossing.HYPERCALL);
        bench.step(back);
        assertThat(bench.host.count(Crossing.GRANT_COPY)).isEqualTo(80);
        // One copy each way, and one event.
        assertThat(bench.host.count(Crossing.HYPERCALL) - before).isEqualTo(3);
        assertThat(front.queue().received()).hasSize(40);
        assertThat(front.queue().answers()).hasSize(40);
        assertThat(port.sent).hasSize(40);
        front.leave();
    }

    @Test
    void waitsForRoomInTheNetworkAndKeepsTheOrder() {
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        for (int i = 0; i < 100; i++) {
            front.queue().putPacket(i, frame(64, i), 0);
        }
        port.room = 10;
        front.queue().push();
        bench.settle(back);
        assertThat(port.sent).hasSize(10);
        assertThat(front.queue().answers()).hasSize(10);
        port.room = 70;
        bench.settle(back);
        assertThat(port.sent).hasSize(80);
        port.room = 1000;
        bench.settle(back);
        assertThat(port.sent).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(port.sent.get(i).bytes()).isEqualTo(frame(64, i));
        }
        assertThat(front.queue().answers()).hasSize(90);
        front.leave();
    }

    @Test
    void leavesNothingBehind() {
        final String before = bench.hostResources();
        final RawFrontend front =
                RawFrontend.connect(bench, back, 0, RawFrontend.TAKES_ALL, 4, true, true);
        for (int i = 0; i < 10; i++) {
            port.arrives(frame(64, i));
        }
        bench.settle(back);
        assertThat(bench.hostResources()).isNotEqualTo(before);
        front.leave();
        assertThat(port.lent).isEmpty();
        assertThat(bench.hostResources()).isEqualTo(before);
        assertThat(back.counters().refusals()).isZero();
    }

    /** A backend that takes the place of one that has gone goes on with the rings as they are. */
    @Test
    void takesThePlaceOfABackendThatHasGone() {
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        front.queue().putPacket(1, frame(60, 1), 0);
        front.queue().push();
        front.queue().post(3);
        port.arrives(frame(60, 2));
        bench.settle(back);
        front.queue().putPacket(2, frame(60, 3), 0);
        front.queue().push();
        back.onClose();
        final Netback next = bench.newBackend(port);
        bench.settle(next);
        assertThat(bench.backendKey("state")).isEqualTo("4");
        port.arrives(frame(60, 4));
        bench.settle(next);
        assertThat(port.sent).hasSize(2);
        assertThat(port.sent.get(1).bytes()).isEqualTo(frame(60, 3));
        assertThat(front.queue().answers())
                .containsExactly(new Answer(1, NetifStatus.OKAY), new Answer(2, NetifStatus.OKAY));
        assertThat(front.queue().received()).hasSize(2);
        bench.putFrontendKey("state", "6");
        bench.settle(next);
        front.takeBack();
    }

    /** Row 12: whatever is under way to a domain that dies, the backend lives. */
    @Test
    void survivesTheDeathOfItsFrontendsDomain() {
        final String before = bench.hostResources();
        final RawFrontend front =
                RawFrontend.connect(bench, back, 0, RawFrontend.TAKES_ALL, 2, true, true);
        for (final RawQueue queue : front.queues) {
            queue.putPacket(1, frame(60, 1), 0);
            queue.push();
            queue.post(5);
        }
        for (int i = 0; i < 8; i++) {
            port.arrives(frame(60, i));
        }
        bench.guest(0).domain().destroy();
        bench.settle(back);
        back.tick(1_000_000_000L);
        bench.settle(back);
        assertThat(port.sent).isEmpty();
        bench.remove(0);
        bench.settle(back);
        assertThat(bench.hostResources()).isEqualTo(before);
        assertThat(port.lent).isEmpty();
    }
}
