package io.ringside.emulated.trap;

import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The I/O ports of one virtual processor: every access leaves the guest and runs a device model.
 *
 * <p>An access is one {@link Crossing#PORT_EXIT}, or one {@link Crossing#HYPERVISOR_PORT_EXIT} at a
 * port of the hypervisor's own, counted (and charged) before the model runs; a string instruction
 * is one exit or one a word, as {@link StringIo} says. A port that nobody has registered reads all
 * ones and swallows writes, as an empty bus does; it takes a device model to find out.
 *
 * <p>With a clock, the time that models take inside exits adds up in {@link #modelNanos}, so that a
 * report can tell the backend's share of the vCPU thread from the frontend's. Without one, nothing
 * is measured and nothing is paid.
 *
 * <p>Errors: a port outside 0 to 65535, or memory that does not exist, is the caller's fault and
 * throws {@link IllegalArgumentException}. Threads: the vCPU's. Allocates nothing after
 * registration.
 */
public final class PortIo {
    private static final int PORTS = 1 << 16;
    private static final PortDevice EMPTY_BUS = new EmptyBus();

    private final Vcpu vcpu;
    private final GuestMemory memory;
    private final StringIo stringIo;
    private final @Nullable Clock modelClock;
    private final PortDevice[] devices = new PortDevice[PORTS];
    private final Crossing[] exits = new Crossing[PORTS];
    private final UnsafeBuffer piece = new UnsafeBuffer(0, 0);
    private long modelNanos;

    /**
     * Makes the ports of a processor.
     *
     * @param vcpu counts the exits
     * @param memory what string instructions move to and from
     * @param stringIo how many exits a string instruction takes
     * @param modelClock measures the models, or null to leave them unmeasured
     */
    public PortIo(
            final Vcpu vcpu,
            final GuestMemory memory,
            final StringIo stringIo,
            final @Nullable Clock modelClock) {
        this.vcpu = vcpu;
        this.memory = memory;
        this.stringIo = stringIo;
        this.modelClock = modelClock;
        Arrays.fill(devices, EMPTY_BUS);
        Arrays.fill(exits, Crossing.PORT_EXIT);
    }

    /** Puts a model behind {@code count} ports. Errors: a port that is taken. */
    public void register(final int firstPort, final int count, final PortDevice device) {
        register(firstPort, count, device, Crossing.PORT_EXIT);
    }

    /**
     * The same for what the hypervisor answers itself, without a device model's process: an
     * interrupt controller, a timer.
     */
    public void registerHypervisors(final int firstPort, final int count, final PortDevice device) {
        register(firstPort, count, device, Crossing.HYPERVISOR_PORT_EXIT);
    }

    private void register(
            final int firstPort, final int count, final PortDevice device, final Crossing exit) {
        if (firstPort < 0 || count < 1 || firstPort > PORTS - count) {
            throw new IllegalArgumentException(
                    "ports out of range: firstPort=" + firstPort + " count=" + count);
        }
        for (int port = firstPort; port < firstPort + count; port++) {
            if (!(devices[port] instanceof EmptyBus)) {
                throw new IllegalArgumentException("port is taken: port=" + port);
            }
        }
        Arrays.fill(devices, firstPort, firstPort + count, device);
        Arrays.fill(exits, firstPort, firstPort + count, exit);
    }

    /** Reads 8 bits. */
    public int inb(final int port) {
        return in(port, Byte.BYTES) & 0xFF;
    }

    /** Reads 16 bits. */
    public int inw(final int port) {
        return in(port, Short.BYTES) & 0xFFFF;
    }

    /** Reads 32 bits. */
    public long inl(final int port) {
        return Integer.toUnsignedLong(in(port, Integer.BYTES));
    }

    /** Writes the low 8 bits. */
    public void outb(final int port, final int value) {
        out(port, Byte.BYTES, value & 0xFF);
    }

    /** Writes the low 16 bits. */
    public void outw(final int port, final int value) {
        out(port, Short.BYTES, value & 0xFFFF);
    }

    /** Writes the low 32 bits. */
    public void outl(final int port, final long value) {
        out(port, Integer.BYTES, (int) value);
    }

    /**
     * {@code rep insw}: fills guest memory with words read from one port.
     *
     * @param port the address on the bus
     * @param guestAddress where in guest-physical memory; contiguous from there
     * @param words how many 16-bit words, at least one
     */
    public void insw(final int port, final long guestAddress, final int words) {
        memory.wrap(piece, guestAddress, Math.multiplyExact(words, Short.BYTES));
        if (stringIo == StringIo.ONE_EXIT) {
            final PortDevice device = device(port);
            vcpu.cross(exits[port]);
            final long start = modelStarts();
            device.inWords(port, piece);
            modelEnds(start);
            return;
        }
        for (int offset = 0; offset < piece.capacity(); offset += Short.BYTES) {
            piece.putShort(offset, (short) in(port, Short.BYTES), ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * {@code rep outsw}: writes words of guest memory to one port.
     *
     * @param port the address on the bus
     * @param guestAddress where in guest-physical memory; contiguous from there
     * @param words how many 16-bit words, at least one
     */
    public void outsw(final int port, final long guestAddress, final int words) {
        memory.wrap(piece, guestAddress, Math.multiplyExact(words, Short.BYTES));
        if (stringIo == StringIo.ONE_EXIT) {
            final PortDevice device = device(port);
            vcpu.cross(exits[port]);
            final long start = modelStarts();
            device.outWords(port, piece);
            modelEnds(start);
            return;
        }
        for (int offset = 0; offset < piece.capacity(); offset += Short.BYTES) {
            out(port, Short.BYTES, piece.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF);
        }
    }

    /** Nanoseconds that models have run inside exits; 0 without a clock. */
    public long modelNanos() {
        return modelNanos;
    }

    private int in(final int port, final int widthBytes) {
        final PortDevice device = device(port);
        vcpu.cross(exits[port]);
        final long start = modelStarts();
        final int value = device.in(port, widthBytes);
        modelEnds(start);
        return value;
    }

    private void out(final int port, final int widthBytes, final int value) {
        final PortDevice device = device(port);
        vcpu.cross(exits[port]);
        final long start = modelStarts();
        device.out(port, widthBytes, value);
        modelEnds(start);
    }

    private PortDevice device(final int port) {
        if (port < 0 || port >= PORTS) {
            throw new IllegalArgumentException("no such port: port=" + port);
        }
        return devices[port];
    }

    private long modelStarts() {
        return modelClock == null ? 0 : modelClock.nanoTime();
    }

    private void modelEnds(final long start) {
        if (modelClock != null) {
            modelNanos += modelClock.nanoTime() - start;
        }
    }

    /** Nobody answers: the lines stay high. */
    private static final class EmptyBus implements PortDevice {
        @Override
        public int in(final int port, final int widthBytes) {
            return -1;
        }

        @Override
        public void out(final int port, final int widthBytes, final int value) {
            // Nobody listens.
        }
    }
}
