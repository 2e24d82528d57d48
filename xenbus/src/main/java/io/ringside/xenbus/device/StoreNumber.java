package io.ringside.xenbus.device;

import io.ringside.xenbus.protocol.XenbusState;
import org.jspecify.annotations.Nullable;

/** Numbers as the store has them: decimal text of plain digits. */
final class StoreNumber {
    /** What is no number, or too long for one. */
    static final int NONE = XenbusDevice.REFUSED;

    private static final int MAX_DIGITS = 18;

    private StoreNumber() {}

    /** The number that a text is, or {@link #NONE}. Safe for any text. */
    static long parse(final String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS) {
            return NONE;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            final char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return NONE;
            }
            number = number * 10 + (digit - '0');
        }
        return number;
    }

    /**
     * The state that a text is; {@link XenbusState#UNKNOWN} where it is none. Safe for any text.
     */
    static int state(final @Nullable String text) {
        final long state = text == null ? XenbusState.UNKNOWN : parse(text);
        return state >= XenbusState.UNKNOWN && state <= XenbusState.RECONFIGURED
                ? (int) state
                : XenbusState.UNKNOWN;
    }
}
