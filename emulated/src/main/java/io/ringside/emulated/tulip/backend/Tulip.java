package io.ringside.emulated.tulip.backend;

import io.ringside.device.host.PacketPort;
import io.ringside.emulated.nic.backend.CheckSequence;
import io.ringside.emulated.nic.backend.WireFrames;
import io.ringside.emulated.trap.InterruptController;
import io.ringside.emulated.trap.PortDevice;
import io.ringside.emulated.trap.PortIo;
import io.ringside.emulated.tulip.protocol.TulipBits;
import io.ringside.emulated.tulip.protocol.TulipRegisters;
import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import org.agrona.concurrent.Agent;

/**
 * A DEC 21140, with a PHY at its MII port.
 *
 * <p>The model lives in the exit: a transmit poll demand sends what stands in the transmit list, at
 * most {@link TransmitProcess#BURST} descriptors of it. {@link #doWork}, on the same thread, goes
 * on with the rest, stores what has arrived, and lets the timer run out.
 *
 * <p>What a guest gets wrong is answered as the chip would: an address where there is no memory is
 * a bus error, after which the chip leaves memory alone until it is reset; frames that no cable
 * would carry are dropped; neither is an exception. What is left out: big-endian memory, polling
 * without a demand, early interrupts, the boot ROM, power management, and collisions, which this
 * cable has not.
 *
 * <p>Traces, when on: {@code send} with descriptors taken and status, {@code receive} with the
 * length and status.
 *
 * <p>Threads: the vCPU's. Allocates nothing after construction.
 */
public final class Tulip implements PortDevice, Agent {
    private static final String NAME = "tulip";
    private static final int BURST = 32;
    private static final int LONGEST_BYTES = 9018;
    private static final int MISSED_ONES = 0xE000_0000;
    private static final int MASK_ONES = 0xFFFE_0000;
    private static final int MODE_AT_RESET = 0x3200_0040;
    private static final int FILTER_BITS =
            TulipBits.HASH_FILTER | TulipBits.HASH_ONLY | TulipBits.INVERSE_FILTER;
    private static final int PINS_ONES = 0xFFFF_FE00;
    private static final int PINS_DIRECTION = 0x100;
    private static final int PINS_MASK = 0xFF;

    private final int base;
    private final PacketPort port;
    private final Trace trace;
    private final WireFrames arrivals;
    private final StatusRegister status;
    private final AddressFilter filter = new AddressFilter();
    private final ReceiveProcess receiver;
    private final TransmitProcess transmitter;
    private final GeneralTimer timer;
    private final SerialRegister serial;
    private int busMode;
    private int mode;
    private int watchdog;
    private int pinOutputs;
    private int pins;
    private long refusedWrites;

    /**
     * Makes a card; {@link #attachTo} puts it behind its ports.
     *
     * @param base its first port
     * @param line its interrupt line
     * @param stationAddress what its serial ROM holds: 48 bits, the first byte on the wire the
     *     highest
     * @param port the network
     * @param memory what it reads and writes by itself
     * @param vcpu counts the bytes that the model copies
     * @param interrupts takes the line
     * @param clock for the timer
     * @param trace where work is told
     */
    public Tulip(
            final int base,
            final int line,
            final long stationAddress,
            final PacketPort port,
            final GuestMemory memory,
            final Vcpu vcpu,
            final InterruptController interrupts,
            final Clock clock,
            final Trace trace) {
        this.base = base;
        this.port = port;
        this.trace = trace;
        this.arrivals = new WireFrames(port, vcpu, LONGEST_BYTES, CheckSequence.BYTES);
        this.status = new StatusRegister(interrupts, line);
        this.receiver = new ReceiveProcess(memory, vcpu, status, filter);
        this.transmitter = new TransmitProcess(port, memory, vcpu, status, filter, receiver);
        this.timer = new GeneralTimer(clock);
        this.serial = new SerialRegister(stationAddress);
        reset();
    }

    /** Takes the card's ports. */
    public void attachTo(final PortIo io) {
        io.register(base, TulipRegisters.PORTS, this);
    }

    @Override
    public String roleName() {
        return NAME;
    }

    /** Writes that were not taken: not of a whole register, or to a list that is in use. */
    public long refusedWrites() {
        return refusedWrites;
    }

    /** Frames and setup frames that the guest wanted sent and that were dropped for its fault. */
    public long refusedFrames() {
        return transmitter.refused();
    }

    /** Frames that came and could not be laid out as a cable would carry them. */
    public long refusedArrivals() {
        return arrivals.refused();
    }

    /** Frames that were sent. */
    public long sent() {
        return transmitter.sent();
    }

    private void reset() {
        busMode = 0;
        mode = MODE_AT_RESET;
        watchdog = 0;
        pinOutputs = 0;
        pins = 0;
        filter.reset();
        receiver.reset();
        transmitter.reset();
        timer.reset();
        serial.reset();
        status.reset();
    }

    // Reads.

