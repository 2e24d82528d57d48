package io.ringside.device.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class InternetChecksumTest {
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

    @Test
    void sumsTheExampleOfRfc1071() {
        final UnsafeBuffer bytes = hex("00 01 f2 03 f4 f5 f6 f7");
        assertThat(InternetChecksum.add(0, bytes, 0, 8)).isEqualTo(0xDDF2);
        assertThat(InternetChecksum.finish(0xDDF2)).isEqualTo(0x220D);
    }

    /** The example of RFC 1624, section 4: a word 0x5555 becomes 0x3285, all others are 0xCD7A. */
    @Test
    void endsAsTheExampleOfRfc1624() {
        assertThat(InternetChecksum.finish(InternetChecksum.addWord(0xCD7A, 0x5555)))
                .isEqualTo(0xDD2F);
        assertThat(InternetChecksum.finish(InternetChecksum.addWord(0xCD7A, 0x3285)))
                .isEqualTo(0x0000);
    }

    @Test
    void addsAnOddByteAsTheHigherOfAWord() {
        assertThat(InternetChecksum.add(0, hex("12"), 0, 1)).isEqualTo(0x1200);
        assertThat(InternetChecksum.add(0x1200, hex("00 34 56"), 0, 3)).isEqualTo(0x6834);
    }

    @Test
    void sumsAsWordByWordWhereverAPieceEnds() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int round = 0; round < 2000; round++) {
            final byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (round % 4 == 0) {
                Arrays.fill(bytes, (byte) 0xFF);
            }
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            final int even = random.nextInt(bytes.length / 2 + 1) * 2;
            final int first = InternetChecksum.add(0, buffer, 0, even);
            assertThat(InternetChecksum.add(first, buffer, even, bytes.length - even))
                    .as("%s round %s", seed, round)
                    .isEqualTo(NaiveChecksum.sum(0, bytes, 0, bytes.length));
        }
    }

    @Test
    void sumsAStretchOfAFrameInPiecesHoweverOddTheyAre() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int round = 0; round < 2000; round++) {
            final byte[] bytes = new byte[2 + random.nextInt(100)];
            random.nextBytes(bytes);
            final int[] ends = random.ints(random.nextInt(8), 1, bytes.length).toArray();
            final FrameBytes frame =
                    TestFrame.inPieces(bytes, Arrays.stream(ends).sorted().distinct().toArray());
            final int start = random.nextInt(bytes.length);
            final int count = random.nextInt(bytes.length - start + 1);
            assertThat(InternetChecksum.sum(frame, start, count))
                    .as("%s round %s", seed, round)
                    .isEqualTo(NaiveChecksum.sum(0, bytes, start, start + count));
        }
    }

    @Test
    void fillsInAFieldThatIsDividedBetweenPieces() {
        final byte[] bytes = SPACED.parseHex("aa bb cc 12 34 00 07 56 78");
        final FrameMetadata metadata = new FrameMetadata();
        for (int end = 1; end < 9; end++) {
            final FrameBytes frame = TestFrame.inPieces(bytes, end);
            metadata.checksumBlank(3, 2);
            assertThat(InternetChecksum.fillIn(frame, metadata)).isTrue();
            final UnsafeBuffer whole = new UnsafeBuffer(new byte[9]);
            frame.copyHead(whole, 0, 9);
            assertThat(SPACED.formatHex(whole.byteArray())).isEqualTo("aa bb cc 12 34 97 4c 56 78");
            assertThat(metadata.checksum()).isEqualTo(ChecksumState.PRESENT);
        }
        metadata.checksumBlank(8, 0);
        assertThat(InternetChecksum.fillIn(TestFrame.inPieces(bytes), metadata)).isFalse();
        assertThat(metadata.checksum()).isEqualTo(ChecksumState.BLANK);
    }

    @Test
    void fillsInAFieldSoThatTheWholeSumsToAllOnes() {
        // A start at byte 3, six bytes to be summed, the field at the second of their words.
        final UnsafeBuffer frame = hex("aa bb cc 12 34 00 07 56 78");
        final FrameMetadata metadata = new FrameMetadata();
        metadata.checksumBlank(3, 2);
        assertThat(InternetChecksum.fillIn(frame, 0, 9, metadata)).isTrue();
        assertThat(SPACED.formatHex(frame.byteArray())).isEqualTo("aa bb cc 12 34 97 4c 56 78");
        assertThat(metadata.checksum()).isEqualTo(ChecksumState.PRESENT);
    }

    @Test
    void writesAllOnesForASumOfZero() {
        final UnsafeBuffer frame = hex("ff f0 00 0f");
        final FrameMetadata metadata = new FrameMetadata();
        metadata.checksumBlank(0, 2);
        assertThat(InternetChecksum.fillIn(frame, 0, 4, metadata)).isTrue();
        assertThat(SPACED.formatHex(frame.byteArray())).isEqualTo("ff f0 ff ff");
    }

    @Test
    void leavesAFrameWhoseFieldLiesOutside() {
        final int[][] places = {
            {0, 8},
            {8, 0},
            {9, -2},
            {10, 0},
            {-1, 2},
            {0, -1},
            {Integer.MAX_VALUE, 2},
            {2, Integer.MAX_VALUE},
            {Integer.MIN_VALUE, 0}
        };
        for (final int[] place : places) {
            final UnsafeBuffer frame = hex("01 02 03 04 05 06 07 08 09");
            final FrameMetadata metadata = new FrameMetadata();
            metadata.checksumBlank(place[0], place[1]);
            assertThat(InternetChecksum.fillIn(frame, 0, 9, metadata))
                    .as("start %s offset %s", place[0], place[1])
                    .isFalse();
            assertThat(SPACED.formatHex(frame.byteArray())).isEqualTo("01 02 03 04 05 06 07 08 09");
            assertThat(metadata.checksum()).isEqualTo(ChecksumState.BLANK);
        }
    }

    private static UnsafeBuffer hex(final String spaced) {
        return new UnsafeBuffer(SPACED.parseHex(spaced));
    }
}
