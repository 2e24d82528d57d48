package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.GsoType;
import io.ringside.xen.netfront.protocol.RxResponse;
import io.ringside.xen.netfront.protocol.TxRequest;
import io.ringside.xen.netfront.protocol.Wakeups;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told beside packets, in both directions, and what is asked of the card beside them. */
final class NetfrontExtrasTest {
    private static final NetfrontOptions OPTIONS =
            NetfrontOptions.PLAIN.withOffloads(NetOffloads.ALL);

    private final NetBench bench = new NetBench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void tellsHowALongFrameIsToBeCut() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        final NetFrame frame = workload.frame(Frames.tcp(4, 5000, true), 66, 3000, 1988);
        frame.metadata().segmentInto(SegmentationType.TCP_IPV4, 1448);

        assertThat(front.submit(0, frame)).isTrue();
        front.commit();
        assertThat(back.sent()).isEqualTo(4);
        assertThat(back.request(0).flags())
                .isEqualTo(
                        TxRequest.CHECKSUM_BLANK
                                | TxRequest.DATA_VALIDATED
                                | TxRequest.MORE_DATA
                                | TxRequest.EXTRA_INFO);
        assertThat(back.request(0).sizeBytes()).isEqualTo(5054);
        final ExtraInfo extra = back.requestExtra(1);
        assertThat(extra.type()).isEqualTo(ExtraInfo.GSO);
        assertThat(extra.gsoType()).isEqualTo(GsoType.TCP_IPV4);
        assertThat(extra.gsoSegmentBytes()).isEqualTo(1448);
        assertThat(extra.flags()).isZero();
        assertThat(back.request(2).sizeBytes()).isEqualTo(3000);
        assertThat(back.request(3).flags()).isZero();

