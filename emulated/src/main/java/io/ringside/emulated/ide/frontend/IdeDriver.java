package io.ringside.emulated.ide.frontend;

import io.ringside.device.guest.BlockCompletions;
import io.ringside.device.guest.BlockDevice;
import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.emulated.ide.protocol.AtaCommand;
import io.ringside.emulated.ide.protocol.AtaStatus;
import io.ringside.emulated.ide.protocol.BusMasterRegisters;
import io.ringside.emulated.ide.protocol.IdePorts;
import io.ringside.emulated.ide.protocol.TaskFile;
import io.ringside.emulated.trap.InterruptController;
import io.ringside.emulated.trap.InterruptLine;
import io.ringside.emulated.trap.PortIo;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * The guest's driver of one IDE disk, which believes in hardware.
 *
 * <p>A drive has one command in flight. The driver keeps up to {@code queueDepth} requests and
 * issues those that are committed one after the other; they complete in this order. While the drive
 * works, {@link #doWork} finds nothing to do and returns 0: a real guest would halt.
 *
 * <p>A request that fails ends as {@link BlockStatus#ERROR}. If the drive then still holds on to
 * the command it is reset and set up anew, and is not ready meanwhile; if nothing comes of that,
 * all requests that are left fail, and {@link #failure} says why.
 *
 * <p>Traces, when on: {@code request} with first sector and bytes; {@code done} or {@code failed}
 * with the last status and the request's tag.
 *
 * <p>Threads: the vCPU's. Allocates nothing once ready.
 */
public final class IdeDriver implements Agent, BlockDevice {
    private static final String NAME = "ide";
    private static final int MAX_LOOKS = 1 << 20;

    /** What the driver waits for. */
    private enum Phase {
        PROBE,
        NOTHING,
        REFUSAL,
        DATA_REQUEST,
        PIO_INTERRUPT,
        SETTLED,
        DMA_INTERRUPT,
        COMMAND_INTERRUPT,
        GONE,
        CLOSED
    }

    // 1. Shared with the device: one page frame.

    private final int frame;
    private final PrdTable table;

    // 2. Ours alone.

    private final IdeMode mode;
    private final InterruptLine line;
    private final FrameAllocator frames;
    private final Trace trace;
    private final IdeRegisters registers;
    private final IdeProbe probe;
    private final PioCursor cursor;
    private final RequestQueue queue;
    private final TaskFile task = new TaskFile();
    private Phase phase = Phase.PROBE;
    private @Nullable Drive drive;
    private BlockCompletions completions = request -> {};
    private boolean completing;
    private int looks;
    private long spuriousInterrupts;

    /**
     * Makes a driver; it looks for its drive as soon as it works.
     *
     * @param ports where the channel is
     * @param mode how data is moved
     * @param io the processor's ports
     * @param interrupts where its interrupts come from
     * @param memory the guest's memory
     * @param frames gives the one frame that the driver needs
     * @param queueDepth most requests that are submitted and not completed
     * @param trace where requests are told
     */
    public IdeDriver(
            final IdePorts ports,
            final IdeMode mode,
            final PortIo io,
            final InterruptController interrupts,
            final GuestMemory memory,
            final FrameAllocator frames,
            final int queueDepth,
            final Trace trace) {
        this.mode = mode;
        this.line = new InterruptLine(io, interrupts, ports.irq());
        this.frames = frames;
        this.trace = trace;
        this.frame = frames.allocate();
        final long frameAddress = (long) frame << GuestMemory.PAGE_SHIFT;
        this.table = new PrdTable(memory, frameAddress);
        this.registers = new IdeRegisters(io, ports);
        this.probe =
                new IdeProbe(
                        registers,
                        line,
                        mode,
                        queueDepth,
                        memory,
                        frameAddress + PrdTable.SIZE_BYTES);
        this.cursor = new PioCursor(registers);
        this.queue = new RequestQueue(queueDepth, memory);
    }

    // 3. Connect: reset, identify, set up.

    private int connect() {
        final int work = probe.doWork();
        if (probe.hasEnded()) {
            drive = probe.drive();
            phase = drive == null ? Phase.GONE : Phase.NOTHING;
        }
        return work;
    }

    /** The drive does not let go of a command: find it again. */
    private void reconnect() {
        probe.restart();
        phase = Phase.PROBE;
    }

    @Override
    public boolean isReady() {
        return phase != Phase.PROBE && phase != Phase.GONE && phase != Phase.CLOSED;
    }

    /** Why there is no drive; empty while there is one, or while it is looked for. */
    public String failure() {
        return probe.failure();
    }

    /** What the drive calls itself; empty before it is found. */
    public String model() {
        return drive == null ? "" : drive.model();
    }

    /** Interrupts that came without a reason. */
    public long spuriousInterrupts() {
        return spuriousInterrupts;
    }

    @Override
    public BlockLimits limits() {
        if (drive == null || !isReady()) {
            throw new IllegalStateException("not ready: phase=" + phase);
        }
        return drive.limits();
    }

    @Override
    public void completionsTo(final BlockCompletions newCompletions) {
        completions = newCompletions;
    }

    @Override
    public String roleName() {
        return NAME;
    }

    // 4. Submit, then complete.

    @Override
    public boolean submit(final BlockRequest request) {
        return isReady() && queue.add(request, limits());
    }

    @Override
    public void commit() {
        queue.commit();
        if (phase == Phase.NOTHING && !completing) {
            startNext();
        }
    }

    private int startNext() {
        final BlockRequest request = queue.peek();
        if (request == null || drive == null) {
            return 0;
        }
        if (AtaStatus.isOccupied(registers.alternateStatus())) {
            reconnect();
            return 1;
        }
        if (trace.isOn()) {
            trace.event(NAME, "request", request.sector(), request.totalBytes());
        }
        switch (request.operation()) {
            case READ, WRITE -> startTransfer(request, drive);
            case FLUSH -> startFlush(drive);
            case BARRIER, DISCARD, SECURE_DISCARD -> phase = Phase.REFUSAL;
        }
        return 1;
    }

    private void startFlush(final Drive target) {
        if (target.flushCommand() == AtaCommand.NONE) {
            phase = Phase.REFUSAL;
            return;
        }
        registers.command(target.flushCommand(), 0);
        phase = Phase.COMMAND_INTERRUPT;
    }

    private void startTransfer(final BlockRequest request, final Drive target) {
        final boolean writes = request.operation() == BlockOperation.WRITE;
        final int traits =
                (writes ? AtaCommand.WRITES : 0)
                        | (mode == IdeMode.DMA ? AtaCommand.DMA : 0)
                        | (target.blockSectors() > 1 ? AtaCommand.MULTIPLE : 0);
        final int result =
                task.transfer(
                        traits,
                        target.addressing(),
                        target.geometry(),
                        request.sector(),
                        request.totalBytes() / BlockRequest.SECTOR_BYTES);
        if (result != TaskFile.OK) {
            phase = Phase.REFUSAL;
            return;
        }
        if (mode == IdeMode.DMA) {
            table.fill(request);
            registers.prepareEngine(table.guestAddress(), !writes);
            registers.command(task);
            registers.startEngine();
            phase = Phase.DMA_INTERRUPT;
            return;
        }
        cursor.start(request);
        registers.command(task);
        looks = 0;
        // Nothing but the status tells that the drive waits for the first block of a write.
        phase = writes ? Phase.DATA_REQUEST : Phase.PIO_INTERRUPT;
    }

    /** Services the interrupt if there is one, else looks or starts; at most one block moves. */
    @Override
    public int doWork() {
        if (line.deliver()) {
            serviceInterrupt();
            if (phase == Phase.NOTHING) {
                startNext();
            }
            return 1;
        }
        return switch (phase) {
            case PROBE -> connect();
            case NOTHING -> startNext();
            case REFUSAL -> finish(BlockStatus.UNSUPPORTED, 0);
            case CLOSED -> 0;
            case DATA_REQUEST -> awaitDataRequest();
            case SETTLED -> awaitSettled();
            case GONE -> finish(BlockStatus.ERROR, 0);
            case PIO_INTERRUPT, DMA_INTERRUPT, COMMAND_INTERRUPT -> 0;
        };
    }

    private int awaitDataRequest() {
        final int status = registers.alternateStatus();
        looks++;
        if ((status & AtaStatus.BUSY) != 0 && looks < MAX_LOOKS) {
            return 0;
        }
        final BlockRequest request = queue.peek();
        if (request == null || drive == null || !AtaStatus.isDataRequested(status)) {
            return finish(BlockStatus.ERROR, status);
        }
        cursor.moveBlock(request, drive);
        phase = Phase.PIO_INTERRUPT;
        return 1;
    }

    private void serviceInterrupt() {
        if (phase == Phase.DMA_INTERRUPT) {
            serviceDma();
            return;
        }
        final int status = registers.status();
        line.end();
        switch (phase) {
            case PIO_INTERRUPT -> servicePio(status);
            case COMMAND_INTERRUPT -> finishBy(status);
            case DATA_REQUEST -> {
                if (AtaStatus.isFailure(status)) {
                    finishBy(status); // Refused before its first block.
                } else {
                    spuriousInterrupts++;
                }
            }
            case PROBE, NOTHING, REFUSAL, SETTLED, DMA_INTERRUPT, GONE, CLOSED ->
                    spuriousInterrupts++;
        }
    }

    private void serviceDma() {
        final int engine = registers.engineStatus();
        if ((engine & BusMasterRegisters.INTERRUPT) == 0) {
            line.end();
            spuriousInterrupts++;
            return;
        }
        registers.stopEngine();
        registers.acknowledgeEngine(engine);
        final int status = registers.status();
        line.end();
        if ((engine & BusMasterRegisters.ERROR) != 0) {
            finish(BlockStatus.ERROR, status);
        } else {
            finishBy(status);
        }
    }

    private void servicePio(final int status) {
        final BlockRequest request = queue.peek();
        if (AtaStatus.isFailure(status) || cursor.isDone() || request == null || drive == null) {
            finishBy(status);
        } else if (!AtaStatus.isDataRequested(status)) {
            finish(BlockStatus.ERROR, status);
        } else {
            cursor.moveBlock(request, drive);
            if (cursor.isDone() && request.operation() == BlockOperation.READ) {
                looks = 0;
                phase = Phase.SETTLED; // No interrupt tells that the last block was taken.
                awaitSettled();
            }
        }
    }

    private int awaitSettled() {
        final int status = registers.alternateStatus();
        looks++;
        if ((status & AtaStatus.BUSY) != 0 && looks < MAX_LOOKS) {
            return 0;
        }
        return finishBy(status);
    }

    private int finishBy(final int status) {
        final boolean isDone = !AtaStatus.isFailure(status) && !AtaStatus.isOccupied(status);
        return finish(isDone ? BlockStatus.OK : BlockStatus.ERROR, status);
    }

    private int finish(final BlockStatus result, final int status) {
        final BlockRequest request = queue.remove();
        if (request == null) {
            return 0;
        }
        if (trace.isOn()) {
            trace.event(NAME, result == BlockStatus.OK ? "done" : "failed", status, request.tag());
        }
        if (isReady()) {
            phase = Phase.NOTHING;
            if (AtaStatus.isOccupied(status)) {
                reconnect();
            }
        }
        request.status(result);
        completing = true;
        completions.completed(request);
        completing = false;
        return 1;
    }

    // 5. Tear down, in reverse.

    /**
     * Quiets the drive and gives the frame back; what was not completed fails. The memory of a
     * request that was in flight is the caller's again once the drive has let go of it.
     */
    @Override
    public void onClose() {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        line.mask();
        registers.stopEngine();
        registers.softReset();
        for (int left = queue.size(); left > 0; left--) {
            finish(BlockStatus.ERROR, 0);
        }
        frames.free(frame);
    }
}
