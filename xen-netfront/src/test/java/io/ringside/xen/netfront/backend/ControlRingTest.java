package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import io.ringside.xen.netfront.backend.RawQueue.Received;
import io.ringside.xen.netfront.protocol.CtrlResponse;
import io.ringside.xen.netfront.protocol.CtrlStatus;
import io.ringside.xen.netfront.protocol.CtrlType;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.HashControl;
import io.ringside.xen.netfront.protocol.RxResponse;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashing as the frontend likes it, asked for by the control ring. */
final class ControlRingTest {
    private static final int QUEUES = 4;

    private final BackBench bench = new BackBench();
    private final ScriptedPort port = new ScriptedPort();
    private final Netback back = bench.newBackend(port);
    private final RawFrontend front =
            RawFrontend.connect(bench, back, 0, RawFrontend.TAKES_ALL, QUEUES, false, true);

    @AfterEach
    void close() {
        bench.close();
    }

    private int status(final int type, final int... data) {
        return front.control(type, data).status();
    }

    private void assertSucceeds(final int type, final int... data) {
        assertThat(status(type, data)).isEqualTo(CtrlStatus.SUCCESS);
    }

    private int mappingPage(final int... entries) {
        final byte[] bytes = new byte[entries.length * 4];
        final UnsafeBuffer view = new UnsafeBuffer(bytes);
        for (int i = 0; i < entries.length; i++) {
            view.putInt(4 * i, entries[i]);
        }
        return front.queue().pageWith(0, bytes);
    }

    private void chooseToeplitz(final int flags) {
        final byte[] key =
                HexFormat.of()
                        .parseHex(WireFacts.load("xen-netif").value("toeplitz", "key").toString());
        assertSucceeds(CtrlType.SET_HASH_ALGORITHM, HashControl.ALGORITHM_TOEPLITZ);
        assertSucceeds(CtrlType.SET_HASH_KEY, front.queue().pageWith(0, key), key.length);
        assertSucceeds(CtrlType.SET_HASH_FLAGS, flags);
    }

    /** A frame between two addresses of IPv4, with the ports of a recorded vector. */
    private static byte[] frameOf(final String hexInput) {
        final byte[] input = HexFormat.of().parseHex(hexInput);
        final byte[] frame = TestFrames.tcpIpv4(10, 0);
        System.arraycopy(input, 0, frame, 26, 8);
        if (input.length > 8) {
            System.arraycopy(input, 8, frame, 34, 4);
        }
        return frame;
    }

    @Test
    void tellsHashesAsTheRecordedVectorsSay() {
        final List<Map<String, Object>> vectors = vectors();
        for (final int flags : new int[] {HashControl.IPV4_BIT, HashControl.ALL_BITS}) {
            chooseToeplitz(flags);
            final boolean withPorts = flags == HashControl.ALL_BITS;
            for (final Map<String, Object> vector : vectors) {
                final String input = String.valueOf(vector.get("buffer"));
                if (input.length() != (withPorts ? 24 : 16)) {
                    continue;
                }
                final int hash = WireFacts.number(vector, "hash");
                front.queues.forEach(queue -> queue.post(4));
                port.arrives(frameOf(input));
                bench.settle(back);
                final int queue = Integer.remainderUnsigned(hash, QUEUES);
                final List<Received> received = front.queues.get(queue).received();
                assertThat(received).hasSize(1);
                assertThat(received.getFirst().flags()).isEqualTo(RxResponse.EXTRA_INFO);
                final ExtraInfo extra = received.getFirst().extras().getFirst();
                assertThat(extra.type()).isEqualTo(ExtraInfo.HASH);
                assertThat(extra.hashType())
                        .isEqualTo(withPorts ? HashControl.IPV4_TCP : HashControl.IPV4);
                assertThat(extra.hashAlgorithm()).isEqualTo(HashControl.ALGORITHM_TOEPLITZ);
                assertThat(extra.hashValue()).isEqualTo(hash);
            }
        }
        front.leave();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> vectors() {
        return (List<Map<String, Object>>) WireFacts.load("xen-netif").value("toeplitz", "vectors");
    }

    @Test
    void leadsPacketsByTheMapping() {
        chooseToeplitz(HashControl.ALL_BITS);
        assertSucceeds(CtrlType.SET_HASH_MAPPING_SIZE, 128);
        final int[] entries = new int[128];
        java.util.Arrays.fill(entries, 3);
        assertSucceeds(CtrlType.SET_HASH_MAPPING, mappingPage(entries), 128, 0);
        front.queues.forEach(queue -> queue.post(100));
        for (int i = 0; i < 20; i++) {
            port.arrives(TestFrames.tcpIpv4(10, i));
        }
        bench.settle(back);
        assertThat(front.queues.get(3).received()).hasSize(20);
        assertSucceeds(CtrlType.SET_HASH_MAPPING_SIZE, 128); // All zero again.
        port.arrives(TestFrames.tcpIpv4(10, 1));
        bench.settle(back);
        assertThat(front.queue().received()).hasSize(1);
        front.leave();
    }

    @Test
    void spreadsFlowsByAHashOfItsOwnUntilItIsToldOne() {
        front.queues.forEach(queue -> queue.post(200));
        for (int i = 0; i < 40; i++) {
            port.arrives(TestFrames.tcpIpv4(10, i));
            port.arrives(TestFrames.tcpIpv4(20, i));
        }
        bench.settle(back);
        int sum = 0;
        for (final RawQueue queue : front.queues) {
            final List<Received> received = queue.received();
            assertThat(received).isNotEmpty().allMatch(packet -> packet.extras().isEmpty());
            assertThat(received.size() % 2).isZero(); // Both of a flow go one way.
            sum += received.size();
        }
        assertThat(sum).isEqualTo(80);
        front.leave();
    }

    @Test
    void turnsHashingOff() {
        chooseToeplitz(HashControl.ALL_BITS);
        assertSucceeds(CtrlType.SET_HASH_FLAGS, 0);
        front.queues.forEach(queue -> queue.post(4));
        port.arrives(TestFrames.tcpIpv4(10, 1));
        bench.settle(back);
        for (final RawQueue queue : front.queues) {
            assertThat(queue.received()).allMatch(packet -> packet.extras().isEmpty());
        }
        front.leave();
    }

    @Test
    void answersWhatItKnows() {
        assertThat(status(CtrlType.GET_HASH_FLAGS)).isEqualTo(CtrlStatus.INVALID_PARAMETER);
        assertThat(status(CtrlType.SET_HASH_FLAGS, 1)).isEqualTo(CtrlStatus.INVALID_PARAMETER);
        assertSucceeds(CtrlType.SET_HASH_ALGORITHM, 1);
        assertThat(front.control(CtrlType.GET_HASH_FLAGS).data()).isEqualTo(HashControl.ALL_BITS);
        final CtrlResponse size = front.control(CtrlType.GET_HASH_MAPPING_SIZE);
        assertThat(size.status()).isEqualTo(CtrlStatus.SUCCESS);
        assertThat(size.data()).isEqualTo(128);
        front.leave();
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,0,0,1",
        "11,0,0,0,1",
        "65535,1,2,3,1", // No such request.
        "7,2,0,0,2",
        "7,-1,0,0,2", // No such algorithm.
        "2,16,0,0,2",
        "2,-1,0,0,2", // No such type.
        "3,4711,41,0,3",
        "3,4711,-1,0,3",
        "3,4711,2147483647,0,3",
        "3,4711,40,0,2",
        "5,129,0,0,2",
        "5,-1,0,0,2",
        "5,2147483647,0,0,2"
    })
    void refusesWhatMakesNoSense(
            final int type, final int data0, final int data1, final int data2, final int status) {
        assertSucceeds(CtrlType.SET_HASH_ALGORITHM, 1);
        assertThat(status(type, data0, data1, data2)).isEqualTo(status);
        assertThat(back.counters().refusals(NetbackRefusal.CONTROL)).isEqualTo(1);
        front.leave();
    }

