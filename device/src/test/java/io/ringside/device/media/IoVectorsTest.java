package io.ringside.device.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.StoreRequest;
import io.ringside.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class IoVectorsTest {
    private final IoVectors vectors = new IoVectors();

    /** Lays its vectors out as struct iovec: an address, then a length. */
    @Test
    void laysVectorsAtTheBytesOfStructIovec() {
        final StoreRequest request =
                StoreRig.request(
                        StoreRequest.Operation.READ,
                        0,
                        new UnsafeBuffer(0x1122334455667000L, 512),
                        new UnsafeBuffer(0x7000, 1024));
        vectors.start();
        assertThat(vectors.layOut(request)).isEqualTo(2);

        final UnsafeBuffer raw = new UnsafeBuffer(vectors.address(), 32);
        assertThat(raw.getLong(0)).isEqualTo(0x1122334455667000L);
        assertThat(raw.getLong(8)).isEqualTo(512);
        assertThat(raw.getLong(16)).isEqualTo(0x7000);
        assertThat(raw.getLong(24)).isEqualTo(1024);
    }

    @Test
    void namesEveryByteOnceInOrderHoweverShortTheCallsAre() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int round = 0; round < 500; round++) {
            final StoreRequest request = new StoreRequest(12, 0);
            request.reset(StoreRequest.Operation.WRITE, 0);
            final List<Long> expected = new ArrayList<>();
            final int pieces = random.nextInt(12);
            for (int i = 0; i < pieces; i++) {
                final long address = 0x10000L * (1 + random.nextInt(100));
                final int lengthBytes = 512 * random.nextInt(3);
                request.nextSegment().wrap(address, lengthBytes);
                request.added();
                for (int b = 0; b < lengthBytes; b++) {
                    expected.add(address + b);
                }
            }
            assertThat(moveAll(request, random))
                    .as("round=%d, %s", round, seed)
                    .isEqualTo(expected);
        }
    }

    /** Moves a random part of what is laid out with each call, until nothing is. */
    private List<Long> moveAll(final StoreRequest request, final SplittableRandom random) {
        final List<Long> moved = new ArrayList<>();
        vectors.start();
        long most = 1L + random.nextInt(2000);
        int count = vectors.layOut(request, most);
        while (count > 0) {
            long asked = 0;
            for (int i = 0; i < count; i++) {
                assertThat(vectors.lengthBytes(i)).isPositive();
                asked += vectors.lengthBytes(i);
            }
            assertThat(asked).isLessThanOrEqualTo(most);
            final long part = random.nextBoolean() ? asked : 1 + random.nextLong(asked);
            long left = part;
            for (int i = 0; i < count; i++) {
                for (long b = 0; b < vectors.lengthBytes(i) && left > 0; b++, left--) {
                    moved.add(vectors.address(i) + b);
                }
            }
            vectors.moved(request, part);
            most = random.nextBoolean() ? Long.MAX_VALUE : 1L + random.nextInt(2000);
            count = vectors.layOut(request, most);
        }
        return moved;
    }

    @Test
    void clearsTheNextBytesOnlyAndGoesOnBehindThem() {
        final UnsafeBuffer first = StoreRig.memory(1024);
        final UnsafeBuffer second = StoreRig.memory(512);
        final UnsafeBuffer third = StoreRig.memory(1024);
        final UnsafeBuffer[] all = {first, second, third};
        for (final UnsafeBuffer each : all) {
            each.setMemory(0, each.capacity(), (byte) 1);
        }
        final StoreRequest request = StoreRig.request(StoreRequest.Operation.READ, 0, all);
        vectors.start();
        vectors.moved(request, 512);
        vectors.clear(request, 1536);

        assertThat(first.getByte(511)).isEqualTo((byte) 1);
        assertThat(first.getByte(512)).isZero();
        assertThat(second.getByte(511)).isZero();
        assertThat(third.getByte(511)).isZero();
        assertThat(third.getByte(512)).isEqualTo((byte) 1);
        assertThat(vectors.layOut(request)).isEqualTo(1);
        assertThat(vectors.address(0)).isEqualTo(third.addressOffset() + 512);
        assertThat(vectors.lengthBytes(0)).isEqualTo(512);
    }
}
