package io.ringside.netvsc;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.net.LoopbackPort;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.backend.LargeSends;
import io.ringside.netvsc.backend.NetvspOffloads;
import io.ringside.netvsc.backend.NetvspOptions;
import io.ringside.netvsc.frontend.Netvsc;
import io.ringside.netvsc.protocol.LargeSendInfo;
import io.ringside.netvsc.protocol.OffloadParameters;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.RndisPacket;
import io.ringside.netvsc.protocol.RndisRequest;
import io.ringside.testkit.Seed;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Hosts that know large sends of the first version alone, which is for IPv4. */
final class LargeSendVersion1Test {
    private static final int PAYLOAD = 3000;
    private static final int HEADERS = 54;
    private static final int SEGMENT = 1000;
    private static final int FIRST_PAGE = 1500;

    private static RawHost oldHost() {
        final RawHost host = new RawHost(RawHost.SMALL);
        host.answers.offload =
                told ->
                        told.putChecksumIpv4(0x155, 0x155)
                                .putChecksumIpv6(0x55, 0x55)
                                .putLargeSend1(60_000, 2);
        return host;
    }

    /** TCP over IPv4, its checksum blank, that is to be cut. */
    private static NetFrame frame(final GuestMemory memory, final int page, final long to) {
        final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
        final long address = (long) page << GuestMemory.PAGE_SHIFT;
        memory.wrap(bytes, address, HEADERS + PAYLOAD);
        for (int i = 0; i < PAYLOAD; i++) {
            bytes.putByte(HEADERS + i, (byte) (i * 7));
        }
        bytes.setMemory(0, HEADERS, (byte) 0);
        for (int i = 0; i < 6; i++) {
            bytes.putByte(i, (byte) (to >>> 8 * (5 - i)));
        }
        bytes.putShort(12, (short) 0x0800, BIG_ENDIAN);
        bytes.putByte(14, (byte) 0x45);
        bytes.putShort(16, (short) (40 + PAYLOAD), BIG_ENDIAN);
        bytes.putByte(22, (byte) 64);
        bytes.putByte(23, (byte) 6);
        bytes.putInt(26, 0x0a000001, BIG_ENDIAN);
        bytes.putInt(30, 0x0a000002, BIG_ENDIAN);
        final int sum = InternetChecksum.finish(InternetChecksum.add(0, bytes, 14, 20));
        bytes.putShort(24, (short) sum, BIG_ENDIAN);
        bytes.putByte(46, (byte) 0x50);
        final NetFrame frame = new NetFrame(1).addSegment(address, HEADERS + PAYLOAD);
        frame.metadata().segmentInto(SegmentationType.TCP_IPV4, SEGMENT);
        frame.metadata().checksumBlank(34, 16);
        return frame;
    }

    @Test
    void takesTheFirstVersionWhereThereIsNoOther() {
        try (RawHost host = oldHost()) {
            host.serveUntilOid(Oid.TCP_OFFLOAD_PARAMETERS);
            final OffloadParameters set =
                    new OffloadParameters().wrap(host.data, RndisRequest.INFO_OFFSET, 28);
            assertThat(set.largeSend1()).isEqualTo(OffloadParameters.ON);
            assertThat(set.largeSendIpv4()).isEqualTo(OffloadParameters.OFF);
            assertThat(set.largeSendIpv6()).isEqualTo(OffloadParameters.OFF);
            host.answerIt();
            host.serve();
            assertThat(host.guest.limits().segmentsTcpIpv4()).isTrue();
            assertThat(host.guest.limits().segmentsTcpIpv6()).isFalse();
            assertThat(host.guest.limits().maxFrameBytes()).isEqualTo(60_000);
        }
    }

    /** The length of the IP packet stays, which the second version wants to be zero. */
    @Test
    void asksByTheFirstVersionAndLeavesTheLengthOfThePacket() {
        try (RawHost host = oldHost()) {
            host.serve();
            assertThat(host.guest.submit(0, frame(host.memory, FIRST_PAGE, 1))).isTrue();
            host.guest.commit();
            assertThat(host.take()).isTrue();
            final RndisPacket packet = new RndisPacket();
            final PerPacketInfo info = new PerPacketInfo();
            assertThat(packet.read(host.data, 0, host.dataBytes)).isTrue();
            assertThat(info.read(host.data, packet.infoOffset(), packet.infoBytes())).isTrue();
            assertThat(info.hasChecksum()).isFalse();
            assertThat(info.largeSend()).isEqualTo(LargeSendInfo.version1(SEGMENT, 34));
            final int at = packet.frameOffset();
            assertThat(host.data.getShort(at + 16, BIG_ENDIAN)).isEqualTo((short) (40 + PAYLOAD));
            assertThat(host.data.getShort(at + 24)).isZero();
            int sum = InternetChecksum.add(0, host.data, at + 26, 8);
            sum = InternetChecksum.addWord(sum, 6);
            assertThat(host.data.getShort(at + 50, BIG_ENDIAN)).isEqualTo((short) sum);
            final NetFrame six = frame(host.memory, FIRST_PAGE, 1);
            six.metadata().segmentInto(SegmentationType.TCP_IPV6, SEGMENT);
            assertThatThrownBy(() -> host.guest.submit(0, six))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Both ends: what is cut comes back whole, and the guest is told of how many segments. */
    @Test
    void carriesLargeSendsByTheFirstVersion() {
        final NetvspOptions options =
                NetvspOptions.DEFAULTS.withOffloads(
                        new NetvspOffloads(true, LargeSends.VERSION_1, true));
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        try (NetBench bench = new NetBench(1, options, new LoopbackPort(128, 70_000))) {
            final Netvsc guest = bench.join(NetBench.SMALL);
            final Traffic traffic = new Traffic(bench, guest, random);
            for (int i = 0; i < 400; i++) {
                traffic.send();
                guest.commit();
                bench.idle();
                while (traffic.heldFrames() > 0) {
                    traffic.giveOneBack();
                }
                guest.commit();
                bench.idle();
            }
            assertThat(traffic.cut).as("%s", seed).isPositive();
            assertThat(traffic.faults).as("%s", seed).isEmpty();
            assertThat(traffic.missing()).as("%s", seed).isEmpty();
            assertThat(bench.host.counters().refusals()).as("%s", seed).isZero();
        }
    }

    @Test
    void tellsOfHowManySegmentsAFrameWasMade() {
        try (NetBench bench = NetBench.usual()) {
            final Netvsc guest = bench.join(NetBench.SMALL);
            final int[] segments = new int[1];
            guest.completionsTo(
                    new NetCompletions() {
                        @Override
                        public void transmitted(final NetFrame frame) {}

                        @Override
                        public void received(final int queue, final NetFrame frame) {
                            segments[0] = frame.metadata().coalescedSegments();
                            assertThat(frame.totalBytes()).isEqualTo(HEADERS + PAYLOAD);
                            guest.giveBack(frame);
                        }

                        @Override
                        public void linkChanged() {}
                    });
            final NetFrame frame = frame(bench.memory, bench.firstDataFrame, guest.macAddress());
            assertThat(guest.submit(0, frame)).isTrue();
            guest.commit();
            bench.idle();
            assertThat(guest.counters().coalesced()).isEqualTo(1);
            assertThat(segments[0]).isEqualTo(3);
        }
    }
}
