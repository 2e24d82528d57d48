package io.ringside.ringbuf.vmbus;

import io.ringside.ringbuf.memory.PageView;
import io.ringside.ringbuf.memory.SharedPages;
import java.util.HexFormat;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The pages of one ring for a test; the data frames lie backwards, so that they are scattered. */
final class RingMemory implements AutoCloseable {
    /** How the data area is mapped. */
    enum Mapping {
        PLAIN,
        MIRRORED
    }

    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

    private final SharedPages pages;
    private final PageView control;
    private final PageView data;
    private final int dataBytes;

    RingMemory(final Mapping mapping, final int dataPages) {
        pages = SharedPages.anonymous(dataPages + 1);
        control = pages.view(dataPages);
        final int[] frames = new int[dataPages];
        for (int i = 0; i < dataPages; i++) {
            frames[i] = dataPages - 1 - i;
        }
        data = mapping == Mapping.MIRRORED ? pages.mirrored(frames) : pages.view(frames);
        dataBytes = dataPages * SharedPages.PAGE_BYTES;
    }

    UnsafeBuffer control() {
        return control.buffer();
    }

    UnsafeBuffer data() {
        return data.buffer();
    }

    int dataBytes() {
        return dataBytes;
    }

    ControlPage page() {
        return new ControlPage(control());
    }

    OutgoingRing outgoing() {
        return new OutgoingRing(control(), data(), dataBytes);
    }

    IncomingRing incoming() {
        return new IncomingRing(control(), data(), dataBytes);
    }

    void indices(final int writeIndex, final int readIndex) {
        page().writeIndexRelease(writeIndex);
        page().readIndexRelease(readIndex);
    }

    int writeIndex() {
        return control().getInt(ControlPage.WRITE_INDEX_OFFSET);
    }

    int readIndex() {
        return control().getInt(ControlPage.READ_INDEX_OFFSET);
    }

    int pendingSend() {
        return control().getInt(ControlPage.PENDING_SEND_OFFSET);
    }

    /** Bytes of the data area as spaced hex, going on at its start where it ends. */
    String dataHex(final int index, final int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = data().getByte((index + i) % dataBytes);
        }
        return SPACED.formatHex(bytes);
    }

    static String hex(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return SPACED.formatHex(bytes);
    }

    /** Unspaced hex, as the wire facts have it, made spaced. */
    static String spaced(final String hex) {
        return SPACED.formatHex(HexFormat.of().parseHex(hex));
    }

    /** So many bytes that count up from {@code first}. */
    static UnsafeBuffer counting(final int length, final int first) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return new UnsafeBuffer(bytes);
    }

    @Override
    public void close() {
        data.close();
        control.close();
        pages.close();
    }
}
