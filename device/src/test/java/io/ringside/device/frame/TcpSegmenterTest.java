package io.ringside.device.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.testkit.Seed;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class TcpSegmenterTest {
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");
    private static final int MAX_SEGMENTS = 64;

    private final TcpSegmenter segmenter = new TcpSegmenter(MAX_SEGMENTS);
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[80_000]);
    private final FrameMetadata asked = new FrameMetadata();
    private final FrameMetadata said = new FrameMetadata();
    private final TransportChecksum checksum = new TransportChecksum();

    @Test
    void cutsAsThePlainestModelDoes() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int round = 0; round < 2000; round++) {
            final int payloadBytes = random.nextInt(random.nextInt(8) == 0 ? 65_000 : 4000);
            final RandomTcp tcp = new RandomTcp(random, payloadBytes);
            final int leastSize = Math.max(1, Math.ceilDiv(payloadBytes, MAX_SEGMENTS));
            final int size = leastSize + random.nextInt(1500);
            final boolean blank = random.nextBoolean();
            final String recipe = seed + " round " + round;
            asked.clear();
            asked.segmentInto(tcp.type(), size);
            assertThat(segmenter.begin(inRandomPieces(random, tcp.bytes), asked, blank))
                    .as(recipe)
                    .isEqualTo(TcpSegmenter.Start.READY);
            asked.clear();
            for (int i = 0; i < segmenter.segmentCount(); i++) {
                final byte[] expected = tcp.segment(i, size, blank);
                assertThat(segmenter.hasNext()).as(recipe).isTrue();
                assertThat(SPACED.formatHex(next(random.nextInt(64))))
                        .as("%s segment %s", recipe, i)
                        .isEqualTo(SPACED.formatHex(expected));
            }
            assertThat(segmenter.hasNext()).as(recipe).isFalse();
        }
    }

    private byte[] next(final int targetOffset) {
        final int longest = segmenter.segmentBytes();
        target.setMemory(0, targetOffset + longest + 8, (byte) 0xEE);
        final int lengthBytes = segmenter.next(target, targetOffset, said);
        assertThat(lengthBytes).isLessThanOrEqualTo(longest);
        assertThat(target.getByte(targetOffset + lengthBytes)).isEqualTo((byte) 0xEE);
        final byte[] bytes = new byte[lengthBytes];
        target.getBytes(targetOffset, bytes);
        return bytes;
    }

    private static FrameBytes inRandomPieces(final SplittableRandom random, final byte[] frame) {
        final int[] ends = random.ints(random.nextInt(20), 1, frame.length).toArray();
        return TestFrame.inPieces(frame, Arrays.stream(ends).sorted().distinct().toArray());
    }

    @Test
    void givesEverySegmentARightChecksum() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int round = 0; round < 200; round++) {
            final RandomTcp tcp = new RandomTcp(random, random.nextInt(5000));
            asked.segmentInto(tcp.type(), 536);
            final boolean blank = random.nextBoolean();
            segmenter.begin(TestFrame.inPieces(tcp.bytes), asked, blank);
            while (segmenter.hasNext()) {
                final byte[] segment = next(0);
                assertThat(said.checksum())
                        .isEqualTo(blank ? ChecksumState.BLANK : ChecksumState.PRESENT);
                if (blank) {
                    assertThat(
                                    InternetChecksum.fillIn(
                                            new UnsafeBuffer(segment), 0, segment.length, said))
                            .isTrue();
                }
                assertThat(checksum.verify(TestFrame.inPieces(segment)))
                        .as("%s round %s", seed, round)
                        .isEqualTo(TransportChecksum.Verdict.RIGHT);
            }
        }
    }

    @Test
    void saysOfASegmentWhatWasSaidOfTheFrame() {
        final RandomTcp tcp = new RandomTcp(new SplittableRandom(1), 3000);
        asked.segmentInto(tcp.type(), 1000);
        asked.vlanTag(0x2007);
        asked.hash(HashType.TCP_IPV4, 77);
        asked.checksumBlank(1, 2);
        assertThat(segmenter.begin(TestFrame.inPieces(tcp.bytes), asked, true))
                .isEqualTo(TcpSegmenter.Start.READY);
        next(0);
        assertThat(said.segmentation()).isEqualTo(SegmentationType.NONE);
        assertThat(said.segmentPayloadBytes()).isZero();
        assertThat(said.vlanTag()).isEqualTo(0x2007);
        assertThat(said.hash()).isEqualTo(77);
        assertThat(said.checksumStartBytes()).isEqualTo(tcp.transport);
        assertThat(said.checksumOffsetBytes()).isEqualTo(16);
    }

    @Test
    void makesOneSegmentOfWhatFitsIn() {
        final RandomTcp tcp = new RandomTcp(new SplittableRandom(1), 0);
        asked.segmentInto(tcp.type(), 1000);
        segmenter.begin(TestFrame.inPieces(tcp.bytes), asked, false);
        assertThat(segmenter.segmentCount()).isEqualTo(1);
        assertThat(SPACED.formatHex(next(0)))
                .isEqualTo(SPACED.formatHex(tcp.segment(0, 1000, false)));
        assertThatThrownBy(() -> segmenter.next(target, 0, said))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("index=1");
    }

    private static RandomTcp plainIpv4(final int payloadBytes) {
        for (int i = 0; ; i++) {
            final RandomTcp tcp = new RandomTcp(new SplittableRandom(i), payloadBytes);
            if (tcp.isIpv4 && tcp.network == 14) {
                return tcp;
            }
        }
    }

    private void refuses(final byte[] frame, final TcpSegmenter.Start reason) {
        assertThat(segmenter.begin(TestFrame.inPieces(frame), asked, false)).isEqualTo(reason);
        assertThat(segmenter.hasNext()).isFalse();
        assertThat(segmenter.segmentCount()).isZero();
    }

    @Test
    void refusesWhatIsNotAskedForOrNotTcp() {
        final RandomTcp tcp = plainIpv4(2000);
        refuses(tcp.bytes, TcpSegmenter.Start.NOT_ASKED);
        asked.segmentInto(SegmentationType.TCP_IPV6, 1000);
        refuses(tcp.bytes, TcpSegmenter.Start.NOT_TCP);
        asked.segmentInto(SegmentationType.TCP_IPV4, 1000);
        final byte[] udp = tcp.bytes.clone();
        udp[tcp.network + 9] = 17;
        refuses(udp, TcpSegmenter.Start.NOT_TCP);
        final byte[] fragment = tcp.bytes.clone();
        fragment[tcp.network + 7] = 1;
        refuses(fragment, TcpSegmenter.Start.NOT_TCP);
        refuses(new byte[60], TcpSegmenter.Start.NOT_TCP);
    }

    @Test
    void refusesAnIpv6FrameOnItsWayByARoutingHeader() {
        final TestFrame frame =
                new TestFrame()
                        .ethernet()
                        .hex("86dd")
                        .ipv6(43, "fe80".repeat(16), 44)
                        .hex("0602 0001 00000000" + "00".repeat(16))
                        .bytes(new byte[12])
                        .hex("5000 0000 0000 0000");
        asked.segmentInto(SegmentationType.TCP_IPV6, 1000);
        refuses(frame.toBytes(), TcpSegmenter.Start.NOT_TCP);
    }

    @Test
    void refusesHeadersThatEndOutside() {
        asked.segmentInto(SegmentationType.TCP_IPV4, 1000);
        final RandomTcp tcp = plainIpv4(0);
        for (int length = tcp.network + 20; length < tcp.headerBytes; length++) {
            refuses(Arrays.copyOf(tcp.bytes, length), TcpSegmenter.Start.BAD_HEADER);
        }
        for (int words = 0; words < 5; words++) {
            final byte[] shortHeader = plainIpv4(100).bytes;
            shortHeader[tcp.transport + 12] = (byte) (words << 4);
            refuses(shortHeader, TcpSegmenter.Start.BAD_HEADER);
        }
    }

    @Test
    void refusesHeadersLongerThanItLooksAt() {
        // 14 + 40 + 184 bytes of extension and 20 of TCP: two more than 256.
        final TestFrame frame =
                new TestFrame()
                        .ethernet()
                        .hex("86dd")
                        .ipv6(60, "fe80".repeat(16), 4000)
                        .hex("0616" + "00".repeat(182))
                        .bytes(new byte[12])
                        .hex("5000 0000 0000 0000")
                        .bytes(new byte[3000]);
        asked.segmentInto(SegmentationType.TCP_IPV6, 1000);
        refuses(frame.toBytes(), TcpSegmenter.Start.BAD_HEADER);
    }

    @Test
    void refusesMoreSegmentsThanAllowed() {
        final RandomTcp tcp = plainIpv4(MAX_SEGMENTS + 1);
        asked.segmentInto(SegmentationType.TCP_IPV4, 1);
        refuses(tcp.bytes, TcpSegmenter.Start.TOO_MANY);
        asked.segmentInto(SegmentationType.TCP_IPV4, 2);
        assertThat(segmenter.begin(TestFrame.inPieces(tcp.bytes), asked, false))
                .isEqualTo(TcpSegmenter.Start.READY);
    }

    @Test
    void refusesSegmentsLongerThanIpCanSay() {
        final RandomTcp shortOne = plainIpv4(0);
        final int most = 0xFFFF - (shortOne.headerBytes - shortOne.network);
        asked.segmentInto(SegmentationType.TCP_IPV4, most);
        assertThat(segmenter.begin(TestFrame.inPieces(plainIpv4(most).bytes), asked, false))
                .isEqualTo(TcpSegmenter.Start.READY);
        asked.segmentInto(SegmentationType.TCP_IPV4, Integer.MAX_VALUE);
        refuses(plainIpv4(most + 1).bytes, TcpSegmenter.Start.TOO_LONG);
    }

    @Test
    void standsRandomBytesInPlaceOfHeaders() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int round = 0; round < 20_000; round++) {
            final byte[] frame = new RandomTcp(random, random.nextInt(300)).bytes;
            for (int i = 0; i < 3; i++) {
                frame[12 + random.nextInt(Math.min(frame.length - 12, 70))] =
                        (byte) random.nextInt();
            }
            asked.segmentInto(
                    random.nextBoolean() ? SegmentationType.TCP_IPV4 : SegmentationType.TCP_IPV6,
                    1 + random.nextInt(200));
            final byte[] cut = Arrays.copyOf(frame, 2 + random.nextInt(frame.length - 1));
            segmenter.begin(inRandomPieces(random, cut), asked, random.nextBoolean());
            int written = 0;
            while (segmenter.hasNext()) {
                written += segmenter.next(target, 0, said);
            }
            assertThat(written)
                    .as("%s round %s", seed, round)
                    .isLessThanOrEqualTo(MAX_SEGMENTS * cut.length);
        }
    }
}
