package io.ringside.vmbus.protocol;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** 120 bytes that the bus carries and does not read; immutable. */
public final class UserData {
    /** Bytes on the wire. */
    public static final int BYTES = 120;

    /** All zeros. */
    public static final UserData NONE = of();

    private final byte[] bytes;

    private UserData(final byte[] bytes) {
        this.bytes = bytes;
    }

    /** Up to 120 bytes; zeros follow them. */
    public static UserData of(final byte... leading) {
        if (leading.length > BYTES) {
            throw new IllegalArgumentException("user data too long: bytes=" + leading.length);
        }
        return new UserData(Arrays.copyOf(leading, BYTES));
    }

    /** Reads 120 bytes. */
    public static UserData read(final DirectBuffer buffer, final int offset) {
        final byte[] bytes = new byte[BYTES];
        buffer.getBytes(offset, bytes);
        return new UserData(bytes);
    }

    /** Writes 120 bytes. */
    public void write(final MutableDirectBuffer buffer, final int offset) {
        buffer.putBytes(offset, bytes);
    }

    /** One byte of it, as u8. */
    public int byteAt(final int index) {
        return bytes[index] & 0xff;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof UserData data && Arrays.equals(bytes, data.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "UserData" + Arrays.toString(bytes);
    }
}
