package io.ringside.emulated.tulip.backend;

import io.ringside.device.host.Packet;
import io.ringside.device.net.LoopbackPort;
import io.ringside.emulated.nic.NicMachine;
import io.ringside.emulated.tulip.TulipKind;
import io.ringside.emulated.tulip.frontend.PollDemand;
import io.ringside.emulated.tulip.protocol.SetupFrame;
import io.ringside.emulated.tulip.protocol.TulipBits;
import io.ringside.emulated.tulip.protocol.TulipDescriptor;
import io.ringside.emulated.tulip.protocol.TulipRegisters;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A card without a driver, whose lists are written by hand. */
final class TulipRig {
    static final int TRANSMIT = 0x10000;
    static final int RECEIVE = 0x12000;
    static final int FRAME = 0x20000;
    static final int BUFFERS = 0x40000;
    static final int MEMORY_BYTES = 512 << 12;
    static final int WHOLE = TulipDescriptor.FIRST | TulipDescriptor.LAST;
    static final int BOTH_ON = TulipBits.TRANSMITTER_ON | TulipBits.RECEIVER_ON;

    final LoopbackPort port;
    final NicMachine machine;
    final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);

    TulipRig() {
        this(256);
    }

    TulipRig(final int portSlots) {
        port = new LoopbackPort(portSlots, 16384);
        machine = new NicMachine(new TulipKind(PollDemand.EACH_FRAME), port);
        machine.memory().wrap(bytes, 0, MEMORY_BYTES);
        write(TulipRegisters.TRANSMIT_LIST, TRANSMIT);
        write(TulipRegisters.RECEIVE_LIST, RECEIVE);
    }

    Tulip model() {
        return (Tulip) machine.model();
    }

    int read(final int register) {
        return (int) machine.io().inl(TulipKind.BASE + register);
    }

    void write(final int register, final int value) {
        machine.io().outl(TulipKind.BASE + register, value);
    }

    /** Interrupt bits alone. */
    int events() {
        return read(TulipRegisters.STATUS) & TulipBits.STATUS_BITS;
    }

    int transmitState() {
        return (read(TulipRegisters.STATUS) & TulipBits.TRANSMIT_STATE_MASK)
                >>> TulipBits.TRANSMIT_STATE_SHIFT;
    }

    int receiveState() {
        return (read(TulipRegisters.STATUS) & TulipBits.RECEIVE_STATE_MASK)
                >>> TulipBits.RECEIVE_STATE_SHIFT;
    }

    void clearEvents() {
        write(TulipRegisters.STATUS, -1);
    }

    /** A descriptor that is the card's. */
    void put(final int at, final int control, final int buffer1, final int buffer2) {
        bytes.putInt(at + TulipDescriptor.CONTROL, control);
        bytes.putInt(at + TulipDescriptor.BUFFER_1, buffer1);
        bytes.putInt(at + TulipDescriptor.BUFFER_2, buffer2);
        bytes.putInt(at + TulipDescriptor.STATUS, TulipDescriptor.OWN);
    }

    int status(final int at) {
        return bytes.getInt(at + TulipDescriptor.STATUS);
    }

    static int slot(final int list, final int index) {
        return list + index * TulipDescriptor.SIZE_BYTES;
    }

    /** A ring of so many receive descriptors with one buffer each. */
    void receiveRing(final int count, final int bufferBytes) {
        for (int i = 0; i < count; i++) {
            final int end = i == count - 1 ? TulipDescriptor.END_OF_RING : 0;
            put(slot(RECEIVE, i), bufferBytes | end, BUFFERS + i * 0x1000, 0);
        }
    }

    /** A frame to nobody, all of whose bytes are the same but for its type. */
    void fill(final int lengthBytes, final int value) {
        bytes.setMemory(FRAME, lengthBytes, (byte) value);
    }

    /** Has a whole frame sent from the first place of the transmit list, again and again. */
    void send(final int lengthBytes) {
        put(slot(TRANSMIT, 0), WHOLE | TulipDescriptor.END_OF_RING | lengthBytes, FRAME, 0);
        write(TulipRegisters.TRANSMIT_POLL, 0);
    }

    /** The same, and lets it come back. */
    void sendAndHear(final int lengthBytes) {
        send(lengthBytes);
        model().doWork();
    }

    /** Hears every address. */
    void on() {
        write(TulipRegisters.MODE, BOTH_ON | TulipBits.PROMISCUOUS | TulipBits.MII_PORT);
    }

    /** Has a setup frame taken that stands at {@link #FRAME}. */
    void setUp(final int kind) {
        put(
                slot(TRANSMIT, 0),
                TulipDescriptor.SETUP | kind | TulipDescriptor.END_OF_RING | SetupFrame.BYTES,
                FRAME,
                0);
        write(TulipRegisters.TRANSMIT_POLL, 0);
    }

    /** Takes what has left the card. */
    List<byte[]> left() {
        final List<byte[]> frames = new ArrayList<>();
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[16384]);
        port.take(
                packet -> {
                    frames.add(contents(packet, copy));
                    port.giveBack(packet);
                },
                256);
        return frames;
    }

    private static byte[] contents(final Packet packet, final UnsafeBuffer copy) {
        packet.copyTo(copy, 0);
        final byte[] frame = new byte[packet.totalBytes()];
        copy.getBytes(0, frame);
        return frame;
    }
}
