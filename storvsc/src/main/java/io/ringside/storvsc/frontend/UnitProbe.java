package io.ringside.storvsc.frontend;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.DiscardLimits;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.protocol.ControllerKind;
import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.SrbStatus;
import io.ringside.storvsc.protocol.scsi.Cdb;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import java.util.ArrayList;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A look at what units there are, one command at a time: for each target REPORT LUNS, if it can
 * have more than one unit, and for each that it names INQUIRY, TEST UNIT READY, READ CAPACITY, its
 * limits where it can forget ranges, and MODE SENSE.
 *
 * <p>Peer's faults: whatever a unit says is checked; one that makes no sense is left alone.
 * Threads: one.
 */
final class UnitProbe {
    private static final int MAX_UNITS = 256;
    private static final int HEADER_BYTES = 8;
    private static final int INQUIRY_BYTES = 36;
    private static final int CAPACITY_10_BYTES = 8;
    private static final int CAPACITY_16_BYTES = 32;
    private static final int MODE_BYTES = 4;
    private static final int ALL_PAGES = 0x3f;
    private static final int BLOCK_LIMITS_PAGE = 0xb0;
    private static final int BLOCK_LIMITS_BYTES = 64;
    private static final int LEAST_BLOCK_LIMITS_BYTES = 36;
    private static final int MAX_GRANULARITY = 1 << 30;
    private static final int THIN = 0x80;
    private static final int TYPE_DISK = 0;
    private static final int TYPE_DISC = 5;
    private static final int WRITE_PROTECTED = 0x80;
    private static final long MAX_U32 = 0xffff_ffffL;
    private static final long MAX_SECTORS = Long.MAX_VALUE >> 16;

    /** What is asked now. */
    private enum Step {
        IDLE,
        FIRST_INQUIRY,
        REPORT_LUNS,
        INQUIRY,
        TEST_UNIT_READY,
        READ_CAPACITY_16,
        READ_CAPACITY_10,
        BLOCK_LIMITS,
        MODE_SENSE
    }

    private final Storvsc controller;
    private final ControllerKind kind;
    private final int firstTarget;
    private final UnsafeBuffer page = new UnsafeBuffer(0, 0);
    private final int slots;
    private final int frame;
    private final long pageAddress;
    private final BlockRequest data = new BlockRequest(1);
    private final ArrayList<StorvscDisk> found = new ArrayList<>();
    private final int[] luns = new int[MAX_UNITS];
    private final boolean[] named = new boolean[MAX_UNITS];
    private final UnmapLists unmaps;
    private Step step = Step.IDLE;
    private @Nullable PendingRequest pending;
    private boolean sent;
    private int target;
    private int lunCount;
    private int lunIndex;
    private boolean isDisc;
    private long blockCount;
    private int blockBytes;
    private DiscardLimits discard = DiscardLimits.NONE;
    private long maxUnmapBlocks;

    UnitProbe(
            final Storvsc controller,
            final GuestMemory memory,
            final FrameAllocator frames,
            final int slots,
            final ControllerChannels channels) {
        this.kind = channels.kind();
        this.firstTarget = channels.firstTarget();
        this.controller = controller;
        this.slots = slots;
        this.frame = frames.allocate();
        this.unmaps = new UnmapLists(memory, frames, slots);
        this.pageAddress = (long) frame << GuestMemory.PAGE_SHIFT;
        memory.wrap(page, pageAddress, GuestMemory.PAGE_BYTES);
    }

    /** Gives the frames back; the host uses them no more. */
    void free(final FrameAllocator frames) {
        frames.free(frame);
        unmaps.free(frames);
    }

    boolean isActive() {
        return step != Step.IDLE;
    }

    void start() {
        found.clear();
        target = firstTarget;
        step = Step.FIRST_INQUIRY;
        sent = false;
    }

    /** The controller is gone, and so are its slots. */
    void stop() {
        step = Step.IDLE;
        pending = null;
        sent = false;
    }

    /** Sends what is to be asked, if it is not on its way already. */
    int advance() {
        if (step == Step.IDLE || sent) {
            return 0;
        }
        PendingRequest request = pending;
        if (request == null) {
            request = controller.take();
            if (request == null) {
                return 0;
            }
            pending = request;
        }
        ask(request);
        sent = controller.send(request);
        return sent ? 1 : 0;
    }

