package io.ringside.device.media;

import static io.ringside.device.media.StoreRig.memory;
import static io.ringside.device.media.StoreRig.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class RamStoreTest extends DiscardContract {
    @Override
    BlockStore open(final byte[] bytes, final Access access) throws IOException {
        return RamStore.loadedFrom(
                new ByteArrayInputStream(bytes),
                bytes.length / BlockStore.SECTOR_BYTES,
                access,
                DEPTH);
    }

    @Test
    void holdsMoreThanOneBufferCan() {
        final long sectors = (5L << 30) / BlockStore.SECTOR_BYTES;
        final long secondChunk = (1L << 30) / BlockStore.SECTOR_BYTES;
        final byte[] bytes = new byte[4 * BlockStore.SECTOR_BYTES];
        try (RamStore store = RamStore.zeroed(sectors)) {
            final StoreRig rig = new StoreRig(store);
            for (int chunk = 1; chunk <= 4; chunk++) {
                Arrays.fill(bytes, (byte) chunk);
                assertThat(rig.write(chunk * secondChunk - 2, bytes))
                        .isEqualTo(StoreRequest.Status.OK);
            }
            for (int chunk = 1; chunk <= 4; chunk++) {
                Arrays.fill(bytes, (byte) chunk);
                assertThat(rig.read(chunk * secondChunk - 2, bytes.length)).isEqualTo(bytes);
            }
            Arrays.fill(bytes, (byte) 0);
            assertThat(rig.read(sectors - 4, bytes.length)).isEqualTo(bytes);
        }
    }

    @Test
    void givesTheMemoryOfADiscardedRangeBack() throws IOException {
        final int sectors = 1 << 17;
        final byte[] bytes = new byte[sectors * BlockStore.SECTOR_BYTES];
        Arrays.fill(bytes, (byte) 1);
        try (RamStore store =
                RamStore.loadedFrom(new ByteArrayInputStream(bytes), sectors, Access.READ_WRITE)) {
            final long before = sharedKib();
            final StoreRig rig = new StoreRig(store);
            assertThat(rig.discard(1, sectors - 2)).isEqualTo(StoreRequest.Status.OK);
            assertThat(before - sharedKib()).isGreaterThan(sectors / 4);
            Arrays.fill(
                    bytes,
                    BlockStore.SECTOR_BYTES,
                    bytes.length - BlockStore.SECTOR_BYTES,
                    (byte) 0);
            assertThat(Arrays.equals(rig.read(0, bytes.length), bytes)).isTrue();
        }
    }

    /** Shared memory that this process has in use, by proc(5). */
    private static long sharedKib() throws IOException {
        for (final String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("RssShmem:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no RssShmem in /proc/self/status");
    }

    @Test
    void finishesWithinSubmitInTheOrderOfSubmission() {
        try (RamStore store = RamStore.zeroed(8, 3)) {
            final StoreRig rig = new StoreRig(store);
            store.wakeWith(() -> fail("woken"));
            for (int round = 0; round < 5; round++) {
                final StoreRequest first = request(StoreRequest.Operation.FLUSH, 0);
                final StoreRequest second = request(StoreRequest.Operation.FLUSH, 0);
                store.submit(first);
                store.submit(second);
                assertThat(store.poll(rig, 8)).isEqualTo(2);
                assertThat(rig.completed()).endsWith(first, second);
            }
        }
    }

    private static void fail(final String what) {
        throw new AssertionError(what);
    }

    @Test
    void fillsUpWithZerosBehindAShorterSource() throws IOException {
        final byte[] source = {1, 2, 3};
        try (RamStore store =
                RamStore.loadedFrom(new ByteArrayInputStream(source), 2, Access.READ_ONLY)) {
            final byte[] expected = new byte[2 * BlockStore.SECTOR_BYTES];
            System.arraycopy(source, 0, expected, 0, source.length);
            assertThat(new StoreRig(store).read(0, expected.length)).isEqualTo(expected);
        }
    }

    @Test
    void refusesASourceThatIsLongerThanTheMedium() {
        assertThatThrownBy(() ->
                        RamStore.loadedFrom(
                                new ByteArrayInputStream(new byte[513]), 1, Access.READ_ONLY))
                .isInstanceOf(IOException.class)
                .hasMessage("the source is longer than the medium: sizeBytes=512");
    }

    @Test
    void refusesASizeThatCannotBe() {
        assertThatThrownBy(() -> RamStore.zeroed(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("size out of range: sectors=0");
        assertThatThrownBy(() -> RamStore.zeroed(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RamStore.zeroed(Long.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void showsAnyRangeOfBytesBesideTheRequests() {
        try (RamStore store = RamStore.zeroed(4)) {
            final UnsafeBuffer from = memory(512);
            from.putBytes(506, new byte[] {1, 2, 3, 4, 5, 6});
            new StoreRig(store).run(request(StoreRequest.Operation.WRITE, 1, from));

            final byte[] bytes = new byte[8];
            final UnsafeBuffer into = new UnsafeBuffer(bytes);
            store.read(1019, into, 1, 6);
            assertThat(bytes).containsExactly(0, 2, 3, 4, 5, 6, 0, 0);
            assertThatThrownBy(() -> store.read(2047, into, 0, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "no such range: offsetBytes=2047 lengthBytes=2 sectors=4 closed=false");
            assertThatThrownBy(() -> store.read(-1, into, 0, 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
