package io.ringside.xen.netfront.protocol;

import org.jspecify.annotations.Nullable;

/**
 * An Ethernet address as the store spells it: six pairs of hexadecimal digits with colons between.
 * As a number it has 48 bits, the first byte on the wire the highest.
 */
public final class MacAddress {
    /** The text is no address. */
    public static final long NONE = -1;

    private static final int BYTES = 6;
    private static final int TEXT_LENGTH = 3 * BYTES - 1;
    private static final int RADIX = 16;

    private MacAddress() {}

    /** The address that a text spells, or {@link #NONE}; safe for any text. */
    public static long parse(final @Nullable String text) {
        if (text == null || text.length() != TEXT_LENGTH) {
            return NONE;
        }
        long address = 0;
        for (int i = 0; i < TEXT_LENGTH; i++) {
            final char letter = text.charAt(i);
            if (i % 3 == 2) {
                if (letter != ':') {
                    return NONE;
                }
                continue;
            }
            final int digit = letter < 128 ? Character.digit(letter, RADIX) : -1;
            if (digit < 0) {
                return NONE;
            }
            address = address * RADIX + digit;
        }
        return address;
    }

    /** The text of an address. */
    public static String format(final long address) {
        final StringBuilder text = new StringBuilder(TEXT_LENGTH);
        for (int i = BYTES - 1; i >= 0; i--) {
            final int octet = (int) (address >>> i * Byte.SIZE) & 0xff;
            text.append(Character.forDigit(octet / RADIX, RADIX));
            text.append(Character.forDigit(octet % RADIX, RADIX));
            text.append(i == 0 ? "" : ":");
        }
        return text.toString();
    }
}
