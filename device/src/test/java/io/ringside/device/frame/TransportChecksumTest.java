package io.ringside.device.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.TransportChecksum.Verdict;
import io.ringside.testkit.Seed;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class TransportChecksumTest {
    private static final int UDP = 17;

    private final TransportChecksum checksum = new TransportChecksum();
    private final FrameMetadata metadata = new FrameMetadata();

    /** A datagram with a right sum, which a plain model has put there, and six bytes of padding. */
    private static byte[] udp(final boolean ipv4, final byte[] payload) {
        final int transportBytes = 8 + payload.length;
        final TestFrame frame = new TestFrame().ethernet("8100");
        if (ipv4) {
            frame.hex("0800").ipv4(UDP, 0, "0a000001 0a000002", "01010101", transportBytes);
        } else {
            frame.hex("86dd").ipv6(UDP, "fe80".repeat(16), transportBytes);
        }
        frame.hex("1000 2000").word(transportBytes).word(0).bytes(payload);
        final byte[] whole = frame.bytes(new byte[] {1, 2, 3, 4, 5, 6}).toBytes();
        final int transport = ipv4 ? 18 + 24 : 18 + 40;
        final int addresses = ipv4 ? 18 + 12 : 18 + 8;
        final int pseudo =
                NaiveChecksum.pseudoHeader(
                        whole, addresses, addresses + (ipv4 ? 8 : 32), UDP, transportBytes);
        RandomTcp.put(
                whole,
                transport + 6,
                ~NaiveChecksum.sum(pseudo, whole, transport, transport + transportBytes));
        return whole;
    }

    private void verifies(final byte[] frame, final Verdict verdict) {
        assertThat(checksum.verify(TestFrame.inPieces(frame))).isEqualTo(verdict);
        assertThat(checksum.verify(TestFrame.inPieces(frame, 1, 44, 59))).isEqualTo(verdict);
    }

    @Test
    void tellsARightSumFromAWrongOne() {
        for (final boolean ipv4 : new boolean[] {true, false}) {
            final byte[] frame = udp(ipv4, new byte[] {9, 8, 7, 6, 5, 4, 3});
            verifies(frame, Verdict.RIGHT);
            frame[frame.length - 7] ^= 1;
            verifies(frame, Verdict.WRONG);
            frame[frame.length - 7] ^= 1;
            frame[frame.length - 6] ^= 1;
            verifies(frame, Verdict.RIGHT);
        }
    }

    @Test
    void findsEveryWrongBitOfATcpSegment() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int round = 0; round < 1000; round++) {
            final RandomTcp tcp = new RandomTcp(random, 10 + random.nextInt(200));
            final byte[] frame = tcp.segment(0, 5000, false);
            final int[] ends = random.ints(random.nextInt(8), 1, frame.length).toArray();
            final int[] places = Arrays.stream(ends).sorted().distinct().toArray();
            assertThat(checksum.verify(TestFrame.inPieces(frame, places)))
                    .as("%s round %s", seed, round)
                    .isEqualTo(Verdict.RIGHT);
            frame[tcp.headerBytes + random.nextInt(10)] ^= (byte) (1 << random.nextInt(8));
            assertThat(checksum.verify(TestFrame.inPieces(frame, places)))
                    .as("%s round %s", seed, round)
                    .isEqualTo(Verdict.WRONG);
        }
    }

    @Test
    void takesUdpWithoutASumOverIpv4Alone() {
        final byte[] frame = udp(true, new byte[10]);
        RandomTcp.put(frame, 18 + 24 + 6, 0);
        verifies(frame, Verdict.RIGHT);
        final byte[] six = udp(false, new byte[10]);
        RandomTcp.put(six, 18 + 40 + 6, 0);
        verifies(six, Verdict.WRONG);
    }

    @Test
    void judgesNothingThatIsNotWhole() {
        final byte[] frame = udp(true, new byte[10]);
        for (int length = 1; length < frame.length - 6; length++) {
            assertThat(checksum.verify(TestFrame.inPieces(Arrays.copyOf(frame, length))))
                    .as("length %s", length)
                    .isEqualTo(Verdict.UNKNOWN);
        }
        final byte[] fragment = frame.clone();
        fragment[18 + 6] = 0x20;
        verifies(fragment, Verdict.UNKNOWN);
        final byte[] otherLength = frame.clone();
        otherLength[18 + 24 + 5]++;
        verifies(otherLength, Verdict.UNKNOWN);
        final byte[] shortIp = frame.clone();
        RandomTcp.put(shortIp, 18 + 2, 24 + 7);
        verifies(shortIp, Verdict.UNKNOWN);
        final byte[] icmp = frame.clone();
        icmp[18 + 9] = 1;
        verifies(icmp, Verdict.UNKNOWN);
    }

    @Test
    void findsTheFieldByTheHeaders() {
        assertThat(checksum.locate(TestFrame.inPieces(udp(true, new byte[4])), metadata)).isTrue();
        assertThat(metadata.checksum()).isEqualTo(ChecksumState.BLANK);
        assertThat(metadata.checksumStartBytes()).isEqualTo(18 + 24);
        assertThat(metadata.checksumOffsetBytes()).isEqualTo(6);
        final RandomTcp tcp = new RandomTcp(new SplittableRandom(1), 4);
        assertThat(checksum.locate(TestFrame.inPieces(tcp.bytes, 15), metadata)).isTrue();
        assertThat(metadata.checksumStartBytes()).isEqualTo(tcp.transport);
        assertThat(metadata.checksumOffsetBytes()).isEqualTo(16);
        metadata.clear();
        assertThat(checksum.locate(TestFrame.inPieces(new byte[60]), metadata)).isFalse();
        assertThat(metadata.checksum()).isEqualTo(ChecksumState.PRESENT);
    }
}
