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
        int count = vectors.layOut(request);
        while (count > 0) {
            long asked = 0;
            for (int i = 0; i < count; i++) {
                assertThat(vectors.lengthBytes(i)).isPositive();
                asked += vectors.lengthBytes(i);
            }
            final long part = random.nextBoolean() ? asked : 1 + random.nextLong(asked);
            long left = part;
            for (int i = 0; i < count; i++) {
                for (long b = 0; b < vectors.lengthBytes(i) && left > 0; b++, left--) {
                    moved.add(vectors.address(i) + b);
                }
            }
            vectors.moved(request, part);
            count = vectors.layOut(request);
        }
        return moved;
    }
}
