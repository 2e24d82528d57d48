package io.ringside.device.frame;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * The Toeplitz hash: for every bit of the input that is set, the 32 bits of the key that start at
 * the same place, all of them added without carry.
 *
 * <p>What a byte of the input adds depends on its place and its value alone, so a new key fills a
 * table of 36 places by 256 values, and a hash is one look at it for each byte. The pieces of an
 * input may be added in any order.
 *
 * <p>Threads: one. Source: Microsoft, RSS Hashing Functions; {@code toeplitz} in xen-netif.json.
 */
public final class Toeplitz {
    /** Most bytes of input: both addresses and both ports of IPv6. */
    public static final int MAX_INPUT_BYTES = 36;

    /** Bytes of a key that take part: those of the longest input, and 32 bits on. */
    public static final int KEY_BYTES = MAX_INPUT_BYTES + Integer.BYTES;

    private static final int VALUES = 256;

    private final byte[] key = new byte[KEY_BYTES];
    private final int[] table = new int[MAX_INPUT_BYTES * VALUES];

    /**
     * Takes a new key. One that is shorter than {@link #KEY_BYTES} goes on with zeros; what is
     * beyond that takes no part.
     */
    public void key(final DirectBuffer source, final int offsetBytes, final int lengthBytes) {
        final int count = Math.min(lengthBytes, KEY_BYTES);
        Arrays.fill(key, (byte) 0);
        source.getBytes(offsetBytes, key, 0, count);
        for (int place = 0; place < MAX_INPUT_BYTES; place++) {
            final long window = window(place);
            final int first = place * VALUES;
            for (int value = 1; value < VALUES; value++) {
                final int lowest = Integer.numberOfTrailingZeros(value);
                table[first + value] =
                        table[first + (value & (value - 1))] ^ (int) (window >>> (lowest + 1));
            }
        }
    }

    /** The 40 bits of the key that a byte at one place can meet. */
    private long window(final int place) {
        long window = 0;
        for (int i = 0; i <= Integer.BYTES; i++) {
            window = (window << Byte.SIZE) | (key[place + i] & 0xFF);
        }
        return window;
    }

    /** The hash of one piece of memory, of at most {@link #MAX_INPUT_BYTES} bytes. */
    public int hash(final DirectBuffer input, final int offsetBytes, final int count) {
        return add(0, 0, input, offsetBytes, count);
    }

    /**
     * Adds a piece of the input.
     *
     * @param hash the hash of the other pieces so far; zero of none
     * @param place where in the whole input the piece starts
     */
    public int add(
            final int hash,
            final int place,
            final DirectBuffer input,
            final int offsetBytes,
            final int count) {
        int sum = hash;
        int row = place * VALUES;
        for (int i = offsetBytes; i < offsetBytes + count; i++) {
            sum ^= table[row + (input.getByte(i) & 0xFF)];
            row += VALUES;
        }
        return sum;
    }
}
