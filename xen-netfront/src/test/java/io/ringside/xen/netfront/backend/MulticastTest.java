package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xen.netfront.backend.RawQueue.Answer;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.NetifStatus;
import io.ringside.xen.netfront.protocol.TxRequest;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The list of the multicasts that a frontend wants. */
final class MulticastTest {
    private static final long GROUP = 0x0100_5e00_0000L;
    private static final long BROADCAST = 0xffff_ffff_ffffL;
    private static final long STATION = 0x0016_3e00_0001L;

    private final BackBench bench = new BackBench();
    private final ScriptedPort port = new ScriptedPort();
    private final Netback back = bench.newBackend(port);

    @AfterEach
    void close() {
        bench.close();
    }

    private RawFrontend connect(final String wanted) {
        final Map<String, String> keys = new HashMap<>(RawFrontend.TAKES_ALL);
        keys.put("request-multicast-control", wanted);
        final RawFrontend front = RawFrontend.connect(bench, back, keys);
        front.queue().post(200);
        bench.settle(back);
        return front;
    }

    /** Asks for an address, or no more; answers with the status. */
    private int ask(final RawFrontend front, final int type, final long address) {
        final RawQueue queue = front.queue();
        queue.answers();
        queue.put(0, 0, TxRequest.EXTRA_INFO, 7, 0);
        queue.putExtra().putMulticast(type, 0, address);
        queue.push();
        bench.settle(back);
        final var answers = queue.answers();
        assertThat(answers).hasSize(2);
        assertThat(answers.get(0).id()).isEqualTo(7);
        assertThat(answers.get(1)).isEqualTo(new Answer(0, NetifStatus.NULL));
        return answers.get(0).status();
    }

    private boolean arrives(final RawFrontend front, final long destination) {
        front.queue().received();
        port.arrives(TestFrames.to(destination, STATION), 3, 2);
        bench.settle(back);
        assertThat(port.lent).isEmpty();
        return front.queue().received().size() == 1;
    }

    @Test
    void holdsBackWhatWasNotAskedFor() {
        final RawFrontend front = connect("1");
        assertThat(arrives(front, GROUP + 1)).isFalse();
        assertThat(arrives(front, BROADCAST)).isTrue();
        assertThat(arrives(front, STATION)).isTrue();
        assertThat(ask(front, ExtraInfo.MULTICAST_ADD, GROUP + 1)).isZero();
        assertThat(arrives(front, GROUP + 1)).isTrue();
        assertThat(arrives(front, GROUP + 2)).isFalse();
        assertThat(ask(front, ExtraInfo.MULTICAST_DELETE, GROUP + 1)).isZero();
        assertThat(arrives(front, GROUP + 1)).isFalse();
        assertThat(ask(front, ExtraInfo.MULTICAST_DELETE, GROUP + 9)).isZero();
        assertThat(back.counters().multicastFiltered()).isEqualTo(3);
        assertThat(port.sent).isEmpty();
        front.leave();
    }

    @Test
    void keepsSixtyFourAddressesAndNoMore() {
        final RawFrontend front = connect("1");
        for (int i = 0; i < 64; i++) {
            assertThat(ask(front, ExtraInfo.MULTICAST_ADD, GROUP + i)).isZero();
            assertThat(ask(front, ExtraInfo.MULTICAST_ADD, GROUP + i)).as("again").isZero();
        }
        assertThat(ask(front, ExtraInfo.MULTICAST_ADD, GROUP + 64)).isEqualTo(NetifStatus.ERROR);
        assertThat(ask(front, ExtraInfo.MULTICAST_DELETE, GROUP + 5)).isZero();
        assertThat(ask(front, ExtraInfo.MULTICAST_ADD, GROUP + 64)).isZero();
        assertThat(arrives(front, GROUP + 64)).isTrue();
        assertThat(arrives(front, GROUP + 63)).isTrue();
        assertThat(arrives(front, GROUP + 5)).isFalse();
        assertThat(ask(front, ExtraInfo.MULTICAST_ADD, STATION)).isEqualTo(NetifStatus.ERROR);
        assertThat(back.counters().refusals(NetbackRefusal.MULTICAST)).isEqualTo(2);
        front.leave();
    }

    @Test
    void followsTheFrontendsWishWhileConnected() {
        final RawFrontend front = connect("0");
        assertThat(arrives(front, GROUP)).isTrue();
        bench.putFrontendKey("request-multicast-control", "1");
        assertThat(arrives(front, GROUP)).isFalse();
        bench.putFrontendKey("request-multicast-control", "77");
        assertThat(arrives(front, GROUP)).isFalse();
        assertThat(back.counters().refusals(NetbackRefusal.KEY)).isEqualTo(1);
        bench.putFrontendKey("request-multicast-control", "0");
        assertThat(arrives(front, GROUP)).isTrue();
        front.leave();
    }

    /** The list is the connection's: the next one begins with none. */
    @Test
    void forgetsTheListWithTheConnection() {
        final RawFrontend front = connect("1");
        assertThat(ask(front, ExtraInfo.MULTICAST_ADD, GROUP)).isZero();
        front.leave();
        bench.putFrontendKey("state", "1");
        final RawFrontend next = connect("1");
        assertThat(arrives(next, GROUP)).isFalse();
        next.leave();
    }

    /** A packet behind the record is not one: all of its slots are answered. */
    @Test
    void sendsNothingThatStandsBesideAnAddress() {
        final RawFrontend front = connect("1");
        final RawQueue queue = front.queue();
        final int page = queue.pageWith(0, TestFrames.plain(4096, 1));
        queue.put(page, 0, TxRequest.EXTRA_INFO | TxRequest.MORE_DATA, 1, 8000);
        queue.putExtra().putMulticast(ExtraInfo.MULTICAST_ADD, 0, GROUP);
        queue.put(page, 0, 0, 2, 4096);
        queue.push();
        bench.settle(back);
        assertThat(queue.answers())
                .containsExactly(
                        new Answer(1, NetifStatus.OKAY),
                        new Answer(0, NetifStatus.NULL),
                        new Answer(2, NetifStatus.OKAY));
        assertThat(port.sent).isEmpty();
        front.leave();
    }
}
