package io.ringside.emulated.ide;

import io.ringside.device.host.BlockStore;
import io.ringside.emulated.ide.backend.DriveIdentity;
import io.ringside.emulated.ide.backend.IdeDisk;
import io.ringside.emulated.ide.protocol.AtaRegisters;
import io.ringside.emulated.ide.protocol.AtaStatus;
import io.ringside.emulated.ide.protocol.BusMasterRegisters;
import io.ringside.emulated.ide.protocol.IdePorts;
import io.ringside.emulated.ide.protocol.PrdEntry;
import io.ringside.emulated.trap.InterruptController;
import io.ringside.emulated.trap.PortIo;
import io.ringside.emulated.trap.StringIo;
import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import org.agrona.concurrent.UnsafeBuffer;

/** A processor, its memory, and one IDE disk on the primary channel, to be poked by hand. */
public final class IdeMachine implements AutoCloseable {
    /** Frames of guest memory. */
    public static final int FRAMES = 512;

    private static final IdePorts PORTS = IdePorts.PRIMARY;
    private static final int MAX_STEPS = 100_000;

    private final InProcessMemory memory = InProcessMemory.anonymous(FRAMES);
    private final UnsafeBuffer whole = new UnsafeBuffer(0, 0);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final Vcpu vcpu = new Vcpu("guest", CrossingCosts.COUNTS, () -> 0);
    private final InterruptController interrupts = new InterruptController(vcpu);
    private final Trace trace;
    private final PortIo io;
    private final IdeDisk disk;
    private final FaultyChannel faults;

    /** A machine whose disk stands behind its ports. */
    public IdeMachine(
            final BlockStore store, final DriveIdentity identity, final StringIo stringIo) {
        this(store, identity, stringIo, Trace.OFF);
    }

    /** The same, with somebody who listens. */
    public IdeMachine(
            final BlockStore store,
            final DriveIdentity identity,
            final StringIo stringIo,
            final Trace trace) {
        this.trace = trace;
        io = new PortIo(vcpu, memory, stringIo, null);
        disk = new IdeDisk(PORTS, identity, store, memory, vcpu, interrupts, trace);
        final FaultyChannel channel = new FaultyChannel(disk);
        faults = channel;
        io.register(PORTS.commandBlock(), IdePorts.COMMAND_BLOCK_PORTS, channel);
        io.register(PORTS.control(), 1, channel);
        io.register(PORTS.busMaster(), IdePorts.BUS_MASTER_PORTS, channel);
        interrupts.attachTo(io);
        memory.wrap(whole, 0, FRAMES * GuestMemory.PAGE_BYTES);
    }

    /** A machine with the bench's own drive. */
    public static IdeMachine with(final BlockStore store) {
        return new IdeMachine(store, DriveIdentity.RINGSIDE, StringIo.ONE_EXIT);
    }

    public InProcessMemory memory() {
        return memory;
    }

    /** All of guest memory. */
    public UnsafeBuffer bytes() {
        return whole;
    }

    public FrameAllocator frames() {
        return frames;
    }

    public Vcpu vcpu() {
        return vcpu;
    }

    public InterruptController interrupts() {
        return interrupts;
    }

    public PortIo io() {
        return io;
    }

    public Trace trace() {
        return trace;
    }

    public IdeDisk disk() {
        return disk;
    }

    /** What stands between the ports and the disk, and can garble what is read. */
    public FaultyChannel faults() {
        return faults;
    }

    /** Port exits so far, whoever answers. */
    public long exits() {
        return vcpu.count(Crossing.PORT_EXIT) + vcpu.count(Crossing.HYPERVISOR_PORT_EXIT);
    }

    /** Lets line 14 through. */
    public void unmask() {
        io.outb(InterruptController.MASTER_PORT + InterruptController.MASK_OFFSET, 0);
        io.outb(InterruptController.SLAVE_PORT + InterruptController.MASK_OFFSET, 0);
    }

