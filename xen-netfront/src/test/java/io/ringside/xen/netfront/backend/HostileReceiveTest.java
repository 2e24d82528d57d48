package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.xen.netfront.protocol.NetifStatus;
import io.ringside.xen.netfront.protocol.RxRequest;
import io.ringside.xen.netfront.protocol.RxResponse;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A frontend that offers pages that it must not. */
final class HostileReceiveTest {
    private final BackBench bench = new BackBench();
    private final ScriptedPort port = new ScriptedPort();
    private final Netback back = bench.newBackend(port);
    private final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
    private final RawQueue queue = front.queue();

    @AfterEach
    void close() {
        bench.close();
    }

    /** Rows 10 and 12 (XSA-365, XSA-374): each bad page is told where it stands; all go on. */
    @Test
    void tellsOfEachPageThatCannotBeWritten() {
        final int readOnly = queue.lend(queue.newFrame(), true);
        queue.putPage(1, 4711);
        queue.putPage(2, -1);
        queue.putPage(3, readOnly);
        queue.pushPages();
        queue.post(1);
        for (int i = 0; i < 4; i++) {
            port.arrives(TestFrames.plain(60, i));
        }
        bench.settle(back);
        for (int i = 0; i < 3; i++) {
            assertThat(queue.response(i).id()).isEqualTo(i + 1);
            assertThat(queue.response(i).status()).isEqualTo(NetifStatus.ERROR);
        }
        assertThat(queue.response(3).status()).isEqualTo(60);
        assertThat(back.counters().refusals(NetbackRefusal.RECEIVE_COPY)).isEqualTo(3);
        assertThat(port.lent).isEmpty();
        front.leave();
    }

    /** One bad page in the midst of a packet leaves the chain as long as it was. */
    @Test
    void keepsTheChainOfAPacketWithABadPage() {
        queue.post(1);
        queue.putPage(77, 4711);
        queue.post(2);
        port.arrives(TestFrames.plain(9000, 1));
        port.arrives(TestFrames.plain(60, 2));
        bench.settle(back);
        final List<RawQueue.Received> received = queue.received();
        assertThat(received).hasSize(2);
        assertThat(received.get(0).slots()).isEqualTo(3);
        assertThat(received.get(0).status()).isEqualTo(NetifStatus.ERROR);
        assertThat(received.get(1).bytes()).isEqualTo(TestFrames.plain(60, 2));
        front.leave();
    }

    /** Row 1 (XSA-155): what is written over a request that was taken changes nothing. */
    @Test
    void readsEachOfferOnce() {
        port.arrives(TestFrames.plain(9000, 1)); // Waits for three pages.
        queue.post(2);
        bench.settle(back);
        for (int i = 0; i < 2; i++) {
            new RxRequest().wrap(queue.receive, 64 + i * RxRequest.BYTES).put(0xdead, 4711);
        }
        queue.post(1);
        bench.settle(back);
        assertThat(queue.received().getFirst().bytes()).isEqualTo(TestFrames.plain(9000, 1));
        assertThat(queue.response(0).id()).isZero();
        assertThat(queue.response(1).id()).isEqualTo(1);
        front.leave();
    }

    /**
     * Row 4 (XSA-216): an answer is all of its slot, and what is sent never more than the packet.
     */
    @Test
    void writesNoByteBehindAPacket() {
        queue.post(1);
        final int frame = queue.newFrame();
        bench.guest(0).page(frame).setMemory(0, 4096, (byte) 0x5a);
        queue.putPage(9, queue.lend(frame, false));
        queue.pushPages();
        port.arrives(TestFrames.plain(4000, 1));
        port.arrives(TestFrames.plain(61, 2));
        bench.settle(back);
        assertThat(bench.guest(0).page(frame).getByte(60)).isEqualTo((byte) (2 + 60 * 7));
        for (int i = 61; i < 4096; i++) {
            assertThat(bench.guest(0).page(frame).getByte(i)).isEqualTo((byte) 0x5a);
        }
        front.leave();
    }

    /** The number that an answer is written as lies in the bytes as the protocol says. */
    @ParameterizedTest
    @CsvSource({"0,0,0,0", "65535,4095,15,-1", "4660,256,5,1514", "1,2,3,-2"})
    void writesAnswersAsTheProtocolLaysThemOut(
            final int id, final int offset, final int flags, final int status) {
        queue.receive.putLong(64, ReceiveSlots.answer(id, offset, flags, status));
        final RxResponse response = new RxResponse().wrap(queue.receive, 64);
        assertThat(response.id()).isEqualTo(id);
        assertThat(response.pageOffsetBytes()).isEqualTo(offset);
        assertThat(response.flags()).isEqualTo(flags);
        assertThat(response.status()).isEqualTo(status);
        front.leave();
    }

    /** Whatever is offered, each slot is answered once, in its place. */
    @Test
    void answersEachOfferInItsPlace() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final int good = queue.lend(queue.newFrame(), false);
        int checked = 0;
        for (int round = 0; round < 400; round++) {
            final int free = RawQueue.SLOTS - (queue.posted - queue.filled());
            for (int i = Math.min(random.nextInt(30), free); i > 0; i--) {
                final int reference = random.nextInt(3) == 0 ? random.nextInt() : good;
                queue.putPage(queue.posted & 0xffff, reference);
            }
            queue.pushPages();
            for (int i = random.nextInt(10); i > 0; i--) {
                port.arrives(TestFrames.plain(14 + random.nextInt(20_000), i));
            }
            bench.settle(back);
            for (; checked < queue.filled(); checked++) {
                assertThat(queue.response(checked).id()).as(seed.toString()).isEqualTo(checked);
            }
            back.tick(round * 1_000_000_000L);
        }
        assertThat(checked).as(seed.toString()).isGreaterThan(1000);
        front.leave();
    }
}
