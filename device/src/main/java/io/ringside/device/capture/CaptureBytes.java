package io.ringside.device.capture;

import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/** The bytes of a whole file, read in the byte order that the file says. Threads: one. */
final class CaptureBytes {
    private final Path file;
    private final UnsafeBuffer memory;
    private final int sizeBytes;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    CaptureBytes(final Path file, final UnsafeBuffer memory, final int sizeBytes) {
        this.file = file;
        this.memory = memory;
        this.sizeBytes = sizeBytes;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    void order(final ByteOrder newOrder) {
        order = newOrder;
    }

    int int32(final int at) {
        return memory.getInt(at, order);
    }

    long unsigned32(final int at) {
        return int32(at) & 0xFFFF_FFFFL;
    }

    int unsigned16(final int at) {
        return memory.getShort(at, order) & 0xFFFF;
    }

    long int64(final int at) {
        return memory.getLong(at, order);
    }

    int unsigned8(final int at) {
        return memory.getByte(at) & 0xFF;
    }

    /** Says that so many bytes must be there. */
    void require(final int at, final long count, final String what) throws CaptureRefusedException {
        if (count > sizeBytes - at) {
            throw refuse(what + " ends outside of the file", at, count);
        }
    }

    /** The refusal for what stands at one place. */
    CaptureRefusedException refuse(final String what, final int at, final long value) {
        return new CaptureRefusedException(
                file
                        + ": "
                        + what
                        + ": offset="
                        + at
                        + " value="
                        + value
                        + "; write it anew, or cut it before that place with: editcap -r");
    }
}