    @Override
    public int in(final int ioPort, final int widthBytes) {
        final int offset = ioPort - base;
        final int within = offset % TulipRegisters.STEP_BYTES;
        return within < Integer.BYTES ? read(offset - within) >>> within * Byte.SIZE : 0;
    }

    private int read(final int register) {
        return switch (register) {
            case TulipRegisters.BUS_MODE -> busMode;
            case TulipRegisters.RECEIVE_LIST -> (int) receiver.list().base();
            case TulipRegisters.TRANSMIT_LIST -> (int) transmitter.list().base();
            case TulipRegisters.STATUS ->
                    status.read()
                            | receiver.state() << TulipBits.RECEIVE_STATE_SHIFT
                            | transmitter.state() << TulipBits.TRANSMIT_STATE_SHIFT;
            case TulipRegisters.MODE -> mode | filter.modeBits();
            case TulipRegisters.INTERRUPT_MASK -> MASK_ONES | status.mask();
            case TulipRegisters.MISSED -> MISSED_ONES | receiver.takeMissed();
            case TulipRegisters.SERIAL -> serial.read();
            case TulipRegisters.TIMER -> timer.read();
            case TulipRegisters.PINS -> PINS_ONES | pins & pinOutputs;
            case TulipRegisters.WATCHDOG -> watchdog;
            default -> -1; // Poll demands, and what there is not.
        };
    }

    // Writes.

    @Override
    public void out(final int ioPort, final int widthBytes, final int value) {
        final int offset = ioPort - base;
        if (widthBytes != Integer.BYTES || offset % TulipRegisters.STEP_BYTES != 0) {
            refusedWrites++;
            return;
        }
        switch (offset) {
            case TulipRegisters.BUS_MODE -> writeBusMode(value);
            case TulipRegisters.TRANSMIT_POLL -> {
                transmitter.poll();
                send();
            }
            case TulipRegisters.RECEIVE_POLL -> receiver.poll();
            case TulipRegisters.RECEIVE_LIST -> writeList(receiver.list(), receiver.state(), value);
            case TulipRegisters.TRANSMIT_LIST ->
                    writeList(transmitter.list(), transmitter.state(), value);
            case TulipRegisters.STATUS -> status.clear(value & TulipBits.STATUS_BITS);
            case TulipRegisters.MODE -> writeMode(value);
            case TulipRegisters.INTERRUPT_MASK -> status.mask(value);
            case TulipRegisters.SERIAL -> serial.write(value, port.isLinkUp());
            case TulipRegisters.TIMER -> timer.write(value, mode);
            case TulipRegisters.PINS -> writePins(value);
            case TulipRegisters.WATCHDOG -> watchdog = value;
            default -> refusedWrites++;
        }
    }

    private void writeBusMode(final int value) {
        if ((value & TulipBits.RESET) != 0) {
            reset();
            return;
        }
        busMode = value;
        final int skip = (value >>> TulipBits.SKIP_SHIFT & TulipBits.SKIP_MASK) * Integer.BYTES;
        receiver.list().skip(skip);
        transmitter.list().skip(skip);
    }

    private void writeList(final DescriptorList list, final int state, final int value) {
        if (state == TulipBits.STATE_STOPPED) {
            list.base(value);
        } else {
            refusedWrites++;
        }
    }

    private void writeMode(final int value) {
        mode = value & ~FILTER_BITS;
        if ((value & TulipBits.RECEIVER_ON) != 0) {
            receiver.start();
        } else {
            receiver.stop();
        }
        if ((value & TulipBits.TRANSMITTER_ON) != 0) {
            transmitter.start();
            send();
        } else {
            transmitter.stop();
        }
    }

    private void writePins(final int value) {
        if ((value & PINS_DIRECTION) != 0) {
            pinOutputs = value & PINS_MASK;
        } else {
            pins = value & PINS_MASK;
        }
    }

    // Frames.

    private int send() {
        final int taken = transmitter.work(mode, watchdog);
        if (taken > 0 && trace.isOn()) {
            trace.event(NAME, "send", taken, status.read());
        }
        return taken;
    }

    @Override
    public int doWork() {
        int work = send();
        int descriptors = 0;
        for (int i = 0;
                i < BURST && descriptors < ReceiveProcess.MOST_DESCRIPTORS && arrivals.next();
                i++) {
            descriptors += receive();
            work++;
        }
        if (timer.tick()) {
            status.raise(TulipBits.TIMER_EXPIRED);
            work++;
        }
        return work;
    }

    private int receive() {
        if ((mode & TulipBits.INTERNAL_LOOP) != 0) {
            return 0; // The card hears itself alone.
        }
        final int taken =
                receiver.receive(
                        arrivals.bytes(), arrivals.view(), arrivals.lengthBytes(), mode, watchdog);
        if (taken > 0 && trace.isOn()) {
            trace.event(NAME, "receive", arrivals.lengthBytes(), status.read());
        }
        return taken;
    }
}
