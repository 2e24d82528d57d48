package io.ringside.netvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.netvsc.frontend.NetvscRefusal;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.ringbuf.vmbus.PacketType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A workload that holds all frames there are: the guest takes no more, and loses none. */
final class SuspendedReceiveTest {
    private static final int DEPTH = 16; // Frames that the workload may hold.
    private static final int RANGES = 100;
    private static final int PACKETS = 14;

    private final RawHost host = RawHost.ready(RawHost.SMALL);

    /** Packets that name one section again and again: more ranges than can wait. */
    private List<Long> flood() {
        final int lengthBytes = host.putFrame(1, 64, 1);
        final int[] ranges = new int[2 * RANGES];
        for (int i = 0; i < RANGES; i++) {
            ranges[2 * i] = 2048;
            ranges[2 * i + 1] = lengthBytes;
        }
        host.completions.clear();
        final List<Long> ids = new ArrayList<>();
        for (int i = 0; i < PACKETS; i++) {
            ids.add(host.deliverRanges(NvspMessage.RECEIVE_BUFFER_ID, ranges));
        }
        return ids;
    }

    private void giveBackUntilAllCame() {
        int given = 0;
        while (given < host.received.size()) {
            host.guest.giveBack(host.received.get(given));
            given++;
            host.guest.commit();
            host.turnOnce();
        }
        host.turn();
    }

    @Test
    void leavesPacketsInTheRingWhileTooManyRangesWait() {
        final long before = host.guest.counters().receivedPackets();
        final List<Long> ids = flood();
        assertThat(host.received).hasSize(DEPTH);
        final long packets = host.guest.counters().receivedPackets();
        assertThat(packets - before).as("the rest stays where it is").isBetween(5L, 12L);
        host.turn();
        assertThat(host.guest.counters().receivedPackets()).isEqualTo(packets);
        assertThat(host.guest.doWork()).as("it may sleep until frames come back").isZero();
        giveBackUntilAllCame();
        assertThat(host.received).hasSize(PACKETS * RANGES);
        while (host.take()) {
            assertThat(host.type).isEqualTo(PacketType.COMPLETION);
        }
        final List<String> expected = new ArrayList<>();
        ids.forEach(id -> expected.add(id + ":108:1"));
        assertThat(host.completions).containsExactlyElementsOf(expected);
        assertThat(host.guest.counters().refusals(NetvscRefusal.TOO_MANY)).isZero();
        host.close();
    }

    /** What stands behind a packet that stays waits with it, and comes when it goes on. */
    @Test
    void takesAnswersThatWaitBehindWhenItGoesOn() {
        final NetFrame frame = FrontendTest.frame(host, 60, 1);
        assertThat(host.guest.submit(0, frame)).isTrue();
        host.guest.commit();
        assertThat(host.takeRequest()).isTrue();
        final long sent = host.id;
        flood();
        host.message.putRndisPacketComplete(NvspStatus.SUCCESS);
        host.send(PacketType.COMPLETION, sent, 8);
        assertThat(host.transmitted).as("it stands behind what is held up").isEmpty();
        giveBackUntilAllCame();
        assertThat(host.transmitted).containsExactly(frame);
        assertThat(frame.status()).isEqualTo(NetStatus.OK);
        host.close();
    }

    /** Frames given back in any order: each packet is answered once, when its last one is back. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void answersPacketsOutOfTheirOrder(final long order) {
        host.completions.clear();
        final List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            final int first = host.putFrame(2 * i + 1, 60, i);
            final int second = host.putFrame(2 * i + 2, 60, i);
            ids.add(
                    host.deliverRanges(
                            NvspMessage.RECEIVE_BUFFER_ID,
                            (2 * i + 1) * 2048,
                            first,
                            (2 * i + 2) * 2048,
                            second));
        }
        assertThat(host.received).hasSize(DEPTH);
        final List<Integer> back = new ArrayList<>();
        for (int i = 0; i < DEPTH; i++) {
            back.add(i);
        }
        Collections.shuffle(back, new Random(order));
        final boolean[] isBack = new boolean[DEPTH];
        final List<String> expected = new ArrayList<>();
        for (final int number : back) {
            host.guest.giveBack(host.received.get(number));
            isBack[number] = true;
            if (isBack[number ^ 1]) {
                expected.add(ids.get(number / 2) + ":108:1");
            }
            host.guest.commit();
            host.take();
            assertThat(host.completions).containsExactlyElementsOf(expected);
        }
        assertThat(expected).hasSize(8);
        final List<String> inOrder = new ArrayList<>(expected);
        Collections.sort(inOrder);
        assertThat(expected).as("this order is another one").isNotEqualTo(inOrder);
        host.close();
    }
}
