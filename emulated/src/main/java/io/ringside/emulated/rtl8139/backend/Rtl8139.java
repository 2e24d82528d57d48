package io.ringside.emulated.rtl8139.backend;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketPort;
import io.ringside.emulated.nic.backend.NicModel;
import io.ringside.emulated.nic.backend.WireFrames;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Bits;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Registers;
import io.ringside.emulated.trap.InterruptController;
import io.ringside.emulated.trap.PortDevice;
import io.ringside.emulated.trap.PortIo;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An RTL8139C in C mode.
 *
 * <p>The model lives in the exit: a write of a transmit status sends the frame. {@link #doWork}, on
 * the same thread, sends what the port had no room for, and stores what has arrived, a bounded
 * number of frames at a time. A frame that comes while the receive ring is full is dropped, as the
 * chip would, and counted in its register of missed frames.
 *
 * <p>What a guest gets wrong is answered as the chip would: a frame too long is given up, an
 * address where there is no memory is a bus error, and neither is an exception. What is left out:
 * the C+ mode, wake-up, power management, the timer, early receive interrupts, and the flash.
 *
 * <p>Traces, when on: {@code send} and {@code receive} with the length and the interrupt status.
 *
 * <p>Threads: the vCPU's. Allocates nothing after construction.
 */
public final class Rtl8139 implements PortDevice, NicModel {
    private static final String NAME = "rtl8139";
    private static final int BURST = 16; // They fit into a ring of 32 KiB, however long they are.
    private static final int BYTE_MASK = 0xFF;
    private static final int MISSED_MASK = 0xFF_FFFF;
    private static final int COMMAND_MASK = Rtl8139Bits.RECEIVER_ON | Rtl8139Bits.TRANSMITTER_ON;

    private final int base;
    private final long stationAddress;
    private final PacketPort port;
    private final GuestMemory memory;
    private final Vcpu vcpu;
    private final InterruptPin pin;
    private final Trace trace;
    private final WireFrames arrivals;
    private final Packet packet = new Packet(1, 0);
    private final UnsafeBuffer outgoing = new UnsafeBuffer(0, 0);
    private final ByteBuffer loopedBytes =
            ByteBuffer.allocateDirect(
                    Rtl8139Registers.MAX_TRANSMIT_BYTES + Rtl8139Bits.CHECK_BYTES);
    private final UnsafeBuffer looped = new UnsafeBuffer(loopedBytes);
    private final EepromRegister eeprom;
    private final StationFilter filter = new StationFilter();
    private final TransmitSlots slots = new TransmitSlots();
    private final ReceiveRing ring;
    private final int[] configs = new int[Rtl8139Registers.CONFIG_4 + 1];
    private int command;
    private int transmitConfig;
    private int missed;
    private int phyControl;
    private boolean linkWasUp;
    private long refusedWrites;
    private long refusedFrames;

    /**
     * Makes a card; {@link #attachTo} puts it behind its ports.
     *
     * @param base its first port
     * @param line its interrupt line
     * @param stationAddress what its EEPROM holds: 48 bits, the first byte on the wire the highest
     * @param port the network
     * @param memory what it reads and writes by itself
     * @param vcpu counts the bytes that the model copies
     * @param interrupts takes the line
     * @param trace where frames are told
     */
    public Rtl8139(
            final int base,
            final int line,
            final long stationAddress,
            final PacketPort port,
            final GuestMemory memory,
            final Vcpu vcpu,
            final InterruptController interrupts,
            final Trace trace) {
        this.base = base;
        this.stationAddress = stationAddress;
        this.port = port;
        this.memory = memory;
        this.vcpu = vcpu;
        this.pin = new InterruptPin(interrupts, line);
        this.trace = trace;
        this.arrivals =
                new WireFrames(
                        port, vcpu, Rtl8139Registers.MAX_TRANSMIT_BYTES, Rtl8139Bits.CHECK_BYTES);
        this.eeprom = new EepromRegister(stationAddress);
        this.ring = new ReceiveRing(memory, vcpu);
        linkWasUp = port.isLinkUp();
        reset();
    }

    /** Takes the card's ports. */
    public void attachTo(final PortIo io) {
        io.register(base, Rtl8139Registers.PORTS, this);
    }

    @Override
    public String roleName() {
        return NAME;
    }

    /** Writes that were not taken: to what is read only, locked, or the chip's. */
    public long refusedWrites() {
        return refusedWrites;
    }

    /** Frames that the guest wanted sent and that were given up. */
    public long refusedFrames() {
        return refusedFrames;
    }

    /** Frames that came while there was no room for them. */
    public int missed() {
        return missed;
    }

    private void reset() {
        command = 0;
        pin.reset();
        transmitConfig = 0;
        missed = 0;
        filter.load(stationAddress);
        slots.reset();
        ring.reset();
    }

    // Reads.

    @Override
    public int in(final int ioPort, final int widthBytes) {
        int value = 0;
        for (int i = 0; i < widthBytes; i++) {
            final int offset = ioPort - base + i;
            value |=
                    (readRegister(offset & -4) >>> Byte.SIZE * (offset & 3) & BYTE_MASK)
                            << Byte.SIZE * i;
        }
        return value;
    }

    /** The 32 bits from a multiple of 4 on. */
    private int readRegister(final int offset) {
        return switch (offset) {
            case 0x00 -> addressBytes(0, 4);
            case 0x04 -> addressBytes(4, 2);
            case 0x08 -> multicastBytes(0);
            case 0x0C -> multicastBytes(4);
            case 0x10, 0x14, 0x18, 0x1C ->
                    slots.status((offset - Rtl8139Registers.TRANSMIT_STATUS) / Integer.BYTES);
            case 0x20, 0x24, 0x28, 0x2C ->
                    slots.address((offset - Rtl8139Registers.TRANSMIT_ADDRESS) / Integer.BYTES);
            case Rtl8139Registers.RECEIVE_RING -> ring.start();
            case 0x34 -> (command | (ring.isEmpty() ? Rtl8139Bits.RING_EMPTY : 0)) << 24;
            case Rtl8139Registers.READ_OFFSET ->
                    ring.readRegister() | ring.writeOffset() << Short.SIZE;
            case Rtl8139Registers.INTERRUPT_MASK -> pin.mask() | pin.status() << Short.SIZE;
            case Rtl8139Registers.TRANSMIT_CONFIG ->
                    transmitConfig & ~Rtl8139Bits.VERSION_MASK | Rtl8139Bits.VERSION_C;
            case Rtl8139Registers.RECEIVE_CONFIG -> ring.config();
            case Rtl8139Registers.MISSED -> missed;
            case Rtl8139Registers.EEPROM ->
                    eeprom.read()
                            | configs[Rtl8139Registers.CONFIG_0] << 8
                            | configs[Rtl8139Registers.CONFIG_1] << 16;
            case Rtl8139Registers.MEDIA_STATUS ->
                    (port.isLinkUp() ? 0 : Rtl8139Bits.LINK_DOWN)
                            | configs[Rtl8139Registers.CONFIG_3] << 8
                            | configs[Rtl8139Registers.CONFIG_4] << 16;
            case Rtl8139Registers.TRANSMIT_SUMMARY -> slots.summary() | phyControl << Short.SIZE;
            case Rtl8139Registers.PHY_STATUS ->
                    Rtl8139Bits.PHY_ABILITIES | (port.isLinkUp() ? Rtl8139Bits.PHY_LINK_UP : 0);
            default -> 0;
        };
    }

    private int addressBytes(final int first, final int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value |= filter.addressByte(first + i) << Byte.SIZE * i;
        }
        return value;
    }

    private int multicastBytes(final int first) {
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value |= filter.multicastByte(first + i) << Byte.SIZE * i;
        }
        return value;
    }

    // Writes.

    @Override
    public void out(final int ioPort, final int widthBytes, final int value) {
        final int offset = ioPort - base;
        if (widthBytes == Integer.BYTES && writeLong(offset, value)) {
            return;
        }
        if (widthBytes == 1 || (offset & 1) != 0) {
            for (int i = 0; i < widthBytes; i++) {
                writeByte(offset + i, value >>> Byte.SIZE * i & BYTE_MASK);
            }
            return;
        }
        for (int i = 0; i < widthBytes; i += Short.BYTES) {
            writeWord(offset + i, value >>> Byte.SIZE * i & 0xFFFF);
        }
    }

    private boolean writeLong(final int offset, final int value) {
        switch (offset) {
            case 0x10, 0x14, 0x18, 0x1C ->
                    transmit((offset - Rtl8139Registers.TRANSMIT_STATUS) / Integer.BYTES, value);
            case 0x20, 0x24, 0x28, 0x2C ->
                    slots.address(
                            (offset - Rtl8139Registers.TRANSMIT_ADDRESS) / Integer.BYTES, value);
            case Rtl8139Registers.RECEIVE_RING -> ring.start(value);
            case Rtl8139Registers.TRANSMIT_CONFIG -> transmitConfig = value;
            case Rtl8139Registers.RECEIVE_CONFIG -> ring.config(value);
            case Rtl8139Registers.MISSED -> missed = 0;
            default -> {
                return false;
            }
        }
        return true;
    }

    private void writeWord(final int offset, final int value) {
        switch (offset) {
            case Rtl8139Registers.READ_OFFSET -> ring.readRegister(value);
            case Rtl8139Registers.INTERRUPT_MASK -> pin.mask(value);
            case Rtl8139Registers.INTERRUPT_STATUS -> pin.clear(value);
            case Rtl8139Registers.PHY_CONTROL -> {
                if (isUnlocked()) {
                    phyControl = value;
                } else {
                    refusedWrites++;
                }
            }
            default -> {
                writeByte(offset, value & BYTE_MASK);
                writeByte(offset + 1, value >>> Byte.SIZE);
            }
        }
    }

    private void writeByte(final int offset, final int value) {
        final boolean isConfig =
                offset == Rtl8139Registers.CONFIG_0
                        || offset == Rtl8139Registers.CONFIG_1
                        || offset == Rtl8139Registers.CONFIG_3
                        || offset == Rtl8139Registers.CONFIG_4;
        if (offset == Rtl8139Registers.COMMAND) {
            writeCommand(value);
        } else if (offset == Rtl8139Registers.EEPROM) {
            eeprom.write(value);
        } else if (isConfig && isUnlocked()) {
            configs[offset] = value;
        } else if (offset >= Rtl8139Registers.MULTICAST_FILTER
                && offset < Rtl8139Registers.TRANSMIT_STATUS) {
            filter.multicastByte(offset - Rtl8139Registers.MULTICAST_FILTER, value);
        } else if (offset < Rtl8139Registers.STATION_ADDRESS + 6 && isUnlocked()) {
            filter.addressByte(offset, value);
        } else {
            refusedWrites++;
        }
    }

    private boolean isUnlocked() {
        return (eeprom.read() & Rtl8139Bits.UNLOCK) == Rtl8139Bits.UNLOCK;
    }

    private void writeCommand(final int value) {
        if ((value & Rtl8139Bits.RESET) != 0) {
            reset();
            return;
        }
        command = value & COMMAND_MASK;
    }

    // Transmit.

    private void transmit(final int slot, final int value) {
        if ((command & Rtl8139Bits.TRANSMITTER_ON) == 0 || !slots.handOver(slot, value)) {
            refusedWrites++;
            return;
        }
        sendWaiting();
    }

    private int sendWaiting() {
        int sent = 0;
        while (slots.next() != TransmitSlots.NONE && send(slots.next())) {
            sent++;
        }
        return sent;
    }

    /** Sends one slot; false if the port has no room now. */
    private boolean send(final int slot) {
        final int lengthBytes = slots.lengthBytes(slot);
        final long address = Integer.toUnsignedLong(slots.address(slot));
        if (lengthBytes == 0
                || lengthBytes > Rtl8139Registers.MAX_TRANSMIT_BYTES
                || !memory.contains(address, lengthBytes)) {
            refusedFrames++;
            slots.finish(Rtl8139Bits.ABORTED);
            pin.raise(Rtl8139Bits.TRANSMIT_ERROR);
            return true;
        }
        memory.wrap(outgoing, address, lengthBytes);
        if ((transmitConfig & Rtl8139Bits.LOOPBACK) == Rtl8139Bits.LOOPBACK) {
            loopBack(lengthBytes);
        } else if (!port.send(packet.reset().add(outgoing, 0, lengthBytes))) {
            return false;
        }
        vcpu.copied(lengthBytes);
        if (trace.isOn()) {
            trace.event(NAME, "send", lengthBytes, pin.status());
        }
        slots.finish(Rtl8139Bits.SENT);
        pin.raise(Rtl8139Bits.TRANSMIT_OK);
        return true;
    }

    private void loopBack(final int lengthBytes) {
        looped.putBytes(0, outgoing, 0, lengthBytes);
        int framed = lengthBytes;
        while (framed < WireFrames.SHORTEST_BYTES) {
            looped.putByte(framed, (byte) 0);
            framed++;
        }
        receive(loopedBytes, framed);
    }

    // Receive.

    @Override
    public int doWork() {
        int work = sendWaiting();
        if (port.isLinkUp() != linkWasUp) {
            linkWasUp = !linkWasUp;
            pin.raise(Rtl8139Bits.LINK_CHANGE);
            work++;
        }
        for (int i = 0; i < BURST && takesMore() && arrivals.next(); i++) {
            receive(arrivals.bytes(), arrivals.lengthBytes());
            work++;
        }
        return work;
    }

    private boolean takesMore() {
        return !port.holdsBack()
                || (command & Rtl8139Bits.RECEIVER_ON) != 0
                        && ring.hasRoom(Rtl8139Registers.MAX_TRANSMIT_BYTES);
    }

    @Override
    public boolean isWaiting() {
        return slots.next() != TransmitSlots.NONE;
    }

    private void receive(final ByteBuffer frame, final int lengthBytes) {
        if ((command & Rtl8139Bits.RECEIVER_ON) == 0) {
            return; // A card that is off hears nothing.
        }
        final int status = filter.match(frame, ring.config());
        if (status == StationFilter.NOT_FOR_US) {
            return;
        }
        switch (ring.store(frame, lengthBytes, status)) {
            case STORED -> {
                if (trace.isOn()) {
                    trace.event(NAME, "receive", lengthBytes, pin.status());
                }
                pin.raise(Rtl8139Bits.RECEIVE_OK);
            }
            case NO_ROOM -> {
                missed = missed + 1 & MISSED_MASK;
                pin.raise(Rtl8139Bits.RING_FULL);
            }
            case NO_MEMORY -> pin.raise(Rtl8139Bits.BUS_ERROR);
        }
    }
}
