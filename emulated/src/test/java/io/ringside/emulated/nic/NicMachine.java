package io.ringside.emulated.nic;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.host.PacketPort;
import io.ringside.emulated.trap.InterruptController;
import io.ringside.emulated.trap.Mmio;
import io.ringside.emulated.trap.PortIo;
import io.ringside.emulated.trap.StringIo;
import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/** A processor, its memory, one card, and its driver, stepped by one thread. */
public final class NicMachine implements AutoCloseable, NetCompletions {
    /** What the EEPROM of every card holds. */
    public static final long STATION = 0x00163E112233L;

    /** Most frames that a workload may hold. */
    public static final int RECEIVE_DEPTH = 16;

    /** Most frames to be sent. */
    public static final int TRANSMIT_DEPTH = 8;

    private static final int FRAMES = 512;
    private static final int MAX_STEPS = 100_000;

    private final InProcessMemory memory = InProcessMemory.anonymous(FRAMES);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final Vcpu vcpu = new Vcpu("guest", CrossingCosts.COUNTS, () -> 0);
    private final InterruptController interrupts = new InterruptController(vcpu);
    private final Mmio registers = new Mmio(vcpu, null);
    private final SettableClock clock = new SettableClock();
    private final PortIo io = new PortIo(vcpu, memory, StringIo.ONE_EXIT, null);
    private final List<byte[]> received = new ArrayList<>();
    private final List<NetFrame> transmitted = new ArrayList<>();
    private final Agent model;
    private final NetDevice device;
    private final Agent driver;
    private boolean givesBack = true;
    private final List<NetFrame> held = new ArrayList<>();
    private int linkChanges;
    private int lastTag;
    private ChecksumState lastChecksum = ChecksumState.PRESENT;

    /** A clock that stands still until it is set. */
    public static final class SettableClock implements Clock {
        private long now;

        @Override
        public long nanoTime() {
            return now;
        }

        /** Lets time pass. */
        public void pass(final long nanos) {
            now += nanos;
        }
    }

    /** Makes the model and the driver of one kind of card. */
    public interface Kind {
        /** The model behind its ports. */
        Agent model(NicMachine machine, PacketPort port);

        /** Its driver. */
        NetDevice driver(NicMachine machine);
    }

    /** A machine whose driver has not yet looked for its card. */
    public NicMachine(final Kind kind, final PacketPort port) {
        interrupts.attachTo(io);
        model = kind.model(this, port);
        device = kind.driver(this);
        driver = (Agent) device;
        device.completionsTo(this);
    }

    @Override
    public void transmitted(final NetFrame frame) {
        transmitted.add(frame);
    }

    @Override
    public void received(final int queue, final NetFrame frame) {
        received.add(bytes(frame));
        lastTag = frame.metadata().hasVlanTag() ? frame.metadata().vlanTag() : -1;
        lastChecksum = frame.metadata().checksum();
        if (givesBack) {
            device.giveBack(frame);
        } else {
            held.add(frame);
        }
    }

    @Override
    public void linkChanged() {
        linkChanges++;
    }

    /** From now on, whether received frames are given back at once. */
    public void givesBack(final boolean gives) {
        givesBack = gives;
    }

    /** Frames that were not given back. */
    public List<NetFrame> held() {
        return held;
    }

    /** Contents of all frames received so far. */
    public List<byte[]> received() {
        return received;
    }

    /** All frames that were sent, in order. */
    public List<NetFrame> transmitted() {
        return transmitted;
    }

    /** The VLAN tag beside the last frame received, or -1. */
    public int lastTag() {
        return lastTag;
    }

    /** What was said of the checksum of the last frame received. */
    public ChecksumState lastChecksum() {
        return lastChecksum;
    }

    /** How often the link was said to have changed. */
    public int linkChanges() {
        return linkChanges;
    }

    /** The guest edge. */
    public NetDevice device() {
        return device;
    }

    /** The driver as an agent. */
    public Agent driver() {
        return driver;
    }

    /** The model as an agent. */
    public Agent model() {
        return model;
    }

    public InProcessMemory memory() {
        return memory;
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

    /** What time it is for the card. */
    public SettableClock clock() {
        return clock;
    }

    public Mmio registers() {
        return registers;
    }

    public PortIo io() {
        return io;
    }

    /** Exits of both kinds so far. */
    public long exits() {
        return vcpu.count(Crossing.PORT_EXIT)
                + vcpu.count(Crossing.HYPERVISOR_PORT_EXIT)
                + vcpu.count(Crossing.MMIO_EXIT);
    }

    /** One turn of each half. */
    public int step() {
        try {
            return model.doWork() + driver.doWork();
        } catch (final Exception e) {
            throw new IllegalStateException("a half has failed", e);
        }
    }

    /** Turns until neither half finds anything to do. */
    public void settle() {
        for (int i = 0; i < MAX_STEPS; i++) {
            if (step() == 0) {
                return;
            }
        }
        throw new IllegalStateException("the machine does not come to rest");
    }

    /** A frame over fresh memory, in one piece. */
    public NetFrame frame(final byte[] bytes) {
        final int page = frames.allocate();
        final long address = (long) page << GuestMemory.PAGE_SHIFT;
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(view, address, bytes.length);
        view.putBytes(0, bytes);
        return new NetFrame(18).addSegment(address, bytes.length);
    }

    /** Sends frames and lets the machine come to rest. */
    public void send(final NetFrame... wanted) {
        for (final NetFrame frame : wanted) {
            if (!device.submit(0, frame)) {
                throw new IllegalStateException("the queue is full");
            }
        }
        device.commit();
        settle();
    }

    private byte[] bytes(final NetFrame frame) {
        final byte[] bytes = new byte[frame.totalBytes()];
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        int at = 0;
        for (int i = 0; i < frame.segmentCount(); i++) {
            memory.wrap(view, frame.segmentAddress(i), frame.segmentBytes(i));
            view.getBytes(0, bytes, at, frame.segmentBytes(i));
            at += frame.segmentBytes(i);
        }
        return bytes;
    }

    @Override
    public void close() {
        memory.close();
    }
}