    /** Row 5 (XSA-270): no sum of entries and offset comes round to a small number. */
    @ParameterizedTest
    @CsvSource({
        "129,0",
        "128,1",
        "1,128",
        "0,129",
        "-1,2",
        "2,-1",
        "-1,-1",
        "2147483647,2147483647",
        "1073741824,0",
        "-2147483648,-2147483648",
        "1,-129"
    })
    void refusesEntriesBehindTheMapping(final int count, final int first) {
        assertSucceeds(CtrlType.SET_HASH_MAPPING_SIZE, 128);
        assertThat(status(CtrlType.SET_HASH_MAPPING, mappingPage(0, 1), count, first))
                .isEqualTo(CtrlStatus.BUFFER_OVERFLOW);
        front.leave();
    }

    /** Row 30 (openvmm #3183): an empty table, and queues that there are not. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5, -1, Integer.MIN_VALUE})
    void changesNothingOfAMappingWithAQueueThatThereIsNot(final int queue) {
        chooseToeplitz(HashControl.ALL_BITS);
        assertSucceeds(CtrlType.SET_HASH_MAPPING_SIZE, 2);
        assertSucceeds(CtrlType.SET_HASH_MAPPING, mappingPage(2, 2), 2, 0);
        assertThat(status(CtrlType.SET_HASH_MAPPING, mappingPage(1, queue), 2, 0))
                .isEqualTo(CtrlStatus.INVALID_PARAMETER);
        front.queues.forEach(each -> each.post(4));
        port.arrives(TestFrames.tcpIpv4(10, 1));
        bench.settle(back);
        assertThat(front.queues.get(2).received()).hasSize(1);
        assertSucceeds(CtrlType.SET_HASH_MAPPING_SIZE, 0);
        assertSucceeds(CtrlType.SET_HASH_MAPPING, mappingPage(1), 0, 0);
        port.arrives(TestFrames.tcpIpv4(10, 1));
        bench.settle(back);
        front.leave();
    }

    /** Row 2, on this ring. */
    @ParameterizedTest
    @ValueSource(ints = {129, -1})
    void closesOnAProducerIndexThatCannotBe(final int index) {
        front.pushControl(index);
        bench.settle(back);
        assertThat(back.isClosed()).isTrue();
        assertThat(back.counters().refusals(NetbackRefusal.RING_INDEX)).isEqualTo(1);
        front.takeBack();
    }

    /** One round does a few requests, however many there are. */
    @Test
    void doesAFewRequestsInOneRound() {
        front.pushControl(128);
        bench.step(back);
        assertThat(back.counters().controlRequests()).isLessThanOrEqualTo(8);
        bench.settle(back);
        assertThat(back.counters().controlRequests()).isEqualTo(128);
        front.leave();
    }
}
