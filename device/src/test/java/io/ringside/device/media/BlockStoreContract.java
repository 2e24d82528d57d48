package io.ringside.device.media;

import static io.ringside.device.media.StoreRig.memory;
import static io.ringside.device.media.StoreRig.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import io.ringside.device.host.StoreRequest.Operation;
import io.ringside.device.host.StoreRequest.Status;
import io.ringside.testkit.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store owes its backend; the time limit only ends a run that lost a request. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class BlockStoreContract {
    static final int SECTORS = 64;
    static final int DEPTH = 16;
    static final int SECTOR_BYTES = BlockStore.SECTOR_BYTES;
    private static final StoreCompletions IGNORE = request -> {};

    final Seed seed = Seed.ofRun();
    final SplittableRandom random = seed.random();
    final byte[] content = bytes(SECTORS * SECTOR_BYTES);

    /** Opens a store that holds these bytes and has room for {@link #DEPTH} requests. */
    abstract BlockStore open(byte[] bytes, Access access) throws Exception;

    byte[] bytes(final int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void hasTheSizeAndTheContentItWasOpenedWith() throws Exception {
        try (BlockStore store = open(content, Access.READ_WRITE)) {
            assertThat(store.sectors()).isEqualTo(SECTORS);
            assertThat(store.isReadOnly()).isFalse();
            assertThat(new StoreRig(store).read(0, content.length)).isEqualTo(content);
        }
    }

    @Test
    void readsBackWhatWasWrittenAtEverySplitIntoSegments() throws Exception {
        final int sectors = 7;
        try (BlockStore store = open(content, Access.READ_WRITE)) {
            final StoreRig rig = new StoreRig(store);
            for (int split = 0; split < 1 << (sectors - 1); split++) {
                final byte[] written = bytes(sectors * SECTOR_BYTES);
                final long sector = random.nextInt(SECTORS - sectors + 1);
                final UnsafeBuffer[] from = pieces(split, sectors);
                scatter(written, from);
                assertThat(rig.run(request(Operation.WRITE, sector, from))).isEqualTo(Status.OK);

                final UnsafeBuffer[] into = pieces(random.nextInt(1 << (sectors - 1)), sectors);
                assertThat(rig.run(request(Operation.READ, sector, into))).isEqualTo(Status.OK);
                assertThat(gather(into)).as("split=%d, %s", split, seed).isEqualTo(written);
                System.arraycopy(written, 0, content, (int) sector * SECTOR_BYTES, written.length);
            }
            assertThat(rig.read(0, content.length)).as("%s", seed).isEqualTo(content);
        }
    }

    /** Pieces that end where a bit of {@code split} is set, apart from one another. */
    private static UnsafeBuffer[] pieces(final int split, final int sectors) {
        final List<UnsafeBuffer> pieces = new ArrayList<>();
        int from = 0;
        for (int sector = 1; sector <= sectors; sector++) {
            if (sector == sectors || (split & 1 << (sector - 1)) != 0) {
                pieces.add(memory((sector - from) * SECTOR_BYTES));
                from = sector;
            }
        }
        return pieces.toArray(new UnsafeBuffer[0]);
    }

    private static void scatter(final byte[] bytes, final UnsafeBuffer[] pieces) {
        int at = 0;
        for (final UnsafeBuffer piece : pieces) {
            piece.putBytes(0, bytes, at, piece.capacity());
            at += piece.capacity();
        }
    }

    private static byte[] gather(final UnsafeBuffer[] pieces) {
        byte[] bytes = new byte[0];
        for (final UnsafeBuffer piece : pieces) {
            final int at = bytes.length;
            bytes = Arrays.copyOf(bytes, at + piece.capacity());
            piece.getBytes(0, bytes, at, piece.capacity());
        }
        return bytes;
    }

    @Test
    void failsEveryRangeOutsideOfTheMediumAndTouchesNothing() throws Exception {
        final long[] sectors = {
            SECTORS,
            SECTORS - 1,
            SECTORS + 1,
            -1,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            1L << 55,
            Long.MAX_VALUE / SECTOR_BYTES,
            -2
        };
        try (BlockStore store = open(content, Access.READ_WRITE)) {
            final StoreRig rig = new StoreRig(store);
            for (final long sector : sectors) {
                final UnsafeBuffer memory = memory(2 * SECTOR_BYTES);
                assertThat(rig.run(request(Operation.WRITE, sector, memory)))
                        .as("write at sector %d", sector)
                        .isEqualTo(Status.ERROR);
                assertThat(rig.run(request(Operation.READ, sector, memory)))
                        .as("read at sector %d", sector)
                        .isEqualTo(Status.ERROR);
                assertThat(memory.getLong(0)).isZero();
            }
            assertThat(rig.read(0, content.length)).isEqualTo(content);
        }
    }

    @Test
    void takesRequestsWithoutLength() throws Exception {
        try (BlockStore store = open(content, Access.READ_WRITE)) {
            final StoreRig rig = new StoreRig(store);
            assertThat(rig.run(request(Operation.READ, SECTORS))).isEqualTo(Status.OK);
            assertThat(rig.run(request(Operation.WRITE, 0))).isEqualTo(Status.OK);
            assertThat(rig.run(request(Operation.READ, SECTORS + 1))).isEqualTo(Status.ERROR);
            assertThat(rig.run(request(Operation.WRITE, -1))).isEqualTo(Status.ERROR);

            final UnsafeBuffer last = memory(SECTOR_BYTES);
            assertThat(rig.run(request(Operation.READ, 1, memory(0), memory(0), last)))
                    .isEqualTo(Status.OK);
            assertThat(gather(new UnsafeBuffer[] {last}))
                    .isEqualTo(Arrays.copyOfRange(content, SECTOR_BYTES, 2 * SECTOR_BYTES));
        }
    }

    @Test
    void refusesWritesAndNothingElseWhenOpenForReadingOnly() throws Exception {
        try (BlockStore store = open(content, Access.READ_ONLY)) {
            final StoreRig rig = new StoreRig(store);
            assertThat(store.isReadOnly()).isTrue();
            assertThat(rig.write(0, bytes(SECTOR_BYTES))).isEqualTo(Status.READ_ONLY);
            assertThat(rig.write(SECTORS, bytes(SECTOR_BYTES))).isEqualTo(Status.READ_ONLY);
            assertThat(rig.flush()).isEqualTo(Status.OK);
            assertThat(rig.read(0, content.length)).isEqualTo(content);
        }
    }

    @Test
    void flushesAfterWritesWhateverSectorItIsGiven() throws Exception {
        try (BlockStore store = open(content, Access.READ_WRITE)) {
            final StoreRig rig = new StoreRig(store);
            assertThat(rig.write(5, bytes(SECTOR_BYTES))).isEqualTo(Status.OK);
            assertThat(rig.flush()).isEqualTo(Status.OK);
            assertThat(rig.run(request(Operation.FLUSH, Long.MAX_VALUE))).isEqualTo(Status.OK);
        }
    }

    @Test
    void takesAsManyRequestsAsItHasRoomForUntilSomeArePolled() throws Exception {
        try (BlockStore store = open(content, Access.READ_WRITE)) {
            final StoreRig rig = new StoreRig(store);
            for (int i = 0; i < DEPTH; i++) {
                assertThat(store.submit(reading(i))).as("request %d", i).isTrue();
            }
            assertThat(store.submit(reading(DEPTH))).isFalse();

            while (rig.completed().isEmpty()) {
                assertThat(store.poll(rig, 1)).isLessThanOrEqualTo(1);
            }
            assertThat(rig.completed()).hasSize(1);
            assertThat(store.submit(reading(DEPTH + 1))).isTrue();
            assertThat(store.submit(reading(DEPTH + 2))).isFalse();
            rig.awaitCompletions(DEPTH + 1);
            assertThat(rig.completed()).doesNotHaveDuplicates();
            assertThat(store.poll(rig, Integer.MAX_VALUE)).isZero();
        }
    }

    private static StoreRequest reading(final int sector) {
        return request(Operation.READ, sector, memory(SECTOR_BYTES));
    }

    @Test
    void takesARequestAnewFromWithinItsCompletion() throws Exception {
        final int times = 3 * DEPTH;
        try (BlockStore store = open(content, Access.READ_WRITE)) {
            final int[] count = {0};
            final List<StoreRequest> inFlight = new ArrayList<>();
            for (int i = 0; i < DEPTH; i++) {
                inFlight.add(reading(i));
                assertThat(store.submit(inFlight.getLast())).isTrue();
            }
            while (count[0] < times + DEPTH) {
                store.poll(
                        request -> {
                            if (++count[0] <= times) {
                                assertThat(store.submit(request)).isTrue();
                            }
                        },
                        Integer.MAX_VALUE);
            }
            assertThat(count[0]).isEqualTo(times + DEPTH);
            assertThat(store.poll(request -> count[0]++, Integer.MAX_VALUE)).isZero();
        }
    }

    /** Every request keeps to sectors of its own, so that their order does not matter. */
    @Test
    void finishesEveryRequestOnceInWhateverOrder() throws Exception {
        final int own = SECTORS / DEPTH;
        final int operations = 20_000;
        final byte[][] written = new byte[DEPTH][];
        final int[] sectorOf = new int[DEPTH];
        final UnsafeBuffer[] memory = new UnsafeBuffer[DEPTH];
        final StoreRequest[] requests = new StoreRequest[DEPTH];
        final boolean[] busy = new boolean[DEPTH];
        for (int tag = 0; tag < DEPTH; tag++) {
            memory[tag] = memory(own * SECTOR_BYTES);
            requests[tag] = new StoreRequest(own, tag);
        }
        try (BlockStore store = open(content, Access.READ_WRITE)) {
            final int[] completed = {0};
            for (int submitted = 0; completed[0] < operations; ) {
                final int tag = random.nextInt(DEPTH);
                if (!busy[tag] && submitted < operations) {
                    final int first = random.nextInt(own);
                    final int count = 1 + random.nextInt(own - first);
                    sectorOf[tag] = tag * own + first;
                    written[tag] = bytes(count * SECTOR_BYTES);
                    fill(requests[tag], sectorOf[tag], written[tag], memory[tag]);
                    if (store.submit(requests[tag])) {
                        busy[tag] = true;
                        submitted++;
                    } else {
                        assertThat(busy).as("no room, %s", seed).contains(true);
                    }
                }
                store.poll(
                        request -> {
                            final int done = request.tag();
                            assertThat(busy[done]).as("tag=%d, %s", done, seed).isTrue();
                            busy[done] = false;
                            completed[0]++;
                            check(request, sectorOf[done], written[done], memory[done]);
                        },
                        1 + random.nextInt(4));
            }
            assertThat(busy).containsOnly(false);
            assertThat(new StoreRig(store).read(0, content.length))
                    .as("%s", seed)
                    .isEqualTo(content);
        }
    }

    private void fill(
            final StoreRequest request,
            final int sector,
            final byte[] bytes,
            final UnsafeBuffer memory) {
        final int kind = random.nextInt(8);
        request.reset(
                kind == 0 ? Operation.FLUSH : kind < 4 ? Operation.READ : Operation.WRITE, sector);
        memory.putBytes(0, bytes);
        for (int at = 0; at < bytes.length; at += SECTOR_BYTES) {
            request.nextSegment().wrap(memory, at, SECTOR_BYTES);
            request.added();
        }
    }

    private void check(
            final StoreRequest request,
            final int sector,
            final byte[] bytes,
            final UnsafeBuffer memory) {
        assertThat(request.status()).as("%s", seed).isEqualTo(Status.OK);
        final int at = sector * SECTOR_BYTES;
        if (request.operation() == Operation.WRITE) {
            System.arraycopy(bytes, 0, content, at, bytes.length);
        }
        if (request.operation() == Operation.READ) {
            final byte[] read = new byte[bytes.length];
            memory.getBytes(0, read);
            assertThat(read)
                    .as("sector=%d, %s", sector, seed)
                    .isEqualTo(Arrays.copyOfRange(content, at, at + bytes.length));
        }
    }

    @Test
    void finishesWhatIsInFlightWhenItCloses() throws Exception {
        final BlockStore store = open(content, Access.READ_WRITE);
        final StoreRig rig = new StoreRig(store);
        final UnsafeBuffer[] memory = new UnsafeBuffer[DEPTH];
        for (int i = 0; i < DEPTH; i++) {
            memory[i] = memory(SECTOR_BYTES);
            assertThat(store.submit(request(Operation.READ, i, memory[i]))).isTrue();
        }
        store.close();
        store.close();

        assertThat(store.poll(rig, Integer.MAX_VALUE)).isEqualTo(DEPTH);
        assertThat(gather(memory)).isEqualTo(Arrays.copyOf(content, DEPTH * SECTOR_BYTES));
        assertThatThrownBy(() -> store.submit(reading(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("store is closed: tag=0");
    }

    @Test
    void copiesIntoRamAsItIs() throws Exception {
        try (BlockStore store = open(content, Access.READ_WRITE);
                RamStore copy = RamStore.copyOf(store, Access.READ_ONLY)) {
            assertThat(new StoreRig(copy).read(0, content.length)).isEqualTo(content);
            assertThat(copy.isReadOnly()).isTrue();
        }
    }

    @Test
    void doesNotCopyIntoRamOnceClosed() throws Exception {
        final BlockStore store = open(content, Access.READ_WRITE);
        store.close();

        assertThatThrownBy(() -> RamStore.copyOf(store, Access.READ_ONLY))
                .isInstanceOfAny(IllegalStateException.class, IOException.class);
    }

    /** Compiling ends after some rounds; from then on nothing is allocated, on any thread. */
    @Test
    void allocatesNothingForARequest() throws Exception {
        try (BlockStore store = open(content, Access.READ_WRITE)) {
            final UnsafeBuffer memory = memory(8 * SECTOR_BYTES);
            final StoreRequest request = new StoreRequest(8, 0);
            final Allocations allocations = new Allocations(workers());
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 200 && least > 0; round++) {
                final long before = allocations.bytes();
                for (int i = 0; i < 500; i++) {
                    request.reset(
                            (i & 1) == 0 ? Operation.WRITE : Operation.READ, i % (SECTORS - 8));
                    for (int at = 0; at < memory.capacity(); at += SECTOR_BYTES) {
                        request.nextSegment().wrap(memory, at, SECTOR_BYTES);
                        request.added();
                    }
                    if (!store.submit(request)) {
                        throw new AssertionError("no room, and nothing in flight");
                    }
                    while (store.poll(IGNORE, 1) == 0) {
                        Thread.onSpinWait();
                    }
                }
                least = Math.min(least, allocations.bytes() - before);
            }
            assertThat(least).as("bytes allocated by 500 requests").isZero();
        }
    }

    /** The threads behind the store, besides the test's own. */
    List<Thread> workers() {
        return List.of();
    }
}
