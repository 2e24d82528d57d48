package io.ringside.emulated.ide.frontend;

import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockRequest;
import io.ringside.emulated.ide.protocol.Addressing;
import io.ringside.emulated.ide.protocol.AtaCommand;
import io.ringside.emulated.ide.protocol.AtaRegisters;
import io.ringside.emulated.ide.protocol.AtaStatus;
import io.ringside.emulated.ide.protocol.Geometry;
import io.ringside.emulated.ide.protocol.IdentifyData;
import io.ringside.emulated.ide.protocol.PrdEntry;
import io.ringside.emulated.ide.protocol.SetFeatures;
import io.ringside.emulated.ide.protocol.TaskFile;
import io.ringside.emulated.trap.InterruptLine;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds device 0 of a channel and sets it up, with interrupts off, one look at the status a call.
 *
 * <pre>
 *   soft reset -> signature -> IDENTIFY -> INITIALIZE PARAMETERS (CHS alone)
 *              -> SET FEATURES, transfer mode -> SET MULTIPLE (PIO_MULTIPLE alone) -> interrupts on
 * </pre>
 *
 * <p>A drive that is busy for {@value #MAX_LOOKS} looks in a row is given up. What it says of
 * itself is checked before it is used.
 */
final class IdeProbe {
    private static final int MAX_LOOKS = 1 << 20;
    private static final int WANTED_BLOCK_SECTORS = 16;
    private static final int MAX_TRANSFER_BYTES = TaskFile.MAX_SECTORS * BlockRequest.SECTOR_BYTES;
    private static final int PIO_4 = 4;
    private static final int MULTIWORD_2 = 2;
    private static final int FASTEST_ULTRA_OF_PIIX4 = 2;
    private static final int MAX_HEADS = 16;
    private static final int MAX_SECTORS_PER_TRACK = 255;

    /** What the probe waits for. */
    private enum Step {
        RESET,
        SIGNATURE,
        IDENTIFY,
        GEOMETRY,
        TRANSFER_MODE,
        MULTIPLE,
        ENDED
    }

    private final IdeRegisters registers;
    private final InterruptLine line;
    private final IdeMode mode;
    private final int queueDepth;
    private final long pageAddress;
    private final IdentifyData page;
    private Step step = Step.RESET;
    private int looks;
    private @Nullable Drive drive;
    private String failure = "";

    /**
     * Makes a probe.
     *
     * @param registers the channel
     * @param mode what the drive is set up for
     * @param queueDepth how many requests the driver keeps
     * @param memory guest memory
     * @param pageAddress 512 bytes of it for IDENTIFY
     */
    IdeProbe(
            final IdeRegisters registers,
            final InterruptLine line,
            final IdeMode mode,
            final int queueDepth,
            final GuestMemory memory,
            final long pageAddress) {
        this.registers = registers;
        this.line = line;
        this.mode = mode;
        this.queueDepth = queueDepth;
        this.pageAddress = pageAddress;
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(view, pageAddress, IdentifyData.SIZE_BYTES);
        this.page = new IdentifyData(view);
    }

    /** Starts from the beginning: the drive is in a state that nobody knows. */
    void restart() {
        step = Step.RESET;
        drive = null;
        failure = "";
    }

    boolean hasEnded() {
        return step == Step.ENDED;
    }

    /** What was found, once ended; null if that was nothing useful. */
    @Nullable Drive drive() {
        return drive;
    }

    /** Why nothing was found; empty while all is well. */
    String failure() {
        return failure;
    }

    /** One look; 1 if the probe got further. */
    int doWork() {
        if (step == Step.ENDED) {
            return 0;
        }
        if (step == Step.RESET) {
            registers.softReset();
            await(Step.SIGNATURE);
            return 1;
        }
        final int look = registers.alternateStatus();
        if (look == AtaStatus.EMPTY_BUS) {
            fail("nothing on this channel");
            return 1;
        }
        if ((look & AtaStatus.BUSY) != 0) {
            looks++;
            if (looks == MAX_LOOKS) {
                fail("the drive stays busy");
            }
            return 0;
        }
        final int status = registers.status();
        switch (step) {
            case SIGNATURE -> checkSignature(status);
            case IDENTIFY -> checkIdentity(status);
            case GEOMETRY -> {
                if (succeeded(status, "the drive refuses its geometry")) {
                    setTransferMode();
                }
            }
            case TRANSFER_MODE -> {
                if (succeeded(status, "the drive refuses the transfer mode")) {
                    setMultiple();
                }
            }
            case MULTIPLE -> {
                if (succeeded(status, "the drive refuses the block size")) {
                    ready();
                }
            }
            case RESET, ENDED -> throw new IllegalStateException("not a wait: step=" + step);
        }
        return 1;
    }

    private void checkSignature(final int status) {
        final int error = registers.error();
        final boolean isHealthy =
                error == AtaRegisters.DIAGNOSTIC_PASSED
                        || error == AtaRegisters.DIAGNOSTIC_PASSED_ALONE;
        if (status == 0 || !isHealthy || registers.signature() != AtaRegisters.DISK_SIGNATURE) {
            fail("no disk on this channel");
            return;
        }
        registers.command(AtaCommand.IDENTIFY, 0);
        await(Step.IDENTIFY);
    }

    private void checkIdentity(final int status) {
        if (AtaStatus.isFailure(status) || (status & AtaStatus.DATA_REQUEST) == 0) {
            fail("the drive does not identify itself");
            return;
        }
        registers.readData(pageAddress, IdentifyData.SIZE_BYTES);
        final Geometry geometry = page.geometry();
        final boolean isChs = page.addressing() == Addressing.CHS;
        final boolean hasShape =
                geometry.heads() >= 1
                        && geometry.heads() <= MAX_HEADS
                        && geometry.sectorsPerTrack() >= 1
                        && geometry.sectorsPerTrack() <= MAX_SECTORS_PER_TRACK;
        if (!page.isValidDisk() || page.sectors() < 1 || (isChs && !hasShape)) {
            fail("what the drive says of itself makes no sense");
        } else if (mode == IdeMode.DMA && !page.canDma()) {
            fail("the drive can not do DMA");
        } else {
            found(geometry);
            if (isChs) {
                registers.command(
                        AtaCommand.INITIALIZE_PARAMETERS,
                        geometry.heads() - 1,
                        0,
                        geometry.sectorsPerTrack());
                await(Step.GEOMETRY);
            } else {
                setTransferMode();
            }
        }
    }

    private void found(final Geometry geometry) {
        final int largestBlock =
                Integer.highestOneBit(Math.min(page.maxMultiple(), WANTED_BLOCK_SECTORS));
        final int flushCommand;
        if (page.hasFeature(1, IdentifyData.FEATURE_FLUSH_EXT)) {
            flushCommand = AtaCommand.FLUSH_CACHE_EXT;
        } else if (page.hasFeature(1, IdentifyData.FEATURE_FLUSH)) {
            flushCommand = AtaCommand.FLUSH_CACHE;
        } else {
            flushCommand = AtaCommand.NONE;
        }
        drive =
                new Drive(
                        page.text(IdentifyData.MODEL, IdentifyData.MODEL_WORDS),
                        page.addressing(),
                        geometry,
                        mode == IdeMode.PIO_MULTIPLE ? Math.max(1, largestBlock) : 1,
                        flushCommand,
                        new BlockLimits(
                                page.sectors(),
                                BlockRequest.SECTOR_BYTES,
                                MAX_TRANSFER_BYTES,
                                PrdEntry.MAX_ENTRIES,
                                queueDepth,
                                false, // No drive says so: it fails the write.
                                flushCommand != AtaCommand.NONE));
    }

    private void setTransferMode() {
        final int transferMode;
        if (mode != IdeMode.DMA) {
            transferMode = SetFeatures.MODE_PIO + PIO_4;
        } else if (page.ultraDmaModes() == 0) {
            transferMode = SetFeatures.MODE_MULTIWORD_DMA + MULTIWORD_2;
        } else {
            final int fastest =
                    Integer.numberOfTrailingZeros(Integer.highestOneBit(page.ultraDmaModes()));
            transferMode = SetFeatures.MODE_ULTRA_DMA + Math.min(fastest, FASTEST_ULTRA_OF_PIIX4);
        }
        registers.command(AtaCommand.SET_FEATURES, 0, SetFeatures.TRANSFER_MODE, transferMode);
        await(Step.TRANSFER_MODE);
    }

    private void setMultiple() {
        final Drive found = drive;
        if (found == null || found.blockSectors() == 1) {
            ready();
            return;
        }
        registers.command(AtaCommand.SET_MULTIPLE, 0, 0, found.blockSectors());
        await(Step.MULTIPLE);
    }

    private void ready() {
        line.unmask();
        registers.enableInterrupt();
        step = Step.ENDED;
    }

    private void await(final Step next) {
        step = next;
        looks = 0;
    }

    private boolean succeeded(final int status, final String otherwise) {
        if (AtaStatus.isFailure(status)) {
            fail(otherwise);
            return false;
        }
        return true;
    }

    private void fail(final String why) {
        drive = null;
        failure = why;
        step = Step.ENDED;
    }
}
