package io.ringside.emulated.trap;

import org.agrona.concurrent.UnsafeBuffer;

/** Sixteen latches, behind ports and behind registers; words that count at the data port. */
final class Latches implements PortDevice, MmioDevice {
    /** How many there are. */
    static final int COUNT = 16;

    private final int[] values = new int[COUNT];

    @Override
    public int in(final int port, final int widthBytes) {
        return values[port & COUNT - 1];
    }

    @Override
    public void out(final int port, final int widthBytes, final int value) {
        values[port & COUNT - 1] = value;
    }

    @Override
    public void inWords(final int port, final UnsafeBuffer memory) {
        for (int at = 0; at < memory.capacity(); at += Short.BYTES) {
            memory.putShort(at, (short) (at / Short.BYTES));
        }
    }

    @Override
    public int read(final int offset) {
        return values[offset / Integer.BYTES];
    }

    @Override
    public void write(final int offset, final int value) {
        values[offset / Integer.BYTES] = value;
    }
}