        back.answerAll(0);
        bench.step(front);
        assertThat(workload.sentWith(NetStatus.OK)).isEqualTo(1);
        assertThat(front.counters().refusals()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"4,TCP_IPV4,1", "6,TCP_IPV6,2"})
    void learnsHowAReceivedFrameIsToBeCut(
            final int version, final SegmentationType type, final int wireType) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        final byte[] bytes = Frames.tcp(version, 6000, true);
        workload.holds = true;

        final int flags = RxResponse.CHECKSUM_BLANK | RxResponse.DATA_VALIDATED;
        back.deliver(bytes, 0, 4096, 0, flags | RxResponse.MORE_DATA | RxResponse.EXTRA_INFO);
        back.receiveExtra().putGso(0, wireType, 1400);
        back.deliver(bytes, 4096, bytes.length - 4096, 0, 0);
        back.pushRx();
        bench.step(front);

        assertThat(workload.received).hasSize(1);
        assertThat(workload.received.get(0).bytes()).isEqualTo(bytes);
        final FrameMetadata metadata = workload.received.get(0).frame().metadata();
        assertThat(metadata.segmentation()).isEqualTo(type);
        assertThat(metadata.segmentPayloadBytes()).isEqualTo(1400);
        assertThat(metadata.checksum()).isEqualTo(ChecksumState.BLANK);
        assertThat(metadata.checksumStartBytes()).isEqualTo(version == 4 ? 34 : 54);
        assertThat(metadata.checksumOffsetBytes()).isEqualTo(16);
        assertThat(front.counters().refusals()).isZero();
    }

    /** Linux's backend counts the headroom into the piece, others into its offset. */
    @ParameterizedTest
    @CsvSource({"0,356", "256,100"})
    void findsAPacketBehindTheHeadroomThatItAskedFor(final int offset, final int status) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS.withXdpHeadroomBytes(256));
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        assertThat(bench.frontendKey("xdp-headroom")).isEqualTo("256");
        final byte[] bytes = Workload.pattern(100, 5);

        back.copyTo(back.offer(0).reference(), bytes, 0, 100, 256);
        back.receive(back.offer(0).id(), offset, RxResponse.EXTRA_INFO, status);
        back.receiveExtra().putXdp(0, 256);
        back.pushRx();
        bench.step(front);

        assertThat(workload.received).hasSize(1);
        assertThat(workload.received.get(0).bytes()).isEqualTo(bytes);
    }

    @Test
    void changesTheHeadroomThroughReconfiguring() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        front.settings().xdpHeadroom(192);
        bench.step(front);
        assertThat(bench.frontendKey("xdp-headroom")).isEqualTo("192");
        assertThat(bench.frontendKey("state")).isEqualTo("7");
        assertThat(front.isReady()).as("frames still flow").isTrue();
        assertThat(front.submit(0, workload.frame(Workload.pattern(60, 1)))).isTrue();
        front.commit();

        bench.putBackendKey("state", "8");
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("4");
        bench.putBackendKey("state", "4");
        bench.step(front);
        back.answerAll(0);
        bench.step(front);
        assertThat(workload.sentWith(NetStatus.OK)).isEqualTo(1);
        assertThatThrownBy(() -> front.settings().xdpHeadroom(32_768))
                .hasMessageContaining("32768");
    }

    @Test
    void joinsAndLeavesMulticastsByPacketsWithoutBytes() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS.withMulticastControl(true));
        final Workload workload = new Workload(bench, front);
        assertThat(front.settings().joinMulticast(0x01005e000001L)).isTrue();
        final RawNetback back = RawNetback.connect(bench, front);
        assertThat(bench.frontendKey("request-multicast-control")).isEqualTo("1");
        bench.step(front);
        assertThat(back.sent()).isEqualTo(2);
        assertThat(back.request(0).flags()).isEqualTo(TxRequest.EXTRA_INFO);
        assertThat(back.request(0).sizeBytes()).isZero();
        assertThat(back.requestExtra(1).type()).isEqualTo(ExtraInfo.MULTICAST_ADD);
        assertThat(back.requestExtra(1).multicastAddress()).isEqualTo(0x01005e000001L);
        back.answerAll(0);
        bench.step(front);

        front.settings().leaveMulticast(0x01005e000001L);
        front.settings().joinMulticast(0x333300000001L);
        bench.step(front);
        assertThat(back.requestExtra(3).type()).isEqualTo(ExtraInfo.MULTICAST_DELETE);
        assertThat(back.requestExtra(5).multicastAddress()).isEqualTo(0x333300000001L);
        back.answerAll(-1);
        bench.step(front);
        assertThat(front.counters().multicastFailures()).isEqualTo(2);
        assertThat(workload.sent).as("they are nobody's frames").isEmpty();
        assertThat(front.counters().refusals()).isZero();
        assertThatThrownBy(() -> front.settings().joinMulticast(0x00163e000001L))
                .hasMessageContaining("not a multicast");
    }

    @Test
    void asksForNoMoreMulticastsThanABackendTakes() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        for (int i = 0; i < 64; i++) {
            assertThat(front.settings().joinMulticast(0x01005e000000L + i)).isTrue();
        }
        assertThat(front.settings().joinMulticast(0x01005e000100L)).isFalse();
        assertThat(front.settings().joinMulticast(0x01005e000001L)).isTrue();
        final RawNetback back = RawNetback.connect(bench, front);
        for (int i = 0; i < 20; i++) {
            bench.step(front);
            back.answerAll(0);
        }
        assertThat(back.sent()).isEqualTo(128);
        assertThat(front.counters().multicastFailures()).isZero();
    }

    @Test
    void changesTheMulticastFilterWhereTheBackendWatchesIt() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        RawNetback.connect(bench, front);
        assertThat(bench.frontendKey("request-multicast-control")).isEqualTo("0");
        front.settings().filterMulticasts(true);
        bench.step(front);
        assertThat(bench.frontendKey("request-multicast-control")).isEqualTo("1");
    }

    @Test
    void tellsWhenTheLinkGoesAndComes() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        bench.putBackendKey("carrier", "0");
        RawNetback.connect(bench, front);
        assertThat(front.isLinkUp()).isFalse();
        bench.putBackendKey("carrier", "1");
        bench.step(front);
        assertThat(front.isLinkUp()).isTrue();
        assertThat(workload.linkChanges).isEqualTo(1);
        bench.putBackendKey("carrier", "maybe");
        bench.step(front);
        assertThat(front.isLinkUp()).isTrue();
        bench.putBackendKey("carrier", "0");
        bench.step(front);
        assertThat(front.isLinkUp()).isFalse();
        assertThat(workload.linkChanges).isEqualTo(2);
    }

    @Test
    void asksForNothingThatABackendDoesNotOffer() {
        final Netfront front =
                bench.newFrontend(
                        Wakeups.ARMED,
                        OPTIONS.withMulticastControl(true).withXdpHeadroomBytes(100).withQueues(4));
        final Workload workload = new Workload(bench, front);
        bench.putBackendKey("feature-rx-copy", "1");
        final RawNetback back = RawNetback.share(bench, front);
        back.join(front);
        assertThat(bench.frontendKey("request-multicast-control")).isEqualTo("0");
        assertThat(bench.frontendKey("xdp-headroom")).isNull();
        assertThat(bench.frontendKey("multi-queue-num-queues")).isNull();
        assertThat(bench.frontendKey("ctrl-ring-ref")).isNull();
        assertThat(bench.frontendKey("event-channel-tx")).isNull();
        front.settings().joinMulticast(0x01005e000001L);
        front.settings().filterMulticasts(false);
        front.settings().xdpHeadroom(200);
        bench.step(front);
        assertThat(back.sent()).isZero();
        assertThat(bench.frontendKey("state")).isEqualTo("4");

        assertThat(front.limits().maxSegments()).isEqualTo(1);
        assertThat(front.limits().queues()).isEqualTo(1);
        assertThat(front.limits().checksumIpv4()).isTrue();
        assertThat(front.limits().checksumIpv6()).isFalse();
        final NetFrame six = workload.frame(Frames.tcp(6, 100, true));
        six.metadata().checksumBlank(54, 16);
        assertThatThrownBy(() -> front.submit(0, six)).hasMessageContaining("checksumStart");
        final NetFrame four = workload.frame(Frames.tcp(4, 100, true));
        four.metadata().checksumBlank(34, 16);
        assertThat(front.submit(0, four)).isTrue();
        four.metadata().segmentInto(SegmentationType.TCP_IPV4, 50);
        assertThatThrownBy(() -> front.submit(0, four)).hasMessageContaining("segmentPayload");
    }

    @ParameterizedTest
    @CsvSource({
        "9000,true,9000",
        "9000,false,1500",
        "70000,true,65517",
        "67,true,1500",
        "x,true,1500"
    })
    void carriesAsMuchAsTheToolstackAllows(
            final String told, final boolean pieces, final int expected) {
        final NetOffloads offloads = pieces ? NetOffloads.ALL : NetOffloads.NONE;
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS.withOffloads(offloads));
        bench.putFrontendKey("mtu", told);
        RawNetback.connect(bench, front);
        assertThat(front.mtuBytes()).isEqualTo(expected);
    }

    @Test
    void copiesAndRevokesForABackendThatIsNotTrusted() {
        bench.putFrontendKey("trusted", "0");
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        final byte[] bytes = Workload.pattern(60, 1);
        final NetFrame frame = workload.frame(bytes);
        final byte[] neighbours = new byte[64];
        Arrays.fill(neighbours, (byte) 0x77);
        bench.guest().view(frame.segmentAddress(0) & -4096, 64).putBytes(0, neighbours);
        front.submit(0, frame);
        front.commit();
        final TxRequest request = back.request(0);
        final byte[] page = back.read(request.reference(), 0, 4096);
        final byte[] seen = new byte[4096];
        System.arraycopy(bytes, 0, seen, request.pageOffsetBytes(), 60);
        assertThat(page).as("row 16: nothing but the packet").isEqualTo(seen);

        final int reference = back.offer(0).reference();
        assertThat(back.read(reference, 0, 4096)).as("row 16").isEqualTo(new byte[4096]);
        workload.holds = true;
        back.deliver(bytes, 0, 60, 0, 0);
        back.pushRx();
        bench.step(front);
        assertThat(workload.received).hasSize(1);
        assertThat(back.canWrite(reference)).isFalse();
    }
}
