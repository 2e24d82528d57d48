package io.ringside.storvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.backend.StorvspOptions;
import io.ringside.storvsc.frontend.StorvscDisk;
import io.ringside.storvsc.frontend.StorvscOptions;
import io.ringside.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Requests of any shape on several disks at a time, against arrays that say what must be there. */
final class RandomWorkloadTest {
    private static final int SECTORS = 2048;
    private static final int DISKS = 3;
    private static final int SLOTS = 24;
    private static final int PIECES = 8;
    private static final int FIRST_FRAME = 1024;
    private static final int REQUESTS = 20_000;

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private final byte[][] model = new byte[DISKS][SECTORS * 512];
    private final boolean[][] busy = new boolean[DISKS][SECTORS];
    private final BlockRequest[] requests = new BlockRequest[SLOTS];
    private final int[] diskOf = new int[SLOTS];
    private final List<Integer> free = new ArrayList<>();
    private final UnsafeBuffer piece = new UnsafeBuffer(0, 0);
    private int checked;

    @Test
    void readsWhatWasWrittenLast() {
        try (StorBench bench = new StorBench(2, StorvspOptions.DEFAULTS)) {
            for (int i = 0; i < DISKS; i++) {
                bench.host.add(i % 2, i, bench.disk("disk-" + i, RamStore.zeroed(SECTORS)));
            }
            bench.join(StorvscOptions.DEFAULTS.withSubChannels(2, 2));
            final StorvscDisk[] disks = new StorvscDisk[DISKS];
            for (int i = 0; i < DISKS; i++) {
                disks[i] = bench.diskOf(i % 2, i);
                disks[i].completionsTo(done -> completed(bench, done));
            }
            for (int slot = 0; slot < SLOTS; slot++) {
                requests[slot] = new BlockRequest(PIECES);
                requests[slot].tag(slot);
                free.add(slot);
            }
            for (int i = 0; i < REQUESTS; i++) {
                if (!free.isEmpty()) {
                    submit(bench, disks);
                }
                if (random.nextInt(4) == 0) {
                    bench.round();
                }
            }
            bench.idle();
            assertThat(free).as("%s", seed).hasSize(SLOTS);
            assertThat(checked).isGreaterThan(1000);
        }
    }

    private void submit(final StorBench bench, final StorvscDisk[] disks) {
        final int slot = free.removeLast();
        final int which = random.nextInt(DISKS);
        final int sectors = 1 + random.nextInt(24);
        final int first = random.nextInt(SECTORS - sectors);
        for (int i = first; i < first + sectors; i++) {
            if (busy[which][i]) {
                free.add(slot);
                return;
            }
        }
        final boolean writes = random.nextBoolean();
        final BlockRequest request =
                requests[slot].reset(writes ? BlockOperation.WRITE : BlockOperation.READ, first);
        cut(request, slot, sectors * 512);
        if (request.totalBytes() != sectors * 512) {
            free.add(slot);
            return;
        }
        if (writes) {
            int at = first * 512;
            for (int i = 0; i < request.segmentCount(); i++) {
                bench.memory.wrap(piece, request.segmentAddress(i), request.segmentBytes(i));
                for (int j = 0; j < request.segmentBytes(i); j++) {
                    final byte value = (byte) random.nextInt();
                    piece.putByte(j, value);
                    model[which][at++] = value;
                }
            }
        }
        diskOf[slot] = which;
        assertThat(disks[which].submit(request)).as("%s", seed).isTrue();
        if (random.nextBoolean()) {
            disks[which].commit();
        }
        for (int i = first; i < first + sectors; i++) {
            busy[which][i] = true;
        }
    }

    /** Pieces at any byte of the slot's own pages, in any order of those. */
    private void cut(final BlockRequest request, final int slot, final int lengthBytes) {
        int left = lengthBytes;
        int page = FIRST_FRAME + slot * PIECES;
        final int last = page + PIECES;
        while (left > 0 && page < last && request.segmentCount() < PIECES) {
            final int offset = random.nextInt(3) == 0 ? random.nextInt(4096) : 0;
            final int most = Math.min(left, GuestMemory.PAGE_BYTES - offset);
            final int piecesLeft = PIECES - request.segmentCount();
            final int bytes =
                    piecesLeft == 1 || random.nextInt(3) > 0 ? most : 1 + random.nextInt(most);
            request.addSegment(((long) page << GuestMemory.PAGE_SHIFT) + offset, bytes);
            left -= bytes;
            page++;
        }
    }

    private void completed(final StorBench bench, final BlockRequest request) {
        assertThat(request.status()).as("%s", seed).isEqualTo(BlockStatus.OK);
        final int which = diskOf[request.tag()];
        if (request.operation() == BlockOperation.READ) {
            int at = (int) request.sector() * 512;
            for (int i = 0; i < request.segmentCount(); i++) {
                bench.memory.wrap(piece, request.segmentAddress(i), request.segmentBytes(i));
                for (int j = 0; j < request.segmentBytes(i); j++) {
                    if (piece.getByte(j) != model[which][at]) {
                        assertThat(piece.getByte(j))
                                .as("disk %d byte %d %s", which, at, seed)
                                .isEqualTo(model[which][at]);
                    }
                    at++;
                }
            }
            checked++;
        }
        final int first = (int) request.sector();
        for (int i = first; i < first + request.totalBytes() / 512; i++) {
            busy[which][i] = false;
        }
        free.add(request.tag());
    }
}
