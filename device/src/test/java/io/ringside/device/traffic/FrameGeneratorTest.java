package io.ringside.device.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.frame.FlowHash;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.HashType;
import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.Toeplitz;
import io.ringside.device.frame.TransportChecksum;
import io.ringside.device.host.Packet;
import io.ringside.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class FrameGeneratorTest {
    private static final long HOST = 0x0200_0000_0001L;
    private static final long GUEST = 0x0200_0000_0002L;

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(20_000));
    private final FrameMetadata metadata = new FrameMetadata();

    private static String hex(final UnsafeBuffer memory, final int at, final int count) {
        final byte[] bytes = new byte[count];
        memory.getBytes(at, bytes);
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    @Test
    void writesTheBytesThatTheDrawingShows() {
        final Traffic traffic = new Traffic(HOST, GUEST, 4, FrameMix.BYTES_64);
        final FrameGenerator generator = new FrameGenerator(traffic, false);
        for (int i = 0; i < 6; i++) {
            generator.write(memory, 8, 0x0123_4567_89AB_CDEFL, metadata);
        }
        assertThat(hex(memory, 8, 60))
                .isEqualTo(
                        "02 00 00 00 00 02 02 00 00 00 00 01 08 00 45 00 00 2e 00 00 40 00 40 11 "
                                + "ae 95 c6 12 00 02 c6 13 00 02 9c 41 00 09 00 1a "
                                + "e6 ca 52 53 00 01 00 00 00 00 00 01 01 23 45 67 89 ab cd ef");
    }

    @Test
    void writesRightChecksumsOverWhateverStoodThere() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final TransportChecksum checksum = new TransportChecksum();
        for (final FrameMix mix : List.of(FrameMix.BYTES_64, FrameMix.IMIX, FrameMix.MTU_9000)) {
            final Traffic traffic = new Traffic(HOST, GUEST, 1 + random.nextInt(9), mix);
            final FrameGenerator generator = new FrameGenerator(traffic, false);
            traffic.prepare(memory, 3);
            for (int i = 0; i < 3000; i++) {
                generator.skipRounds(random.nextInt(1 << 30));
                final int expectedBytes = generator.nextBytes();
                final int lengthBytes = generator.write(memory, 3, random.nextLong(), metadata);
                assertThat(lengthBytes).isEqualTo(expectedBytes);
                assertThat(InternetChecksum.add(0, memory, 3 + 14, 20)).isEqualTo(0xFFFF);
                assertThat(checksum.verify(new Packet(1, 0).add(memory, 3, lengthBytes)))
                        .as("%s %s frame %s", seed, mix.name(), i)
                        .isEqualTo(TransportChecksum.Verdict.RIGHT);
            }
        }
    }

    @Test
    void leavesASumThatFillInMakesTheSame() {
        final Traffic traffic = new Traffic(HOST, GUEST, 4, FrameMix.IMIX);
        final FrameGenerator whole = new FrameGenerator(traffic, false);
        final FrameGenerator blank = new FrameGenerator(traffic, true);
        traffic.prepare(memory, 0);
        traffic.prepare(memory, 10_000);
        for (int i = 0; i < 100; i++) {
            final int lengthBytes = whole.write(memory, 0, i * 7919L, metadata);
            blank.write(memory, 10_000, i * 7919L, metadata);
            assertThat(InternetChecksum.fillIn(memory, 10_000, lengthBytes, metadata)).isTrue();
            assertThat(hex(memory, 10_000, lengthBytes)).isEqualTo(hex(memory, 0, lengthBytes));
        }
    }

    @Test
    void givesEveryFlowTheSameMix() {
        final Traffic traffic = new Traffic(HOST, GUEST, 8, FrameMix.IMIX);
        final FrameGenerator generator = new FrameGenerator(traffic, false);
        final int[] bytes = new int[8];
        assertThat(generator.roundFrames()).isEqualTo(96);
        for (int i = 0; i < generator.roundFrames(); i++) {
            final int lengthBytes = generator.write(memory, 0, 0, metadata);
            bytes[Traffic.flow(memory, 0)] += lengthBytes;
        }
        for (final int each : bytes) {
            assertThat(each).isEqualTo(7 * 60 + 4 * 590 + 1514);
        }
        assertThat(generator.frames()).isEqualTo(96);
    }

    @Test
    void spreadsFlowsOverQueuesByTheirAddressesAlone() {
        final Toeplitz toeplitz = new Toeplitz();
        final byte[] key = new byte[40];
        new SplittableRandom(7).nextBytes(key);
        toeplitz.key(new UnsafeBuffer(key), 0, key.length);
        final FlowHash hash = new FlowHash(toeplitz);
        hash.enable(EnumSet.of(HashType.IPV4));
        final Traffic traffic = new Traffic(HOST, GUEST, 64, FrameMix.BYTES_64);
        final FrameGenerator generator = new FrameGenerator(traffic, false);
        final int[] queues = new int[4];
        for (int i = 0; i < 64; i++) {
            hash.hash(memory, 0, generator.write(memory, 0, 0, metadata), metadata);
            queues[metadata.hash() & 3]++;
        }
        for (final int flows : queues) {
            assertThat(flows).isBetween(8, 24);
        }
    }

    @Test
    void skipsAsIfItHadWritten() {
        final Traffic traffic = new Traffic(HOST, GUEST, 3, FrameMix.IMIX);
        final FrameGenerator one = new FrameGenerator(traffic, false);
        final FrameGenerator other = new FrameGenerator(traffic, false);
        traffic.prepare(memory, 0);
        traffic.prepare(memory, 10_000);
        for (int i = 0; i < 5 * one.roundFrames() + 7; i++) {
            one.write(memory, 0, 0, metadata);
        }
        other.skipRounds(5);
        for (int i = 0; i < 7; i++) {
            other.skip();
        }
        assertThat(other.frames()).isEqualTo(one.frames());
        final int lengthBytes = one.write(memory, 0, 5, metadata);
        assertThat(other.write(memory, 10_000, 5, metadata)).isEqualTo(lengthBytes);
        assertThat(hex(memory, 10_000, lengthBytes)).isEqualTo(hex(memory, 0, lengthBytes));
    }

    @Test
    void refusesMixesAndTrafficThatCannotBe() {
        assertThatThrownBy(() -> FrameMix.of(59)).hasMessageContaining("lengthBytes=59");
        assertThatThrownBy(() -> FrameMix.of(65_536)).hasMessageContaining("lengthBytes=65536");
        assertThatThrownBy(() -> new FrameMix("none", List.of())).hasMessageContaining("name=none");
        assertThatThrownBy(() -> new FrameMix("near", List.of(60, 67)))
                .hasMessageContaining("60 and 67");
        assertThatThrownBy(() -> new Traffic(HOST, GUEST, 0, FrameMix.IMIX))
                .hasMessageContaining("flows=0");
        assertThatThrownBy(() -> new Traffic(HOST, GUEST, 1025, FrameMix.IMIX))
                .hasMessageContaining("flows=1025");
        assertThatThrownBy(() -> LineRate.gigabits(0)).hasMessageContaining("gigabits=0");
        assertThatThrownBy(() -> LineRate.gigabits(10, 101)).hasMessageContaining("percent=101");
    }
}
