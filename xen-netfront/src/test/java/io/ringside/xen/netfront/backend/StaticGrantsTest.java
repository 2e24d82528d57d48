package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.xen.netfront.protocol.CtrlResponse;
import io.ringside.xen.netfront.protocol.CtrlStatus;
import io.ringside.xen.netfront.protocol.CtrlType;
import io.ringside.xen.netfront.protocol.NetifGref;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grants that are kept mapped since the frontend asked for it. */
final class StaticGrantsTest {
    private static final int ADD = CtrlType.ADD_GREF_MAPPING;
    private static final int DELETE = CtrlType.DEL_GREF_MAPPING;

    private final BackBench bench = new BackBench();
    private final ScriptedPort port = new ScriptedPort();
    private final Netback back = bench.newBackend(port, NetbackOptions.FULL.withStaticGrants(4));
    private final RawFrontend front =
            RawFrontend.connect(bench, back, 0, RawFrontend.TAKES_ALL, 1, false, true);
    private final RawQueue queue = front.queue();
    private final int listFrame = queue.newFrame();
    private final int list = queue.lend(listFrame, false);
    private final int mappedAtRest = bench.host.domain().grantMapper().mappedCount();

    @AfterEach
    void close() {
        bench.close();
    }

    private int ask(final int type, final int count, final int... references) {
        final UnsafeBuffer page = bench.guest(0).page(listFrame);
        page.setMemory(0, 4096, (byte) 0xff);
        for (int i = 0; i < references.length; i++) {
            new NetifGref().wrap(page, i * NetifGref.BYTES).put(references[i], 0);
        }
        return front.control(type, 0, list, count).status();
    }

    private int kept() {
        return bench.host.domain().grantMapper().mappedCount() - mappedAtRest;
    }

    private int told(final int index) {
        return new NetifGref()
                .wrap(bench.guest(0).page(listFrame), index * NetifGref.BYTES)
                .status();
    }

    @Test
    void copiesBothWaysWithoutAHypercall() {
        final int sendFrame = queue.newFrame();
        final int send = queue.lend(sendFrame, false);
        final int receiveFrame = queue.newFrame();
        final int receive = queue.lend(receiveFrame, false);
        assertThat(ask(ADD, 2, send, receive)).isEqualTo(CtrlStatus.SUCCESS);
        assertThat(kept()).isEqualTo(2);
        final byte[] frame = TestFrames.plain(100, 4);
        bench.guest(0).page(sendFrame).putBytes(7, frame);
        queue.put(send, 7, 0, 1, 100);
        queue.push();
        queue.repost(1, new int[] {receiveFrame}, new int[] {receive});
        port.arrives(frame);
        bench.settle(back);
        assertThat(port.sent.getFirst().bytes()).isEqualTo(frame);
        assertThat(queue.received().getFirst().bytes()).isEqualTo(frame);
        assertThat(bench.host.count(Crossing.GRANT_COPY)).isZero();
        assertThat(back.counters().staticGrantHits()).isEqualTo(2);

        assertThat(ask(DELETE, 2, send, receive)).isEqualTo(CtrlStatus.SUCCESS);
        assertThat(told(0)).isEqualTo(CtrlStatus.SUCCESS);
        assertThat(kept()).isZero();
        queue.put(send, 7, 0, 1, 100);
        queue.push();
        bench.settle(back);
        assertThat(bench.host.count(Crossing.GRANT_COPY)).isEqualTo(1);
        front.leave();
    }

    /** What was kept goes with the connection: the frontend gets all of its pages back. */
    @Test
    void letsGoOfAllWithTheConnection() {
        assertThat(ask(ADD, 1, queue.lend(queue.newFrame(), false))).isEqualTo(CtrlStatus.SUCCESS);
        front.leave();
        assertThat(bench.host.domain().grantMapper().mappedCount()).isZero();
    }

    @Test
    void writesNothingToWhatIsKeptOnlyToBeRead() {
        final int frame = queue.newFrame();
        final int reference = queue.lend(frame, true);
        final UnsafeBuffer page = bench.guest(0).page(listFrame);
        new NetifGref().wrap(page, 0).put(reference, NetifGref.READ_ONLY);
        assertThat(front.control(ADD, 0, list, 1).status()).isEqualTo(CtrlStatus.SUCCESS);
        queue.repost(1, new int[] {frame}, new int[] {reference});
        port.arrives(TestFrames.plain(60, 1));
        bench.settle(back);
        assertThat(queue.received().getFirst().status()).isEqualTo(-1);
        assertThat(bench.guest(0).page(frame).getLong(8)).isZero();
        front.leave();
    }

