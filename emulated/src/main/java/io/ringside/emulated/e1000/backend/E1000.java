package io.ringside.emulated.e1000.backend;

import io.ringside.device.host.PacketPort;
import io.ringside.emulated.e1000.protocol.E1000Bits;
import io.ringside.emulated.e1000.protocol.E1000Registers;
import io.ringside.emulated.nic.backend.CheckSequence;
import io.ringside.emulated.nic.backend.NicModel;
import io.ringside.emulated.nic.backend.SerialEeprom;
import io.ringside.emulated.nic.backend.WireFrames;
import io.ringside.emulated.trap.InterruptController;
import io.ringside.emulated.trap.Mmio;
import io.ringside.emulated.trap.MmioDevice;
import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * An Intel 82540EM.
 *
 * <p>The model lives in the exit: a write of the transmit tail sends what stands in the ring, at
 * most {@link TransmitRing#BURST} descriptors of it. {@link #doWork}, on the same thread, goes on
 * with the rest, stores what has arrived, and lets the timers that hold interrupts back run out.
 *
 * <p>What a guest gets wrong is answered as the chip would: frames that cannot be sent are dropped
 * and their descriptors reported as done, rings outside of memory are not looked at. Nothing is an
 * exception. What is left out: flow control, power management, wake-up, the flash, VLAN filtering,
 * and most of the statistics; registers without an effect keep what is written to them.
 *
 * <p>Traces, when on: {@code send} with descriptors taken, {@code receive} with the length.
 *
 * <p>Threads: the vCPU's. Allocates nothing after construction.
 */
public final class E1000 implements MmioDevice, NicModel {
    private static final String NAME = "e1000";
    private static final int BURST = 64;
    private static final int EEPROM_SUM = 0xBABA;
    private static final int EEPROM_LAST = 63;
    private static final int MAX_SHORT_BYTES = 1518;
    private static final int MAX_LONG_BYTES = 16380;
    private static final int TAG_OFFSET = 12;
    private static final int TAG_BYTES = 4;

    private final long base;
    private final long stationAddress;
    private final PacketPort port;
    private final Trace trace;
    private final WireFrames arrivals;
    private final CheckSequence check = new CheckSequence();
    private final SerialEeprom eeprom = new SerialEeprom();
    private final AddressFilter filter = new AddressFilter();
    private final Causes causes;
    private final TransmitRing transmit;
    private final ReceiveRing receive;
    private final int[] plain = new int[E1000Registers.RANGE_BYTES / Integer.BYTES];
    private final Phy phy = new Phy();
    private boolean linkWasUp;

    /**
     * Makes a card; {@link #attachTo} puts it behind its registers.
     *
     * @param base guest-physical address of its registers
     * @param line its interrupt line
     * @param stationAddress what its EEPROM holds: 48 bits, the first byte on the wire the highest
     * @param port the network
     * @param memory what it reads and writes by itself
     * @param vcpu counts the bytes that the model copies
     * @param interrupts takes the line
     * @param clock for what holds interrupts back
     * @param trace where work is told
     */
    public E1000(
            final long base,
            final int line,
            final long stationAddress,
            final PacketPort port,
            final GuestMemory memory,
            final Vcpu vcpu,
            final InterruptController interrupts,
            final Clock clock,
            final Trace trace) {
        this.base = base;
        this.stationAddress = stationAddress;
        this.port = port;
        this.trace = trace;
        this.arrivals = new WireFrames(port, vcpu, MAX_LONG_BYTES, CheckSequence.BYTES);
        this.causes = new Causes(interrupts, line, clock);
        this.transmit = new TransmitRing(memory, vcpu, new Offloads(port), causes);
        this.receive = new ReceiveRing(memory, vcpu, causes);
        eeprom.stationAddress(0, stationAddress);
        int sum = 0;
        for (int i = 0; i < EEPROM_LAST; i++) {
            sum += eeprom.word(i);
        }
        eeprom.word(EEPROM_LAST, EEPROM_SUM - sum);
        reset();
    }

    /** Takes the card's registers. */
    public void attachTo(final Mmio registers) {
        registers.register(base, E1000Registers.RANGE_BYTES, this);
    }

    @Override
    public String roleName() {
        return NAME;
    }

    /** Frames that the guest wanted sent and that were dropped for its fault. */
    public long refusedFrames() {
        return transmit.refused();
    }

    /** Frames that came and could not be laid out as a cable would carry them. */
    public long refusedArrivals() {
        return arrivals.refused();
    }

    private void reset() {
        Arrays.fill(plain, 0);
        phy.reset();
        linkWasUp = false;
        filter.load(stationAddress);
        transmit.reset();
        receive.reset();
        causes.reset();
        plain(E1000Registers.VLAN_TYPE, 0x8100);
    }

    private int plain(final int offset) {
        return plain[offset / Integer.BYTES];
    }

    private void plain(final int offset, final int value) {
        plain[offset / Integer.BYTES] = value;
    }

    private boolean isLinkUp() {
        return port.isLinkUp() && (plain(E1000Registers.CONTROL) & E1000Bits.CONTROL_LINK_UP) != 0;
    }

    // Reads.

    @Override
    public int read(final int offset) {
        return switch (offset) {
            case E1000Registers.STATUS ->
                    E1000Bits.STATUS_FULL_DUPLEX
                            | E1000Bits.STATUS_GIGABIT
                            | (isLinkUp() ? E1000Bits.STATUS_LINK_UP : 0);
            case E1000Registers.EEPROM_PINS -> eepromPins();
            case E1000Registers.CAUSE_READ -> causes.take();
            case E1000Registers.THROTTLE -> causes.throttle();
            case E1000Registers.CAUSE_SET -> 0;
            case E1000Registers.MASK_SET, E1000Registers.MASK_CLEAR -> causes.mask();
            case E1000Registers.RECEIVE_BASE_LOW -> (int) receive.base();
            case E1000Registers.RECEIVE_BASE_HIGH -> (int) (receive.base() >>> Integer.SIZE);
            case E1000Registers.RECEIVE_LENGTH -> receive.lengthBytes();
            case E1000Registers.RECEIVE_HEAD -> receive.head();
            case E1000Registers.RECEIVE_TAIL -> receive.tail();
            case E1000Registers.RECEIVE_DELAY -> receive.delay();
            case E1000Registers.RECEIVE_ABSOLUTE_DELAY -> receive.absoluteDelay();
            case E1000Registers.TRANSMIT_BASE_LOW -> (int) transmit.base();
            case E1000Registers.TRANSMIT_BASE_HIGH -> (int) (transmit.base() >>> Integer.SIZE);
            case E1000Registers.TRANSMIT_LENGTH -> transmit.lengthBytes();
            case E1000Registers.TRANSMIT_HEAD -> transmit.head();
            case E1000Registers.TRANSMIT_TAIL -> transmit.tail();
            case E1000Registers.TRANSMIT_DELAY -> transmit.delay();
            case E1000Registers.TRANSMIT_ABSOLUTE_DELAY -> transmit.absoluteDelay();
            case E1000Registers.MISSED -> receive.takeMissed();
            case E1000Registers.RECEIVED -> receive.takeReceived();
            case E1000Registers.SENT -> transmit.takeSent();
            default -> readTable(offset);
        };
    }

    private int readTable(final int offset) {
        if (isMulticastTable(offset)) {
            return filter.table((offset - E1000Registers.MULTICAST_TABLE) / Integer.BYTES);
        }
        if (isReceiveAddress(offset)) {
            return filter.address((offset - E1000Registers.RECEIVE_ADDRESS) / Integer.BYTES);
        }
        final int value = plain(offset);
        if (offset >= E1000Registers.STATISTICS && offset < E1000Registers.STATISTICS_END) {
            plain(offset, 0);
        }
        return value;
    }

    private static boolean isMulticastTable(final int offset) {
        return offset >= E1000Registers.MULTICAST_TABLE
                && offset < E1000Registers.MULTICAST_TABLE + 512;
    }

    private static boolean isReceiveAddress(final int offset) {
        return offset >= E1000Registers.RECEIVE_ADDRESS
                && offset
                        < E1000Registers.RECEIVE_ADDRESS
                                + E1000Registers.RECEIVE_ADDRESSES * Long.BYTES;
    }

    private int eepromPins() {
        final int pins = plain(E1000Registers.EEPROM_PINS);
        return pins & ~(E1000Bits.EEPROM_OUT | E1000Bits.EEPROM_GRANT)
                | E1000Bits.EEPROM_PRESENT
                | ((pins & E1000Bits.EEPROM_REQUEST) != 0 ? E1000Bits.EEPROM_GRANT : 0)
                | (eeprom.dataOut() ? E1000Bits.EEPROM_OUT : 0);
    }

    // Writes.

    @Override
    public void write(final int offset, final int value) {
        switch (offset) {
            case E1000Registers.CONTROL -> writeControl(value);
            case E1000Registers.STATUS -> {
                // Read only.
            }
            case E1000Registers.EEPROM_PINS -> {
                plain(offset, value);
                eeprom.pins(
                        (value & E1000Bits.EEPROM_SELECT) != 0,
                        (value & E1000Bits.EEPROM_CLOCK) != 0,
                        (value & E1000Bits.EEPROM_IN) != 0);
            }
            case E1000Registers.EEPROM_READ -> plain(offset, readEeprom(value));
            case E1000Registers.PHY -> plain(offset, phy.access(value, port.isLinkUp()));
            case E1000Registers.CAUSE_READ -> causes.take();
            case E1000Registers.THROTTLE -> causes.throttle(value);
            case E1000Registers.CAUSE_SET -> causes.raise(value);
            case E1000Registers.MASK_SET -> causes.mask(causes.mask() | value);
            case E1000Registers.MASK_CLEAR -> causes.mask(causes.mask() & ~value);
            case E1000Registers.TRANSMIT_TAIL -> {
                transmit.tail(value);
                send();
            }
            default -> writeRing(offset, value);
        }
    }

    private void writeRing(final int offset, final int value) {
        switch (offset) {
            case E1000Registers.RECEIVE_BASE_LOW -> receive.base(low(receive.base(), value));
            case E1000Registers.RECEIVE_BASE_HIGH -> receive.base(high(receive.base(), value));
            case E1000Registers.RECEIVE_LENGTH -> receive.lengthBytes(value);
            case E1000Registers.RECEIVE_HEAD -> receive.head(value);
            case E1000Registers.RECEIVE_TAIL -> receive.tail(value);
            case E1000Registers.RECEIVE_DELAY -> receive.delay(value);
            case E1000Registers.RECEIVE_ABSOLUTE_DELAY -> receive.absoluteDelay(value);
            case E1000Registers.TRANSMIT_BASE_LOW -> transmit.base(low(transmit.base(), value));
            case E1000Registers.TRANSMIT_BASE_HIGH -> transmit.base(high(transmit.base(), value));
            case E1000Registers.TRANSMIT_LENGTH -> transmit.lengthBytes(value);
            case E1000Registers.TRANSMIT_HEAD -> transmit.head(value);
            case E1000Registers.TRANSMIT_DELAY -> transmit.delay(value);
            case E1000Registers.TRANSMIT_ABSOLUTE_DELAY -> transmit.absoluteDelay(value);
            default -> writeTable(offset, value);
        }
    }

    private void writeTable(final int offset, final int value) {
        if (isMulticastTable(offset)) {
            filter.table((offset - E1000Registers.MULTICAST_TABLE) / Integer.BYTES, value);
        } else if (isReceiveAddress(offset)) {
            filter.address((offset - E1000Registers.RECEIVE_ADDRESS) / Integer.BYTES, value);
        } else {
            plain(offset, value);
        }
    }

    private static long low(final long whole, final int half) {
        return whole & 0xFFFF_FFFF_0000_0000L | Integer.toUnsignedLong(half);
    }

    private static long high(final long whole, final int half) {
        return whole & 0xFFFF_FFFFL | (long) half << Integer.SIZE;
    }

    private void writeControl(final int value) {
        if ((value & E1000Bits.CONTROL_RESET) != 0) {
            reset();
            return;
        }
        plain(E1000Registers.CONTROL, value);
        followLink();
    }

    private int readEeprom(final int value) {
        if ((value & E1000Bits.EEPROM_START) == 0) {
            return value;
        }
        final int word = value >>> E1000Bits.EEPROM_ADDRESS_SHIFT & SerialEeprom.WORDS - 1;
        return value & 0xFFFF & ~E1000Bits.EEPROM_START
                | E1000Bits.EEPROM_DONE
                | eeprom.word(word) << E1000Bits.EEPROM_DATA_SHIFT;
    }

    // Frames.

    private int send() {
        final int taken =
                transmit.work(
                        plain(E1000Registers.TRANSMIT_CONTROL),
                        plain(E1000Registers.VLAN_TYPE) & 0xFFFF,
                        (plain(E1000Registers.CONTROL) & E1000Bits.CONTROL_VLAN) != 0);
        if (taken > 0 && trace.isOn()) {
            trace.event(NAME, "send", taken, transmit.head());
        }
        return taken;
    }

    @Override
    public int doWork() {
        int work = send() + (followLink() ? 1 : 0);
        for (int i = 0; i < BURST && takesMore() && arrivals.next(); i++) {
            receive();
            work++;
        }
        return work + (causes.tick() ? 1 : 0);
    }

    private boolean takesMore() {
        final int control = plain(E1000Registers.RECEIVE_CONTROL);
        final boolean isLong = (control & E1000Bits.RECEIVE_LONG) != 0;
        return !port.holdsBack()
                || (control & E1000Bits.RECEIVE_ON) != 0
                        && receive.hasRoom(
                                isLong ? MAX_LONG_BYTES : MAX_SHORT_BYTES + TAG_BYTES, control);
    }

    @Override
    public boolean isWaiting() {
        return transmit.waitsForPort() || causes.isHeldBack();
    }

    private boolean followLink() {
        if (isLinkUp() == linkWasUp) {
            return false;
        }
        linkWasUp = !linkWasUp;
        causes.raise(E1000Bits.CAUSE_LINK);
        return true;
    }

    private void receive() {
        final int control = plain(E1000Registers.RECEIVE_CONTROL);
        int lengthBytes = arrivals.lengthBytes();
        if ((control & E1000Bits.RECEIVE_ON) == 0
                || (control & E1000Bits.RECEIVE_LONG) == 0
                        && lengthBytes > MAX_SHORT_BYTES + TAG_BYTES - CheckSequence.BYTES
                || !filter.hears(arrivals.view(), control)) {
            return;
        }
        if (trace.isOn()) {
            trace.event(NAME, "receive", lengthBytes, receive.head());
        }
        int vlanTag = -1;
        if ((plain(E1000Registers.CONTROL) & E1000Bits.CONTROL_VLAN) != 0
                && arrivals.view().getShort(TAG_OFFSET, ByteOrder.BIG_ENDIAN)
                        == (short) plain(E1000Registers.VLAN_TYPE)) {
            vlanTag = arrivals.view().getShort(TAG_OFFSET + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
            lengthBytes -= TAG_BYTES;
            arrivals.view()
                    .putBytes(
                            TAG_OFFSET,
                            arrivals.view(),
                            TAG_OFFSET + TAG_BYTES,
                            lengthBytes - TAG_OFFSET);
        }
        if ((control & E1000Bits.RECEIVE_STRIP_CHECK) == 0) {
            check.append(arrivals.bytes(), lengthBytes);
        }
        receive.store(
                arrivals.view(),
                lengthBytes,
                control,
                plain(E1000Registers.RECEIVE_CHECKSUM),
                vlanTag);
    }
}
