package io.ringside.emulated.nic.backend;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** The frame check sequence of Ethernet. Source: IEEE 802.3, 3.2.9. Threads: one. */
public final class CheckSequence {
    /** How long it is. */
    public static final int BYTES = 4;

    private final CRC32 crc = new CRC32();

    /** Writes the check sequence of the first bytes behind them. */
    public void append(final ByteBuffer frame, final int lengthBytes) {
        crc.reset();
        frame.clear().limit(lengthBytes);
        crc.update(frame);
        frame.clear();
        frame.order(ByteOrder.LITTLE_ENDIAN)
                .putInt(lengthBytes, (int) crc.getValue())
                .order(ByteOrder.BIG_ENDIAN);
    }
}