    /** Row 10 (XSA-365): all of a list or none of it, whichever entry is bad. */
    @ParameterizedTest
    @CsvSource({"0,-1", "1,4711", "2,-1"})
    void keepsNothingOfAListWithABadEntry(final int place, final int bad) {
        final int[] references = new int[3];
        for (int i = 0; i < 3; i++) {
            references[i] = i == place ? bad : queue.lend(queue.newFrame(), false);
        }
        assertThat(ask(ADD, 3, references)).isEqualTo(CtrlStatus.INVALID_PARAMETER);
        assertThat(kept()).isZero();
        references[place] = references[(place + 1) % 3];
        assertThat(ask(ADD, 3, references)).as("twice").isEqualTo(CtrlStatus.INVALID_PARAMETER);
        assertThat(kept()).isZero();
        references[place] = queue.lend(queue.newFrame(), false);
        assertThat(ask(ADD, 3, references)).isEqualTo(CtrlStatus.SUCCESS);
        assertThat(ask(ADD, 1, references)).as("again").isEqualTo(CtrlStatus.INVALID_PARAMETER);
        assertThat(kept()).isEqualTo(3);
        front.leave();
    }

    @Test
    void refusesMoreThanItKeepsAndListsThatItCannotRead() {
        final int[] references = new int[5];
        for (int i = 0; i < 5; i++) {
            references[i] = queue.lend(queue.newFrame(), false);
        }
        assertThat(ask(ADD, 5, references)).isEqualTo(CtrlStatus.BUFFER_OVERFLOW);
        assertThat(ask(ADD, -1, references)).isEqualTo(CtrlStatus.BUFFER_OVERFLOW);
        assertThat(ask(ADD, 513, references)).isEqualTo(CtrlStatus.BUFFER_OVERFLOW);
        assertThat(ask(DELETE, -1, references)).isEqualTo(CtrlStatus.BUFFER_OVERFLOW);
        assertThat(ask(ADD, 3, references)).isEqualTo(CtrlStatus.SUCCESS);
        assertThat(ask(ADD, 2, references[3], references[4])).isEqualTo(CtrlStatus.BUFFER_OVERFLOW);
        assertThat(front.control(ADD, 0, 4711, 1).status()).isEqualTo(CtrlStatus.INVALID_PARAMETER);
        assertThat(front.control(DELETE, 0, 4711, 1).status())
                .isEqualTo(CtrlStatus.INVALID_PARAMETER);
        assertThat(front.control(ADD, 1, list, 1).status())
                .as("no such queue")
                .isEqualTo(CtrlStatus.INVALID_PARAMETER);
        assertThat(kept()).isEqualTo(3);
        front.leave();
    }

    @Test
    void tellsEachEntryWhetherItWasKept() {
        final int reference = queue.lend(queue.newFrame(), false);
        assertThat(ask(ADD, 1, reference)).isEqualTo(CtrlStatus.SUCCESS);
        assertThat(ask(DELETE, 3, 99, reference, reference))
                .isEqualTo(CtrlStatus.INVALID_PARAMETER);
        assertThat(told(0)).isEqualTo(CtrlStatus.INVALID_PARAMETER);
        assertThat(told(1)).isEqualTo(CtrlStatus.SUCCESS);
        assertThat(told(2)).isEqualTo(CtrlStatus.INVALID_PARAMETER);
        assertThat(kept()).isZero();
        front.leave();
    }

    @Test
    void tellsHowManyItKeeps() {
        final CtrlResponse size = front.control(CtrlType.GET_GREF_MAPPING_SIZE, 0);
        assertThat(size.status()).isEqualTo(CtrlStatus.SUCCESS);
        assertThat(size.data()).isEqualTo(4);
        assertThat(front.control(CtrlType.GET_GREF_MAPPING_SIZE, 1).status())
                .isEqualTo(CtrlStatus.INVALID_PARAMETER);
        front.leave();
    }
}
