package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.frontend.ReceivePages;
import io.ringside.xen.netfront.frontend.TransmitPages;
import io.ringside.xen.netfront.protocol.RxResponse;
import io.ringside.xen.netfront.protocol.TxRequest;
import io.ringside.xen.netfront.protocol.Wakeups;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a frontend writes into its rings, seen by a backend that does as it is told. */
final class NetfrontPlainTest {
    private static final NetfrontOptions PIECES =
            NetfrontOptions.PLAIN.withOffloads(NetOffloads.ALL);

    private final NetBench bench = new NetBench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void tellsWhatABackendMustKnowBeforeItSaysThatItIsConnected() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, NetfrontOptions.PLAIN);
        assertThat(front.isReady()).isFalse();
        final RawNetback back = RawNetback.connect(bench, front);

        assertThat(bench.frontendKey("request-rx-copy")).isEqualTo("1");
        assertThat(bench.frontendKey("feature-rx-notify")).isEqualTo("1");
        assertThat(bench.frontendKey("feature-sg")).isEqualTo("0");
        assertThat(bench.frontendKey("feature-gso-tcpv4")).isEqualTo("0");
        assertThat(bench.frontendKey("feature-no-csum-offload")).isEqualTo("1");
        assertThat(bench.frontendKey("multi-queue-num-queues")).isNull();
        assertThat(bench.frontendKey("queue-0")).isNull();
        assertThat(back.offered()).isEqualTo(256);
        assertThat(front.macAddress()).isEqualTo(0x00163e5e6c07L);
        assertThat(front.mtuBytes()).isEqualTo(1500);
        assertThat(front.isLinkUp()).isTrue();
        assertThat(front.limits().maxSegments()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(TransmitPages.class)
    void sendsAFrameInTheSlotsOfItsPieces(final TransmitPages pages) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, PIECES.withTransmitPages(pages));
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        final byte[] bytes = Workload.pattern(900, 1);
        final NetFrame frame = workload.frame(bytes, 100, 300, 500);
        frame.metadata().checksumBlank(34, 16);

        assertThat(front.submit(0, frame)).isTrue();
        assertThat(back.sent()).as("before the commit").isZero();
        front.commit();

        final int slots = pages == TransmitPages.COPIED ? 1 : 3;
        assertThat(back.sent()).isEqualTo(slots);
        final TxRequest first = back.request(0);
        assertThat(first.sizeBytes()).as("the whole of it").isEqualTo(900);
        assertThat(first.flags())
                .isEqualTo(
                        TxRequest.CHECKSUM_BLANK
                                | TxRequest.DATA_VALIDATED
                                | (slots == 1 ? 0 : TxRequest.MORE_DATA));
        final int firstBytes = slots == 1 ? 900 : 100;
        assertThat(back.read(first.reference(), first.pageOffsetBytes(), firstBytes))
                .isEqualTo(Arrays.copyOf(bytes, firstBytes));
        if (slots == 3) {
            final TxRequest last = back.request(2);
            assertThat(last.flags()).isZero();
            assertThat(last.sizeBytes()).isEqualTo(500);
            assertThat(back.read(last.reference(), last.pageOffsetBytes(), 500))
                    .isEqualTo(Arrays.copyOfRange(bytes, 400, 900));
            assertThat(back.request(1).flags()).isEqualTo(TxRequest.MORE_DATA);
        }
        final int reference = first.reference();
        assertThat(back.canWrite(reference)).as("it is for reading").isFalse();
        for (int i = slots - 1; i >= 0; i--) {
            assertThat(workload.sent).as("until all are answered").isEmpty();
            back.answer(ids(back, slots)[i], 0);
            if (i != 0) {
                back.pushTx();
            }
            bench.step(front);
        }
        back.pushTx();
        bench.step(front);
        assertThat(workload.sent).containsExactly(frame);
        assertThat(frame.status()).isEqualTo(NetStatus.OK);
        assertThat(back.canRead(reference)).isEqualTo(pages != TransmitPages.LENT);
    }

    private static int[] ids(final RawNetback back, final int slots) {
        final int[] ids = new int[slots];
        for (int i = 0; i < slots; i++) {
            ids[i] = back.ids[i];
        }
        return ids;
    }

    @Test
    void refusesAFrameOutsideOfTheLimits() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, NetfrontOptions.PLAIN);
        final Workload workload = new Workload(bench, front);
        RawNetback.connect(bench, front);
        final NetFrame good = workload.frame(Workload.pattern(64, 1));

        assertThatThrownBy(() -> front.submit(1, good)).hasMessageContaining("queue=1");
        assertThatThrownBy(() -> front.submit(0, workload.frame(new byte[13])))
                .hasMessageContaining("totalBytes=13");
        assertThatThrownBy(() -> front.submit(0, workload.frame(new byte[1519])))
                .hasMessageContaining("totalBytes=1519");
        assertThatThrownBy(() -> front.submit(0, workload.frame(new byte[64], 32, 32)))
                .hasMessageContaining("segmentCount=2");
        assertThatThrownBy(() -> front.submit(0, new NetFrame(1).addSegment(1L << 40, 64)))
                .hasMessageContaining("segmentAddress");
        good.metadata().checksumBlank(34, 16);
        assertThatThrownBy(() -> front.submit(0, good)).hasMessageContaining("checksumStart");
        good.metadata().checksumPresent();
        good.metadata().vlanTag(7);
        assertThatThrownBy(() -> front.submit(0, good)).hasMessageContaining("vlanTag=7");
        assertThatThrownBy(() -> front.giveBack(good)).hasMessageContaining("not lent");
    }

    @ParameterizedTest
    @EnumSource(ReceivePages.class)
    void receivesAPacketInTheSlotsOfItsPieces(final ReceivePages policy) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, PIECES.withReceivePages(policy));
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        final byte[] bytes = Workload.pattern(5000, 3);
        final int reference = back.offer(0).reference();

        workload.holds = true;
        back.deliver(bytes, 0, 4000, 96, RxResponse.MORE_DATA | RxResponse.DATA_VALIDATED);
        back.deliver(bytes, 4000, 0, 0, RxResponse.MORE_DATA);
        back.pushRx();
        bench.step(front);
        assertThat(workload.received).as("until all of it is there").isEmpty();
        back.deliver(bytes, 4000, 1000, 0, 0);
        back.pushRx();
        bench.step(front);

        assertThat(workload.received).hasSize(1);
        assertThat(workload.received.get(0).bytes()).isEqualTo(bytes);
        final NetFrame frame = workload.received.get(0).frame();
        assertThat(frame.segmentCount()).isEqualTo(2);
        assertThat(frame.metadata().checksum()).isEqualTo(ChecksumState.VALIDATED);
        assertThat(back.canWrite(reference)).isEqualTo(policy == ReceivePages.REUSED);

        workload.release();
        assertThatThrownBy(() -> front.giveBack(frame)).hasMessageContaining("not lent");
        assertThat(front.counters().refusals()).isZero();
    }

    @Test
    void waitsWithMoreWhileTheWorkloadHoldsAllThatItMay() {
        final Netfront front =
                bench.newFrontend(Wakeups.ARMED, NetfrontOptions.PLAIN.withReceiveDepth(3));
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        workload.holds = true;
        for (int i = 0; i < 5; i++) {
            back.deliver(Workload.pattern(60, i), 0, 60, 0, 0);
        }
        back.pushRx();
        bench.step(front);
        bench.step(front);
        assertThat(workload.received).hasSize(3);

        workload.release();
        bench.step(front);
        assertThat(workload.received).hasSize(5);
        assertThat(workload.received.get(4).bytes()).isEqualTo(Workload.pattern(60, 4));
    }
}
