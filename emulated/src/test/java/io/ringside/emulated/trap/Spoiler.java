package io.ringside.emulated.trap;

import org.agrona.concurrent.UnsafeBuffer;

/** A port behind which the guest's other processor writes over the request under way. */
final class Spoiler implements PortDevice {
    private final UnsafeBuffer page;
    private int written;

    Spoiler(final UnsafeBuffer page) {
        this.page = page;
    }

    @Override
    public int in(final int port, final int widthBytes) {
        throw new AssertionError("nobody reads it");
    }

    @Override
    public void out(final int port, final int widthBytes, final int value) {
        page.setMemory(0, IoRequest.SIZE_BYTES, (byte) 0xFF);
        written = value;
    }

    @Override
    public void inWords(final int port, final UnsafeBuffer words) {
        page.setMemory(0, IoRequest.SIZE_BYTES, (byte) 0xFF);
        words.setMemory(0, words.capacity(), (byte) 7);
    }

    /** What the guest wrote last. */
    int written() {
        return written;
    }
}