    /** Takes the disk's interrupt and ends it at both chips; false if there is none. */
    public boolean takeInterrupt() {
        if (!interrupts.deliver(PORTS.irq())) {
            return false;
        }
        io.outb(InterruptController.SLAVE_PORT, 0x20);
        io.outb(InterruptController.MASTER_PORT, 0x20);
        return true;
    }

    public void write(final int register, final int value) {
        io.outb(PORTS.commandBlock() + register, value);
    }

    public int read(final int register) {
        return io.inb(PORTS.commandBlock() + register);
    }

    public int status() {
        return read(AtaRegisters.STATUS);
    }

    public int alternateStatus() {
        return io.inb(PORTS.control());
    }

    public int error() {
        return read(AtaRegisters.ERROR);
    }

    public void control(final int value) {
        io.outb(PORTS.control(), AtaRegisters.CONTROL_BASE | value);
    }

    /** A 28-bit command. */
    public void command(final int code, final long lba, final int count) {
        taskFile(lba, count);
        write(
                AtaRegisters.DEVICE,
                AtaRegisters.DEVICE_BASE | AtaRegisters.DEVICE_LBA | ((int) (lba >>> 24) & 0xF));
        write(AtaRegisters.COMMAND, code);
    }

    /** A 48-bit command. */
    public void extendedCommand(final int code, final long lba, final int count) {
        taskFile(lba >>> 24, count >>> 8);
        taskFile(lba, count);
        write(AtaRegisters.DEVICE, AtaRegisters.DEVICE_BASE | AtaRegisters.DEVICE_LBA);
        write(AtaRegisters.COMMAND, code);
    }

    private void taskFile(final long lba, final int count) {
        write(AtaRegisters.SECTOR_COUNT, count & 0xFF);
        write(AtaRegisters.LBA_LOW, (int) lba & 0xFF);
        write(AtaRegisters.LBA_MID, (int) (lba >>> 8) & 0xFF);
        write(AtaRegisters.LBA_HIGH, (int) (lba >>> 16) & 0xFF);
    }

    /** SET FEATURES. */
    public void setFeatures(final int feature, final int count, final int command) {
        write(AtaRegisters.FEATURE, feature);
        command(command, 0, count);
    }

    /** Fetches words from the data port. */
    public void fetch(final long guestAddress, final int lengthBytes) {
        io.insw(PORTS.commandBlock(), guestAddress, lengthBytes / 2);
    }

    /** Sends words to the data port. */
    public void send(final long guestAddress, final int lengthBytes) {
        io.outsw(PORTS.commandBlock(), guestAddress, lengthBytes / 2);
    }

    /** The table's address and the direction, not started. */
    public void engine(final long table, final boolean towardsMemory) {
        io.outl(PORTS.busMaster() + BusMasterRegisters.TABLE, table);
        io.outb(
                PORTS.busMaster() + BusMasterRegisters.COMMAND,
                towardsMemory ? BusMasterRegisters.TO_MEMORY : 0);
    }

    /** Sets or clears START, and leaves the direction. */
    public void start(final boolean isStarted) {
        final int port = PORTS.busMaster() + BusMasterRegisters.COMMAND;
        final int direction = io.inb(port) & BusMasterRegisters.TO_MEMORY;
        io.outb(port, direction | (isStarted ? BusMasterRegisters.START : 0));
    }

    public int engineStatus() {
        return io.inb(PORTS.busMaster() + BusMasterRegisters.STATUS);
    }

    /** A table in guest memory. */
    public PrdEntry table(final long guestAddress, final int entries) {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(view, guestAddress, entries * PrdEntry.SIZE_BYTES);
        return new PrdEntry(view);
    }

    /** Lets the disk work until it is not busy. */
    public int settle() {
        for (int i = 0; i < MAX_STEPS; i++) {
            if ((alternateStatus() & AtaStatus.BUSY) == 0) {
                return alternateStatus();
            }
            disk.doWork();
        }
        throw new IllegalStateException("the disk stays busy");
    }

    /** Lets the disk work until its store has nothing of it. */
    public void quiet() {
        for (int i = 0; i < MAX_STEPS && !disk.isQuiet(); i++) {
            disk.doWork();
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
