package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockDevice;
import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Random requests of every kind that the device knows against a plain array: whatever a read brings
 * must be what was written last, zeros where it was discarded, and nothing beside the sectors that
 * were asked for may change.
 *
 * <p>A change that failed may have been made or not: until the next, its sectors may hold anything.
 * Requests in flight never touch the same sectors, so that their order does not matter.
 */
final class RandomWorkload {
    private static final int REQUESTS = 40;
    private static final int SEGMENTS = 40;
    private static final int PAGE_SECTORS = 8;
    private static final int PAGE_BYTES = 4096;
    private static final int SECTOR_BYTES = 512;
    private static final byte UNTOUCHED = (byte) 0x7e;

    private final TestDomain guest;
    private final BlockDevice device;
    private final SplittableRandom random;
    private final String description;
    private final byte[] model;
    private final boolean[] busy;
    private final boolean[] unknown;
    private final boolean mayFail;

    private final BlockRequest[] requests = new BlockRequest[REQUESTS];
    private final byte[][] sent = new byte[REQUESTS][];
    private final boolean[] inUse = new boolean[REQUESTS];
    private final EnumMap<BlockOperation, Integer> done = new EnumMap<>(BlockOperation.class);
    private final int firstFrame;
    private int submitted;
    private int completed;
    private int failed;

    RandomWorkload(
            final TestDomain guest,
            final BlockDevice device,
            final int diskSectors,
            final SplittableRandom random,
            final String description,
            final boolean mayFail) {
        this.guest = guest;
        this.device = device;
        this.random = random;
        this.description = description;
        this.mayFail = mayFail;
        model = new byte[diskSectors * SECTOR_BYTES];
        busy = new boolean[diskSectors];
        unknown = new boolean[diskSectors];
        firstFrame = guest.frames().allocate(REQUESTS * SEGMENTS);
        for (int i = 0; i < REQUESTS; i++) {
            requests[i] = new BlockRequest(SEGMENTS);
            requests[i].tag(i);
            sent[i] = new byte[SEGMENTS * PAGE_BYTES];
        }
        device.completionsTo(this::completed);
    }

    /** Begins with what is on the disk, whoever wrote it. */
    void startFrom(final RamStore disk) {
        disk.read(0, new UnsafeBuffer(model), 0, model.length);
    }

    int submittedCount() {
        return submitted;
    }

    int completedCount() {
        return completed;
    }

    int failedCount() {
        return failed;
    }

    /** Submits a few requests if there is room, and commits at times. */
    void step() {
        for (int i = random.nextInt(6); i > 0; i--) {
            final int tag = random.nextInt(REQUESTS);
            if (!inUse[tag] && fill(tag)) {
                if (device.submit(requests[tag])) {
                    inUse[tag] = true;
                    submitted++;
                } else {
                    setBusy(requests[tag], false);
                }
            }
        }
        if (random.nextInt(3) != 0) {
            device.commit();
        }
    }

    private boolean fill(final int tag) {
        final BlockRequest request = requests[tag];
        final BlockLimits limits = device.limits();
        final BlockOperation operation = anyOperation(limits);
        if (operation == BlockOperation.FLUSH) {
            request.reset(operation, 0);
            return true;
        }
        final int blockSectors = limits.logicalBlockBytes() / SECTOR_BYTES;
        final int sector = random.nextInt(busy.length / blockSectors) * blockSectors;
        if (operation.isDiscard()) {
            final int blocks = random.nextInt(64 / blockSectors) + 1;
            request.resetToDiscard(operation, sector, (long) blocks * blockSectors);
        } else {
            request.reset(operation, sector);
            addSegments(tag, request, limits, blockSectors);
        }
        if (!isFree(request)) {
            return false;
        }
        setBusy(request, true);
        for (int i = 0; i < request.segmentCount(); i++) {
            guest.page(frame(tag, i)).setMemory(0, PAGE_BYTES, UNTOUCHED);
        }
        if (operation != BlockOperation.READ) {
            fillPages(tag, request);
        }
        return true;
    }

    private BlockOperation anyOperation(final BlockLimits limits) {
        final int kind = random.nextInt(20);
        if (kind < 2 && limits.canFlush()) {
            return BlockOperation.FLUSH;
        }
        if (limits.readOnly()) {
            return BlockOperation.READ;
        }
        if (kind == 2 && limits.canBarrier()) {
            return BlockOperation.BARRIER;
        }
        if (kind == 3 && limits.discard().supported()) {
            return limits.discard().secure() && random.nextBoolean()
                    ? BlockOperation.SECURE_DISCARD
                    : BlockOperation.DISCARD;
        }
        return kind < 12 ? BlockOperation.WRITE : BlockOperation.READ;
    }