    private void ask(final PendingRequest request) {
        final boolean ofTarget = step == Step.FIRST_INQUIRY || step == Step.REPORT_LUNS;
        final Cdb cdb = request.command(target, ofTarget ? 0 : luns[lunIndex]).cdb;
        switch (step) {
            case FIRST_INQUIRY, INQUIRY -> {
                cdb.inquiry(INQUIRY_BYTES);
                expect(request, INQUIRY_BYTES);
            }
            case REPORT_LUNS -> {
                cdb.reportLuns(GuestMemory.PAGE_BYTES);
                expect(request, GuestMemory.PAGE_BYTES);
            }
            case TEST_UNIT_READY -> cdb.testUnitReady();
            case READ_CAPACITY_16 -> {
                cdb.readCapacity16(CAPACITY_16_BYTES);
                expect(request, CAPACITY_16_BYTES);
            }
            case READ_CAPACITY_10 -> {
                cdb.readCapacity10();
                expect(request, CAPACITY_10_BYTES);
            }
            case BLOCK_LIMITS -> {
                cdb.vitalProductData(BLOCK_LIMITS_PAGE, BLOCK_LIMITS_BYTES);
                expect(request, BLOCK_LIMITS_BYTES);
            }
            case MODE_SENSE -> {
                cdb.modeSense6(ALL_PAGES, MODE_BYTES);
                expect(request, MODE_BYTES);
            }
            case IDLE -> throw new IllegalStateException("nothing to ask: target=" + target);
        }
    }

    private void expect(final PendingRequest request, final int lengthBytes) {
        page.setMemory(0, lengthBytes, (byte) 0);
        data.reset(BlockOperation.READ, 0).addSegment(pageAddress, lengthBytes);
        request.data(data, DataDirection.TO_GUEST);
    }

    /** The answer to what was asked. */
    void answered(final PendingRequest request) {
        controller.release(request);
        pending = null;
        sent = false;
        // The page is the host's to write to: what is used of it is read once below.
        final boolean good =
                SrbStatus.code(request.srbStatus) == SrbStatus.SUCCESS
                        && request.scsiStatus == ScsiStatus.GOOD;
        final int gotBytes = good || isAlwaysGood() ? request.transferredBytes : 0;
        switch (step) {
            case FIRST_INQUIRY -> {
                if (gotBytes > 0 && kind == ControllerKind.IDE) {
                    luns[0] = 0;
                    lunCount = 1;
                    lunIndex = -1;
                    nextUnit();
                } else if (gotBytes > 0) {
                    step = Step.REPORT_LUNS;
                } else {
                    nextTarget();
                }
            }
            case REPORT_LUNS -> takeLuns(gotBytes);
            case INQUIRY -> takeInquiry(gotBytes);
            case TEST_UNIT_READY -> {
                if (good) {
                    step = isDisc ? Step.READ_CAPACITY_10 : Step.READ_CAPACITY_16;
                } else {
                    nextUnit();
                }
            }
            case READ_CAPACITY_16 -> takeCapacity16(gotBytes);
            case READ_CAPACITY_10 -> takeCapacity10(gotBytes);
            case BLOCK_LIMITS -> takeLimits(gotBytes);
            case MODE_SENSE -> takeMode(gotBytes);
            case IDLE -> throw new IllegalStateException("nothing was asked: target=" + target);
        }
    }

    /** Hosts say of these that they went wrong where they did not: their data counts. */
    private boolean isAlwaysGood() {
        return step == Step.FIRST_INQUIRY || step == Step.INQUIRY || step == Step.MODE_SENSE;
    }

    private void takeLuns(final int gotBytes) {
        lunCount = 0;
        lunIndex = -1;
        Arrays.fill(named, false);
        final long listBytes = page.getInt(0, BIG_ENDIAN) & MAX_U32;
        final long end = Math.min(gotBytes, HEADER_BYTES + listBytes);
        for (int at = HEADER_BYTES; at + Long.BYTES <= end; at += Long.BYTES) {
            final long entry = page.getLong(at, BIG_ENDIAN);
            final int lun = (int) (entry >>> 48);
            if (lun < MAX_UNITS && entry << 16 == 0 && !named[lun]) {
                named[lun] = true;
                luns[lunCount] = lun;
                lunCount++;
            } else {
                controller.refused(StorvscRefusal.UNIT);
            }
        }
        nextUnit();
    }

