package io.ringside.xenbus.sim;

import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One argument of a hypercall, copied out of the caller's memory before it is looked at.
 *
 * <p>An address is guest-physical, and an argument may lie over the end of a page. Threads: one
 * (the caller's).
 */
final class ArgumentCopy {
    private static final int MOST_BYTES = 64;

    private final GuestMemory memory;
    private final UnsafeBuffer guest = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer copy = new UnsafeBuffer(new byte[MOST_BYTES]);

    ArgumentCopy(final GuestMemory memory) {
        this.memory = memory;
    }

    /** Whether the caller has an array there. Safe for any numbers; the count is not negative. */
    boolean exists(final long address, final int count, final int sizeBytes) {
        return memory.contains(address, (long) count * sizeBytes);
    }

    /** Copies an argument that exists; it lies at the beginning of what is returned. */
    UnsafeBuffer in(final long address, final int sizeBytes) {
        memory.wrap(guest, address, sizeBytes);
        guest.getBytes(0, copy, 0, sizeBytes);
        return copy;
    }

    /** Copies it back, with the answer. */
    void out(final long address, final int sizeBytes) {
        memory.wrap(guest, address, sizeBytes);
        guest.putBytes(0, copy, 0, sizeBytes);
    }

    /** A view over several arguments where they lie; valid until the next call. */
    UnsafeBuffer inPlace(final long address, final int count, final int sizeBytes) {
        memory.wrap(guest, address, count * sizeBytes);
        return guest;
    }

    /** Writes one number of a list that exists, in so many bytes: 4 or 8. */
    void putNumber(final long address, final int index, final int sizeBytes, final long number) {
        memory.wrap(guest, address + (long) index * sizeBytes, sizeBytes);
        if (sizeBytes == Long.BYTES) {
            guest.putLong(0, number);
        } else {
            guest.putInt(0, (int) number);
        }
    }
}
