package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketArrivals;
import io.ringside.device.host.PacketPort;
import io.ringside.xen.netfront.backend.NetbackOptions.Backlog;
import io.ringside.xen.netfront.protocol.TxRequest;
import io.ringside.xen.netfront.protocol.Wakeups;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where errors end and packets are dropped: from the agent's own turn, and never within a call. */
final class TeardownTest {
    private static final long SECOND = 1_000_000_000L;

    private final BackBench bench = new BackBench();
    private final ScriptedPort network = new ScriptedPort();
    private final NestedCalls port = new NestedCalls(network);

    /** A network that notes who calls it from within one of its own calls. */
    private static final class NestedCalls implements PacketPort {
        private final ScriptedPort behind;
        private final List<String> inside = new ArrayList<>();
        private final List<String> nested = new ArrayList<>();
        private Runnable duringTake = () -> {};

        NestedCalls(final ScriptedPort behind) {
            this.behind = behind;
        }

        private void enter(final String call) {
            final boolean isDrop = inside.equals(List.of("take")) && call.equals("giveBack");
            if (!inside.isEmpty() && !isDrop) {
                nested.add(inside + " " + call);
            }
            inside.add(call);
        }

        @Override
        public boolean isLinkUp() {
            return behind.isLinkUp();
        }

        @Override
        public int maxFrameBytes() {
            return behind.maxFrameBytes();
        }

        @Override
        public boolean takesBlankChecksums() {
            return behind.takesBlankChecksums();
        }

        @Override
        public boolean takesUncutFrames() {
            return behind.takesUncutFrames();
        }

        @Override
        public boolean send(final Packet packet) {
            enter("send");
            final boolean isSent = behind.send(packet);
            inside.removeLast();
            return isSent;
        }

        @Override
        public int take(final PacketArrivals arrivals, final int limit) {
            enter("take");
            duringTake.run();
            final int count = behind.take(arrivals, limit);
            inside.removeLast();
            return count;
        }

        @Override
        public void giveBack(final Packet packet) {
            enter("giveBack");
            behind.giveBack(packet);
            inside.removeLast();
        }

        @Override
        public long dropped() {
            return behind.dropped();
        }

        @Override
        public void wakeWith(final Runnable wake) {
            behind.wakeWith(wake);
        }

        @Override
        public void close() {
            behind.close();
        }
    }

    /** What a frontend can break for good. */
    private enum Fault {
        SEND_INDEX,
        RECEIVE_INDEX,
        CHAIN,
        RANGE
    }

    @AfterEach
    void close() {
        assertThat(port.nested).isEmpty();
        bench.close();
    }

    private static void commit(final RawQueue queue, final Fault fault) {
        switch (fault) {
            case SEND_INDEX -> queue.pushIndex(queue.transmitted + 1000);
            case RECEIVE_INDEX -> queue.pushPagesIndex(queue.posted + 1000);
            case CHAIN -> {
                queue.put(1, 0, TxRequest.MORE_DATA, 7, 200);
                queue.push();
            }
            case RANGE -> {
                queue.put(1, 4000, 0, 7, 200);
                queue.push();
            }
        }
    }

    /**
     * Row 3 (XSA-90): an event that tells of a fatal fault tears nothing down where it is handled;
     * the agent does, in its turn, with packets lent on one ring and waiting on the other.
     */
    @ParameterizedTest
    @EnumSource(Fault.class)
    void tearsDownInItsOwnTurnAndNotWhereTheFaultWasFound(final Fault fault) {
        final String before = framesAndPortsAtRest();
        final Netback back = bench.newBackend(port);
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        network.room = 0;
        front.queue().putPacket(1, TestFrames.plain(60, 1), 0);
        front.queue().push();
        for (int i = 0; i < 10; i++) {
            network.arrives(TestFrames.plain(60, i));
        }
        bench.settle(back);
        assertThat(network.lent).hasSize(10);
        final String serving = bench.hostResources();
        network.room = 1;
        commit(front.queue(), fault);
        bench.host.domain().eventChannels().dispatch();
        assertThat(bench.hostResources()).as("nothing is torn down by an event").isEqualTo(serving);
        assertThat(network.lent).hasSize(10);
        bench.settle(back);
        assertThat(back.isClosed()).isTrue();
        assertThat(back.counters().refusals()).isEqualTo(1);
        assertThat(network.lent).as("all that was lent is back").isEmpty();
        assertThat(network.givenBack).isEqualTo(10);
        assertThat(bench.hostResources()).isEqualTo(before);
        front.takeBack();
    }

    private String framesAndPortsAtRest() {
        final Netback back = bench.newBackend(new ScriptedPort());
        back.onClose();
        return bench.hostResources();
    }

    /** Row 3: an end by the store in the midst of arrivals waits for the end of the call, too. */
    @Test
    void letsACallOfTheNetworkEndBeforeItTearsDown() {
        final Netback back = bench.newBackend(port);
        final RawFrontend front = RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
        front.queue().post(20);
        for (int i = 0; i < 10; i++) {
            network.arrives(TestFrames.plain(60, i));
        }
        port.duringTake =
                () -> {
                    port.duringTake = () -> {};
                    front.queue().pushPagesIndex(front.queue().posted + 1000);
                    bench.putFrontendKey("state", "5");
                };
        bench.settle(back);
        assertThat(back.isClosed()).isTrue();
        assertThat(network.lent).isEmpty();
        front.takeBack();
    }

    /**
     * Row 20 (XSA-424): packets are dropped for want of room, of time, of pages and of a
     * connection; each is given back once, and never from within a call that sends.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dropsEachPacketOnceAndCallsNobodyBackMeanwhile(final boolean split) {
        final Backlog bounds = new Backlog(8, 4000, 1000, SECOND, SECOND / 30, 3 * SECOND);
        final Netback back =
                new Netback(
                        bench.backendDevice(0),
                        bench.services(port, Wakeups.ARMED),
                        NetbackOptions.FULL.withBacklog(bounds));
        final RawFrontend front =
                RawFrontend.connect(bench, back, 0, RawFrontend.TAKES_ALL, 1, split, false);
        back.tick(0);
        int arrived = 0;
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < 6; i++) {
                network.arrives(TestFrames.plain(round % 3 == 0 ? 3000 : 500, i));
                arrived++;
            }
            front.queue().putPacket(round, TestFrames.plain(60, round), 0);
            front.queue().push();
            if (round % 8 == 7) {
                front.queue().post(4);
            }
            bench.settle(back);
            back.tick(round * SECOND / 2);
        }
        assertThat(network.sent).as("the other way is not held up").hasSize(40);
        assertThat(back.counters().expired()).isPositive();
        assertThat(back.counters().stalls()).isPositive();
        final long lost = back.counters().receiveDropped();
        final int lent = network.lent.size();
        front.leave();
        assertThat(network.lent).isEmpty();
        assertThat(lost).isPositive();
        assertThat(network.givenBack + network.waiting()).isEqualTo(arrived);
        assertThat(lent).isLessThanOrEqualTo(8);
    }
}
