package io.ringside.emulated.tulip.frontend;

import io.ringside.device.guest.NetFrame;
import io.ringside.emulated.tulip.protocol.SetupFrame;
import io.ringside.emulated.tulip.protocol.TulipDescriptor;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The transmit ring as the driver fills and empties it: one descriptor for a frame, and one bounce
 * buffer for each descriptor, for frames in several pieces.
 *
 * <p>The card is asked to tell of a frame when half of the ring is used, when nearly all of it is,
 * and at the ring's end; it tells by itself when it has run out of descriptors. Threads: the
 * vCPU's.
 */
final class TransmitDescriptors {
    /** How many there are. */
    static final int COUNT = 32;

    /** Bytes of a bounce buffer. */
    static final int BOUNCE_BYTES = 2048;

    /** Bytes of the ring. */
    static final int RING_BYTES = COUNT * TulipDescriptor.SIZE_BYTES;

    private static final int SPARE = 2; // So that a setup frame always finds room.

    private final UnsafeBuffer ring;
    private final long bounceAddress;
    private int next;
    private int used;
    private int oldestStatus;

    TransmitDescriptors(final UnsafeBuffer ring, final long bounceAddress) {
        this.ring = ring;
        this.bounceAddress = bounceAddress;
    }

    void restart() {
        ring.setMemory(0, RING_BYTES, (byte) 0);
        next = 0;
        used = 0;
    }

    boolean hasRoom() {
        return used < COUNT - SPARE;
    }

    /** Where in the bounce buffers the next frame may be copied. */
    int bounceOffset() {
        return next * BOUNCE_BYTES;
    }

    /** Hands a frame over from where it lies. */
    void put(final NetFrame frame) {
        put(frame.segmentAddress(0), frame.totalBytes());
    }

    /** Hands a frame over that was copied to {@link #bounceOffset}. */
    void putBounced(final int lengthBytes) {
        put(bounceAddress + bounceOffset(), lengthBytes);
    }

    private void put(final long address, final int lengthBytes) {
        final boolean tells = used == COUNT / 2 || used >= COUNT - SPARE - 1 || next == COUNT - 1;
        put(
                address,
                lengthBytes
                        | TulipDescriptor.FIRST
                        | TulipDescriptor.LAST
                        | (tells ? TulipDescriptor.INTERRUPT : 0),
                false);
    }

    /** Hands a setup frame over. */
    void putSetup(final long address) {
        put(address, TulipDescriptor.SETUP | SetupFrame.BYTES, true);
    }

    private void put(final long address, final int control, final boolean tells) {
        final int at = next * TulipDescriptor.SIZE_BYTES;
        final int end = next == COUNT - 1 ? TulipDescriptor.END_OF_RING : 0;
        final int told = tells ? TulipDescriptor.INTERRUPT : 0;
        ring.putInt(at + TulipDescriptor.CONTROL, control | end | told, ByteOrder.LITTLE_ENDIAN);
        ring.putInt(at + TulipDescriptor.BUFFER_1, (int) address, ByteOrder.LITTLE_ENDIAN);
        ring.putInt(at + TulipDescriptor.BUFFER_2, 0);
        // Last, for the card may look at any time.
        ring.putInt(at + TulipDescriptor.STATUS, TulipDescriptor.OWN, ByteOrder.LITTLE_ENDIAN);
        next = (next + 1) % COUNT;
        used++;
    }

    /** Whether the card has given the oldest descriptor back; reads it once if so. */
    boolean isOldestDone() {
        if (used == 0) {
            return false;
        }
        oldestStatus = ring.getInt(oldest() + TulipDescriptor.STATUS, ByteOrder.LITTLE_ENDIAN);
        return (oldestStatus & TulipDescriptor.OWN) == 0;
    }

    private int oldest() {
        return (next - used + COUNT) % COUNT * TulipDescriptor.SIZE_BYTES;
    }

    /** Whether the card could not send the oldest frame. */
    boolean isOldestBad() {
        return (oldestStatus & TulipDescriptor.ERROR_SUMMARY) != 0;
    }

    /** Takes the oldest descriptor out of the ring. */
    void removeOldest() {
        used--;
    }
}
