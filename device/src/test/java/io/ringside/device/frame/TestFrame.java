package io.ringside.device.frame;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes a frame byte by byte, and shows it in pieces. */
final class TestFrame {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    TestFrame hex(final String text) {
        out.writeBytes(HexFormat.of().parseHex(text.replace(" ", "")));
        return this;
    }

    TestFrame bytes(final byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    TestFrame word(final int value) {
        out.write(value >>> 8);
        out.write(value);
        return this;
    }

    /** Addresses of the link, and so many tags; the type of what follows comes next. */
    TestFrame ethernet(final String... tagTypes) {
        hex("020000000001 020000000002");
        for (final String type : tagTypes) {
            hex(type).hex("2005");
        }
        return this;
    }

    /** An IPv4 header without its checksum; options are whole words. */
    TestFrame ipv4(
            final int protocol,
            final int fragmentWord,
            final String addresses,
            final String options,
            final int payloadBytes) {
        final int headerBytes = 20 + options.replace(" ", "").length() / 2;
        out.write(0x40 | headerBytes / 4);
        out.write(0);
        return word(headerBytes + payloadBytes)
                .word(0x1234)
                .word(fragmentWord)
                .word(0x4000 | protocol)
                .word(0)
                .hex(addresses)
                .hex(options);
    }

    TestFrame ipv6(final int nextHeader, final String addresses, final int payloadBytes) {
        return hex("60000000").word(payloadBytes).word(nextHeader << 8 | 0x40).hex(addresses);
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    UnsafeBuffer toBuffer() {
        return new UnsafeBuffer(toBytes());
    }

    /** The same bytes, each piece in memory of its own; pieces end at the given places. */
    static FrameBytes inPieces(final byte[] frame, final int... ends) {
        final UnsafeBuffer[] pieces = new UnsafeBuffer[ends.length + 1];
        int start = 0;
        for (int i = 0; i < pieces.length; i++) {
            final int end = i < ends.length ? ends[i] : frame.length;
            pieces[i] = new UnsafeBuffer(ByteBuffer.allocateDirect(end - start));
            pieces[i].putBytes(0, frame, start, end - start);
            start = end;
        }
        return new FrameBytes() {
            @Override
            public int segmentCount() {
                return pieces.length;
            }

            @Override
            public UnsafeBuffer segment(final int index) {
                return pieces[index];
            }

            @Override
            public int totalBytes() {
                return frame.length;
            }
        };
    }
}
