package io.ringside.emulated.tulip.backend;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketPort;
import io.ringside.emulated.nic.backend.CheckSequence;
import io.ringside.emulated.nic.backend.WireFrames;
import io.ringside.emulated.tulip.protocol.SetupFrame;
import io.ringside.emulated.tulip.protocol.TulipBits;
import io.ringside.emulated.tulip.protocol.TulipDescriptor;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The transmit process: stopped, at its list, waiting for the port, or suspended until the guest
 * demands that it polls.
 *
 * <p>The pieces of a frame are gathered in private memory, and sent with the last one. Every
 * descriptor is given back before the next one is read, so that a list that leads to itself comes
 * to an end. Frames without a beginning or an end, runts, and those whose own check sequence is
 * wrong, are heard by nobody: they are counted and dropped. Threads: the vCPU's.
 */
final class TransmitProcess {
    /** Most descriptors taken a call, of either list. */
    static final int BURST = 256;

    private static final int JABBER_BYTES = 32_500; // 2.6 ms at 100 Mbit/s.
    private static final int SHORT_JABBER_BYTES = 2048;
    private static final int ROOM_BYTES =
            JABBER_BYTES + 2 * TulipDescriptor.LENGTH_MASK + CheckSequence.BYTES;

    private final PacketPort port;
    private final GuestMemory memory;
    private final Vcpu vcpu;
    private final StatusRegister status;
    private final AddressFilter filter;
    private final ReceiveProcess receiver;
    private final DescriptorList list;
    private final CheckSequence check = new CheckSequence();
    private final Packet packet = new Packet(1, 0);
    private final ByteBuffer bytes =
            ByteBuffer.allocateDirect(ROOM_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final UnsafeBuffer frame = new UnsafeBuffer(bytes);
    private final UnsafeBuffer source = new UnsafeBuffer(0, 0);
    private int state;

    // Of the frame that is being gathered.
    private boolean isGathering;
    private int firstControl;
    private int frameBytes;
    private boolean isSpoilt;

    private int taken;
    private long sent;
    private long refused;

    TransmitProcess(
            final PacketPort port,
            final GuestMemory memory,
            final Vcpu vcpu,
            final StatusRegister status,
            final AddressFilter filter,
            final ReceiveProcess receiver) {
        this.port = port;
        this.memory = memory;
        this.vcpu = vcpu;
        this.status = status;
        this.filter = filter;
        this.receiver = receiver;
        this.list = new DescriptorList(memory);
    }

    void reset() {
        list.reset();
        state = TulipBits.STATE_STOPPED;
        isGathering = false;
    }

    DescriptorList list() {
        return list;
    }

    int state() {
        return state;
    }

    /** Frames that were sent, also to nobody but ourselves. */
    long sent() {
        return sent;
    }

    /** Frames and setup frames that were dropped for the guest's fault. */
    long refused() {
        return refused;
    }

    void start() {
        if (state == TulipBits.STATE_STOPPED) {
            state = TulipBits.TRANSMIT_FETCHING;
        }
    }

    void stop() {
        if (state != TulipBits.STATE_STOPPED) {
            if (state == TulipBits.TRANSMIT_WAITING) {
                isGathering = false; // Its last descriptor is still the chip's.
            }
            drop();
            state = TulipBits.STATE_STOPPED;
            status.raise(TulipBits.TRANSMIT_STOPPED);
        }
    }

    /** The guest says that there is a descriptor. */
    void poll() {
        if (state == TulipBits.TRANSMIT_SUSPENDED) {
            state = TulipBits.TRANSMIT_FETCHING;
        }
    }

    private void drop() {
        if (isGathering) {
            isGathering = false;
            refused++;
        }
    }

    /** Takes descriptors until there are none; returns how many. */
    int work(final int mode, final int watchdog) {
        taken = 0;
        while (taken < BURST && isRunning() && step(mode, watchdog)) {
            taken++;
        }
        return taken;
    }

    private boolean isRunning() {
        return !status.isDead()
                && (state == TulipBits.TRANSMIT_FETCHING || state == TulipBits.TRANSMIT_WAITING);
    }

    /** One descriptor; false if there is none, or if the port has no room for its frame. */
    private boolean step(final int mode, final int watchdog) {
        if (state == TulipBits.TRANSMIT_WAITING) {
            return finish(mode, watchdog);
        }
        if (!list.fetch()) {
            status.busError();
            return false;
        }
        if (!list.isOwned()) {
            suspend();
            return false;
        }
        if ((list.control() & TulipDescriptor.SETUP) != 0) {
            setUp();
            return true;
        }
        if (!take(watchdog)) {
            return true;
        }
        settle();
        return finish(mode, watchdog);
    }

    private void suspend() {
        state = TulipBits.TRANSMIT_SUSPENDED;
        status.raise(
                TulipBits.TRANSMIT_UNAVAILABLE | (isGathering ? TulipBits.TRANSMIT_UNDERFLOW : 0));
        drop();
    }

    private void close(final int findings) {
        list.close(list.position(), findings);
        list.advance();
    }

    private void setUp() {
        drop();
        final int control = list.control();
        if (list.length1() != SetupFrame.BYTES) {
            refused++;
            close(TulipDescriptor.ERROR_SUMMARY);
            return;
        }
        if (!memory.contains(list.buffer1(), SetupFrame.BYTES)) {
            status.busError();
            return;
        }
        memory.wrap(source, list.buffer1(), SetupFrame.BYTES);
        frame.putBytes(0, source, 0, SetupFrame.BYTES);
        filter.load(frame, control);
        close(TulipDescriptor.SETUP_DONE);
        if ((control & TulipDescriptor.INTERRUPT) != 0) {
            status.raise(TulipBits.TRANSMITTED);
        }
    }

    /**
     * Gathers one descriptor's pieces; whether the frame is whole, and its descriptor still ours.
     */
    private boolean take(final int watchdog) {
        final int control = list.control();
        if ((control & TulipDescriptor.FIRST) != 0) {
            drop();
            isGathering = true;
            firstControl = control;
            frameBytes = 0;
        } else if (!isGathering) {
            refused++;
            close(TulipDescriptor.ERROR_SUMMARY);
            return false;
        }
        if (!gather(list.buffer1(), list.length1()) || !gather(list.buffer2(), list.length2())) {
            status.busError();
            return false;
        }
        final boolean isImpatient =
                (watchdog & (TulipBits.JABBER_SHORT | TulipBits.JABBER_OFF))
                        == TulipBits.JABBER_SHORT;
        if (frameBytes > (isImpatient ? SHORT_JABBER_BYTES : JABBER_BYTES)) {
            close(TulipDescriptor.ERROR_SUMMARY | TulipDescriptor.SENT_JABBER);
            status.raise(TulipBits.TRANSMIT_JABBER);
            stop();
            return false;
        }
        if ((control & TulipDescriptor.LAST) == 0) {
            close(0);
            return false;
        }
        return true;
    }

    private boolean gather(final long address, final int pieceBytes) {
        if (pieceBytes == 0) {
            return true;
        }
        if (!memory.contains(address, pieceBytes)) {
            return false;
        }
        memory.wrap(source, address, pieceBytes);
        frame.putBytes(frameBytes, source, 0, pieceBytes);
        vcpu.copied(pieceBytes);
        frameBytes += pieceBytes;
        return true;
    }

    /** Pads a whole frame, or takes its own check sequence off. */
    private void settle() {
        isSpoilt = false;
        if ((firstControl & TulipDescriptor.NO_PADDING) == 0
                && frameBytes < WireFrames.SHORTEST_BYTES) {
            frame.setMemory(frameBytes, WireFrames.SHORTEST_BYTES - frameBytes, (byte) 0);
            frameBytes = WireFrames.SHORTEST_BYTES;
        } else if ((firstControl & TulipDescriptor.HAS_CHECK) != 0) {
            frameBytes -= CheckSequence.BYTES;
            isSpoilt = frameBytes < 0 || !endsWithItsCheck();
        }
    }

    private boolean endsWithItsCheck() {
        final int theirs = frame.getInt(frameBytes, ByteOrder.LITTLE_ENDIAN);
        check.append(bytes, frameBytes);
        return theirs == frame.getInt(frameBytes, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sends a whole frame; false if the port has no room for it now. */
    private boolean finish(final int mode, final int watchdog) {
        final boolean isLooped = (mode & TulipBits.INTERNAL_LOOP) != 0;
        if (isSpoilt || !isLooped && frameBytes < WireFrames.SHORTEST_BYTES) {
            refused++;
        } else if (isLooped) {
            sent++;
            taken += receiver.receive(bytes, frame, frameBytes, mode, watchdog);
            if (status.isDead()) {
                return false;
            }
        } else if (port.send(packet.reset().add(frame, 0, frameBytes))) {
            sent++;
        } else {
            state = TulipBits.TRANSMIT_WAITING;
            return false;
        }
        state = TulipBits.TRANSMIT_FETCHING;
        isGathering = false;
        final boolean tells = (list.control() & TulipDescriptor.INTERRUPT) != 0;
        close(0);
        if (tells) {
            status.raise(TulipBits.TRANSMITTED);
        }
        return true;
    }
}