    private void addSegments(
            final int tag,
            final BlockRequest request,
            final BlockLimits limits,
            final int blockSectors) {
        final boolean isLarge = random.nextInt(4) == 0;
        final int most = Math.min(isLarge ? SEGMENTS : 11, limits.maxSegments());
        final int least = request.operation() == BlockOperation.BARRIER ? 0 : 1;
        final int longest = isLarge ? Math.max(1, blockSectors) : PAGE_SECTORS;
        for (int i = random.nextInt(most) + least; i > 0; i--) {
            final int first = random.nextInt(PAGE_SECTORS / blockSectors) * blockSectors;
            final int room = Math.min(longest, PAGE_SECTORS - first) / blockSectors;
            final int count = (random.nextInt(room) + 1) * blockSectors;
            request.addSegment(
                    TestDomain.address(frame(tag, request.segmentCount()))
                            + (long) first * SECTOR_BYTES,
                    count * SECTOR_BYTES);
        }
    }

    private void fillPages(final int tag, final BlockRequest request) {
        int at = 0;
        for (int i = 0; i < request.segmentCount(); i++) {
            final UnsafeBuffer view = segment(request, i);
            for (int j = 0; j < view.capacity(); j += Long.BYTES) {
                view.putLong(j, random.nextLong());
            }
            view.getBytes(0, sent[tag], at, view.capacity());
            at += view.capacity();
        }
    }

    private void completed(final BlockRequest request) {
        final int tag = request.tag();
        assertThat(inUse[tag]).as("%s tag=%d", description, tag).isTrue();
        inUse[tag] = false;
        completed++;
        final boolean ok = request.status() == BlockStatus.OK;
        if (!ok) {
            assertThat(mayFail)
                    .as("%s tag=%d %s %s", description, tag, request.operation(), request.status())
                    .isTrue();
            failed++;
        } else {
            done.merge(request.operation(), 1, Integer::sum);
        }
        final int at = (int) request.sector() * SECTOR_BYTES;
        switch (request.operation()) {
            case FLUSH -> {
                return;
            }
            case DISCARD, SECURE_DISCARD -> {
                if (ok) {
                    final int end = at + (int) request.sectorCount() * SECTOR_BYTES;
                    Arrays.fill(model, at, end, (byte) 0);
                }
            }
            case WRITE, BARRIER -> {
                if (ok) {
                    System.arraycopy(sent[tag], 0, model, at, request.totalBytes());
                }
                checkPages(request, sent[tag], 0);
            }
            case READ -> {
                if (ok && !isUnknown(request)) {
                    checkPages(request, model, at);
                }
            }
        }
        if (request.operation() != BlockOperation.READ) {
            set(unknown, request, !ok);
        }
        setBusy(request, false);
    }

    /** How many requests of a kind were done. */
    int doneCount(final BlockOperation operation) {
        return done.getOrDefault(operation, 0);
    }

    /** Segments hold what is expected, and the rest of their pages what was there before. */
    private void checkPages(final BlockRequest request, final byte[] expected, final int from) {
        final byte[] page = new byte[PAGE_BYTES];
        final byte[] wanted = new byte[PAGE_BYTES];
        int at = from;
        for (int i = 0; i < request.segmentCount(); i++) {
            Arrays.fill(wanted, UNTOUCHED);
            final int offset = (int) request.segmentAddress(i) & (PAGE_BYTES - 1);
            System.arraycopy(expected, at, wanted, offset, request.segmentBytes(i));
            at += request.segmentBytes(i);
            guest.page(frame(request.tag(), i)).getBytes(0, page);
            if (!Arrays.equals(page, wanted)) {
                throw new AssertionError(
                        "%s: %s sector=%d segment=%d"
                                .formatted(description, request.operation(), request.sector(), i));
            }
        }
    }

    /** The disk holds what was written, once nothing is in flight. */
    void checkDisk(final RamStore disk) {
        final UnsafeBuffer content = new UnsafeBuffer(new byte[model.length]);
        disk.read(0, content, 0, model.length);
        for (int i = 0; i < unknown.length; i++) {
            if (unknown[i]) {
                content.getBytes(i * SECTOR_BYTES, model, i * SECTOR_BYTES, SECTOR_BYTES);
            }
        }
        assertThat(Arrays.equals(content.byteArray(), model)).as(description).isTrue();
    }

    private boolean isFree(final BlockRequest request) {
        final int first = (int) request.sector();
        final int end = first + (int) request.sectorCount();
        for (int i = first; i < end; i++) {
            if (i >= busy.length || busy[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean isUnknown(final BlockRequest request) {
        for (int i = 0; i < request.sectorCount(); i++) {
            if (unknown[(int) request.sector() + i]) {
                return true;
            }
        }
        return false;
    }

    private void setBusy(final BlockRequest request, final boolean value) {
        set(busy, request, value);
    }

    private static void set(
            final boolean[] flags, final BlockRequest request, final boolean value) {
        final int first = (int) request.sector();
        Arrays.fill(flags, first, first + (int) request.sectorCount(), value);
    }

    private UnsafeBuffer segment(final BlockRequest request, final int index) {
        return guest.view(request.segmentAddress(index), request.segmentBytes(index));
    }

    private int frame(final int tag, final int segment) {
        return firstFrame + tag * SEGMENTS + segment;
    }
}
