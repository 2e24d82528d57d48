package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockDevice;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Random reads, writes and flushes against a plain array: whatever a read brings must be what was
 * written last, and nothing beside the sectors that were asked for may change.
 *
 * <p>Requests in flight never touch the same sectors, so that their order does not matter.
 */
final class RandomWorkload {
    private static final int REQUESTS = 40;
    private static final int SEGMENTS = 11;
    private static final int PAGE_BYTES = 4096;
    private static final int SECTOR_BYTES = 512;
    private static final byte UNTOUCHED = (byte) 0x7e;

    private final TestDomain guest;
    private final BlockDevice device;
    private final SplittableRandom random;
    private final String description;
    private final byte[] model;
    private final boolean[] busy;
    private final boolean mayFail;

    private final BlockRequest[] requests = new BlockRequest[REQUESTS];
    private final byte[][] sent = new byte[REQUESTS][];
    private final boolean[] inUse = new boolean[REQUESTS];
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
        firstFrame = guest.frames().allocate(REQUESTS * SEGMENTS);
        for (int i = 0; i < REQUESTS; i++) {
            requests[i] = new BlockRequest(SEGMENTS);
            requests[i].tag(i);
            sent[i] = new byte[SEGMENTS * PAGE_BYTES];
        }
        device.completionsTo(this::completed);
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
        final int kind = random.nextInt(10);
        if (kind == 0) {
            request.reset(BlockOperation.FLUSH, 0);
            return true;
        }
        final BlockOperation operation = kind < 6 ? BlockOperation.WRITE : BlockOperation.READ;
        request.reset(operation, random.nextInt(busy.length));
        for (int i = random.nextInt(SEGMENTS) + 1; i > 0; i--) {
            final int first = random.nextInt(8);
            final int count = random.nextInt(8 - first) + 1;
            request.addSegment(
                    TestDomain.address(frame(tag, request.segmentCount()))
                            + (long) first * SECTOR_BYTES,
                    count * SECTOR_BYTES);
        }
        if (!isFree(request)) {
            return false;
        }
        setBusy(request, true);
        for (int i = 0; i < request.segmentCount(); i++) {
            guest.page(frame(tag, i)).setMemory(0, PAGE_BYTES, UNTOUCHED);
        }
        if (operation == BlockOperation.WRITE) {
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
        return true;
    }

    private void completed(final BlockRequest request) {
        final int tag = request.tag();
        assertThat(inUse[tag]).as("%s tag=%d", description, tag).isTrue();
        inUse[tag] = false;
        completed++;
        if (request.status() != BlockStatus.OK) {
            assertThat(mayFail).as("%s tag=%d failed", description, tag).isTrue();
            failed++;
        }
        final int at = (int) request.sector() * SECTOR_BYTES;
        switch (request.operation()) {
            case FLUSH, DISCARD, SECURE_DISCARD -> {}
            case WRITE, BARRIER -> {
                if (request.status() == BlockStatus.OK) {
                    System.arraycopy(sent[tag], 0, model, at, request.totalBytes());
                }
                checkPages(request, sent[tag], 0);
            }
            case READ -> {
                if (request.status() == BlockStatus.OK) {
                    checkPages(request, model, at);
                }
            }
        }
        if (request.operation() != BlockOperation.FLUSH) {
            setBusy(request, false);
        }
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
        assertThat(Arrays.equals(content.byteArray(), model)).as(description).isTrue();
    }

    private boolean isFree(final BlockRequest request) {
        final int first = (int) request.sector();
        final int end = first + request.totalBytes() / SECTOR_BYTES;
        for (int i = first; i < end; i++) {
            if (i >= busy.length || busy[i]) {
                return false;
            }
        }
        return true;
    }

    private void setBusy(final BlockRequest request, final boolean value) {
        final int first = (int) request.sector();
        Arrays.fill(busy, first, first + request.totalBytes() / SECTOR_BYTES, value);
    }

    private UnsafeBuffer segment(final BlockRequest request, final int index) {
        return guest.view(request.segmentAddress(index), request.segmentBytes(index));
    }

    private int frame(final int tag, final int segment) {
        return firstFrame + tag * SEGMENTS + segment;
    }
}
