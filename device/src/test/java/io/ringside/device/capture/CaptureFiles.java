package io.ringside.device.capture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Writes the bytes of a capture, one number after the other. */
final class CaptureFiles {
    final ByteOrder order;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    CaptureFiles(final ByteOrder order) {
        this.order = order;
    }

    CaptureFiles int32(final int... values) {
        for (final int value : values) {
            out.writeBytes(ByteBuffer.allocate(4).order(order).putInt(value).array());
        }
        return this;
    }

    CaptureFiles int16(final int... values) {
        for (final int value : values) {
            out.writeBytes(ByteBuffer.allocate(2).order(order).putShort((short) value).array());
        }
        return this;
    }

    CaptureFiles hex(final String text) {
        out.writeBytes(HexFormat.of().parseHex(text.replace(" ", "")));
        return this;
    }

    /** The header of a pcap file of Ethernet. */
    CaptureFiles pcap(final int magic) {
        return int32(magic).int16(2, 4).int32(0, 0, 65535, 1);
    }

    CaptureFiles record(
            final int seconds, final int fraction, final int original, final String hex) {
        return int32(seconds, fraction, hex.length() / 2, original).hex(hex);
    }

    /** One block of pcapng around its content. */
    CaptureFiles block(final int type, final CaptureFiles content) {
        final byte[] bytes = content.toBytes();
        int32(type, bytes.length + 12);
        out.writeBytes(bytes);
        return int32(bytes.length + 12);
    }

    CaptureFiles content() {
        return new CaptureFiles(order);
    }

    CaptureFiles section() {
        return block(0x0A0D0D0A, content().int32(0x1A2B3C4D).int16(1, 0).int32(-1, -1));
    }

    /** An interface whose options are given in hex; they are not closed. */
    CaptureFiles anInterface(final int linkType, final int snap, final String options) {
        return block(1, content().int16(linkType, 0).int32(snap).hex(options));
    }

    CaptureFiles packet(final int number, final long time, final int original, final String hex) {
        final int bytes = hex.length() / 2;
        return block(
                6,
                content()
                        .int32(number, (int) (time >>> 32), (int) time, bytes, original)
                        .hex(hex + "00".repeat(-bytes & 3)));
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
