package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.FlowHash;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.HashType;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.frame.Toeplitz;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.device.net.LoopbackPort;
import io.ringside.xen.netfront.backend.Netback;
import io.ringside.xen.netfront.backend.NetbackOptions;
import io.ringside.xen.netfront.frontend.HashSettings;
import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.protocol.Wakeups;
import java.util.EnumSet;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The features that take both ends, each end to end. */
final class NetPairFeaturesTest {
    private static final byte[] KEY = Workload.pattern(40, 9);
    private static final NetfrontOptions OPTIONS =
            NetfrontOptions.PLAIN.withOffloads(NetOffloads.ALL);
    private static final long ALL_HOSTS = 0x01005e000001L;

    private final NetBench bench = new NetBench();
    private final LoopbackPort port = new LoopbackPort(64, 65_535);
    private final Netback back = bench.newBackend(port, Wakeups.ARMED, NetbackOptions.FULL);

    @AfterEach
    void close() {
        port.close();
        bench.close();
    }

    private Workload connect(final Netfront front) {
        final Workload workload = new Workload(bench, front);
        bench.connect(front, back);
        bench.settle(front, back);
        return workload;
    }

    private void send(final Netfront front, final int queue, final NetFrame frame) {
        assertThat(front.submit(queue, frame)).isTrue();
        front.commit();
        bench.settle(front, back);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 6, 128})
    void spreadsFlowsByTheHashThatBothEndsCompute(final int entries) {
        final int[] mapping = new int[entries];
        for (int i = 0; i < entries; i++) {
            mapping[i] = (i * 7 + 3) % 4;
        }
        final Netfront front =
                bench.newFrontend(
                        Wakeups.ARMED,
                        OPTIONS.withQueues(4).withHashing(new HashSettings(15, KEY, mapping)));
        final Workload workload = connect(front);
        assertThat(front.limits().hashes()).isTrue();
        final Toeplitz toeplitz = new Toeplitz();
        toeplitz.key(new UnsafeBuffer(KEY), 0, KEY.length);
        final FlowHash flowHash = new FlowHash(toeplitz);
        flowHash.enable(EnumSet.allOf(HashType.class));
        final FrameMetadata expected = new FrameMetadata();
        final EnumSet<HashType> seen = EnumSet.noneOf(HashType.class);
        for (int flow = 1; flow < 60; flow++) {
            final byte[] bytes = Frames.tcp(flow % 2 == 0 ? 4 : 6, 40, false, flow);
            flowHash.hash(new UnsafeBuffer(bytes), 0, bytes.length, expected);
            workload.holds = true;
            send(front, 0, workload.frame(bytes));
            final Workload.Received received = workload.received.getLast();
            assertThat(received.bytes()).isEqualTo(bytes);
            final FrameMetadata metadata = received.frame().metadata();
            assertThat(metadata.hashType()).isEqualTo(expected.hashType());
            assertThat(metadata.hash()).isEqualTo(expected.hash());
            final int hash = expected.hash();
            assertThat(received.queue())
                    .isEqualTo(
                            entries == 0
                                    ? Integer.remainderUnsigned(hash, 4)
                                    : mapping[Integer.remainderUnsigned(hash, entries)]);
            seen.add(metadata.hashType());
            workload.release();
        }
        assertThat(seen).containsExactlyInAnyOrder(HashType.TCP_IPV4, HashType.TCP_IPV6);
        assertThat(front.counters().controlFailures()).isZero();
    }

    @Test
    void holdsMulticastsBackThatNobodyJoined() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS.withMulticastControl(true));
        final Workload workload = connect(front);
        final byte[] bytes = Workload.pattern(60, 1);
        new UnsafeBuffer(bytes).putBytes(0, new byte[] {1, 0, 0x5e, 0, 0, 1});
        final NetFrame frame = workload.frame(bytes);
        send(front, 0, frame);
        assertThat(workload.received).isEmpty();

        front.settings().joinMulticast(ALL_HOSTS);
        bench.settle(front, back);
        send(front, 0, frame);
        assertThat(workload.received).hasSize(1);

        front.settings().leaveMulticast(ALL_HOSTS);
        bench.settle(front, back);
        send(front, 0, frame);
        assertThat(workload.received).hasSize(1);

        front.settings().filterMulticasts(false);
        bench.settle(front, back);
        send(front, 0, frame);
        assertThat(workload.received).hasSize(2);
        assertThat(front.counters().multicastFailures()).isZero();
    }

    @Test
    void leavesTheHeadroomFreeThatIsAskedForAtAnyTime() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = connect(front);
        workload.holds = true;
        for (final int headroom : new int[] {256, 0, 100, 2048}) {
            front.settings().xdpHeadroom(headroom);
            bench.settle(front, back);
            assertThat(bench.frontendKey("state")).isEqualTo("4");
            final NetFrame frame = workload.frame(Frames.tcp(4, 5000, true), 54, 2500, 2500);
            frame.metadata().checksumBlank(34, 16);
            frame.metadata().segmentInto(SegmentationType.TCP_IPV4, 1000);
            send(front, 0, frame);
            final Workload.Received received = workload.received.getLast();
            assertThat(received.bytes()).isEqualTo(Frames.tcp(4, 5000, true));
            for (int i = 0; i < received.frame().segmentCount(); i++) {
                final long offset = received.frame().segmentAddress(i) & 4095;
                assertThat(offset).isGreaterThanOrEqualTo(headroom);
            }
        }
        assertThat(workload.received).hasSize(4);
        assertThat(front.counters().refusals()).isZero();
    }

    @Test
    void followsTheLinkOfTheNetworkBehind() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = connect(front);
        assertThat(front.isLinkUp()).isTrue();
        port.close();
        bench.step(back);
        bench.step(front);
        assertThat(front.isLinkUp()).isFalse();
        assertThat(workload.linkChanges).isEqualTo(2);
    }

    /** Only one notification for each ring, however much one commit tells. */
    @Test
    void kicksOnceForAWholeBatch() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = connect(front);
        for (int round = 0; round < 5; round++) {
            final long before = front.counters().kicks();
            for (int i = 0; i < 60; i++) {
                assertThat(front.submit(0, workload.frame(Workload.pattern(60, i)))).isTrue();
            }
            front.commit();
            assertThat(front.counters().kicks() - before).isEqualTo(1);
            bench.settle(front, back);
        }
        assertThat(workload.sentWith(NetStatus.OK)).isEqualTo(300);
        assertThat(workload.received).hasSize(300);
    }
}