    private void nextUnit() {
        lunIndex++;
        if (lunIndex < lunCount) {
            step = Step.INQUIRY;
        } else {
            nextTarget();
        }
    }

    private void nextTarget() {
        target++;
        if (target < firstTarget + kind.targets()) {
            step = Step.FIRST_INQUIRY;
        } else {
            step = Step.IDLE;
            controller.found(found);
        }
    }

    private void takeInquiry(final int gotBytes) {
        final int first = gotBytes < INQUIRY_BYTES ? -1 : page.getByte(0) & 0xff;
        isDisc = first == TYPE_DISC;
        if (first == TYPE_DISK || first == TYPE_DISC) {
            step = Step.TEST_UNIT_READY;
        } else {
            nextUnit();
        }
    }

    private void takeCapacity16(final int gotBytes) {
        if (gotBytes < CAPACITY_16_BYTES) {
            step = Step.READ_CAPACITY_10;
            return;
        }
        takeGeometry(page.getLong(0, BIG_ENDIAN), page.getInt(8, BIG_ENDIAN));
        if (step == Step.MODE_SENSE && (page.getByte(14) & THIN) != 0) {
            step = Step.BLOCK_LIMITS;
        }
    }

    private void takeCapacity10(final int gotBytes) {
        if (gotBytes < CAPACITY_10_BYTES) {
            nextUnit();
            return;
        }
        takeGeometry(page.getInt(0, BIG_ENDIAN) & MAX_U32, page.getInt(4, BIG_ENDIAN));
    }

    private void takeGeometry(final long lastBlock, final int bytes) {
        final boolean sound =
                bytes == 512 || bytes == GuestMemory.PAGE_BYTES || (isDisc && bytes == 2048);
        if (!sound || lastBlock < 0 || lastBlock >= MAX_SECTORS) {
            controller.refused(StorvscRefusal.UNIT);
            nextUnit();
            return;
        }
        blockCount = lastBlock + 1;
        blockBytes = bytes;
        discard = DiscardLimits.NONE;
        maxUnmapBlocks = 0;
        step = Step.MODE_SENSE;
    }

    /** How ranges can be forgotten; without an answer they cannot. */
    private void takeLimits(final int gotBytes) {
        if (gotBytes >= LEAST_BLOCK_LIMITS_BYTES) {
            maxUnmapBlocks = page.getInt(20, BIG_ENDIAN) & MAX_U32;
            final long unit = (page.getInt(28, BIG_ENDIAN) & MAX_U32) * blockBytes;
            final int granularity = unit > 0 && unit <= MAX_GRANULARITY ? (int) unit : blockBytes;
            if (maxUnmapBlocks > 0) {
                discard = new DiscardLimits(true, granularity, 0, false);
            }
        }
        step = Step.MODE_SENSE;
    }

    /** The last question; without an answer a disk is taken as writable. */
    private void takeMode(final int gotBytes) {
        final boolean writeProtected =
                gotBytes >= MODE_BYTES && (page.getByte(2) & WRITE_PROTECTED) != 0;
        final int maxBytes = controller.maxTransferBytes();
        final BlockLimits limits =
                new BlockLimits(
                        blockCount * (blockBytes / BlockRequest.SECTOR_BYTES),
                        blockBytes,
                        blockBytes,
                        maxBytes,
                        maxBytes / GuestMemory.PAGE_BYTES,
                        controller.options().queueDepth(),
                        isDisc || writeProtected,
                        true,
                        false,
                        discard,
                        isDisc,
                        isDisc);
        final int lun = luns[lunIndex];
        StorvscDisk disk = controller.disk(target, lun);
        if (disk == null) {
            disk = new StorvscDisk(controller, target, lun, unmaps, slots);
        }
        disk.limits(limits, maxUnmapBlocks);
        found.add(disk);
        nextUnit();
    }
}
