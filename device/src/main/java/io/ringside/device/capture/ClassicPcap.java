package io.ringside.device.capture;

import java.nio.ByteOrder;

/**
 * Reads a pcap file.
 *
 * <pre>
 *   file header, 24 bytes                          each record, 16 bytes and the frame
 *    0  magic: a1b2c3d4 microseconds,               0  seconds since 1970
 *       a1b23c4d nanoseconds                        4  microseconds or nanoseconds
 *    4  major version 2 (16 bits), minor (16)       8  bytes captured
 *    8  two words that mean nothing                12  bytes on the wire
 *   16  snap length                                16  frame
 *   20  link type (16 bits), flags
 * </pre>
 *
 * <p>Threads: one. Source: the IETF's draft opsawg-pcap.
 */
final class ClassicPcap {
    static final int MAGIC_MICROS = 0xA1B2_C3D4;
    static final int MAGIC_NANOS = 0xA1B2_3C4D;
    static final int MAJOR_VERSION = 2;
    static final int MINOR_VERSION = 4;
    static final int HEADER_BYTES = 24;
    static final int RECORD_BYTES = 16;

    private static final int NANOS_OF_A_MICRO = 1000;
    private static final long NANOS_OF_A_SECOND = 1_000_000_000;

    private final CaptureBytes bytes;
    private final Capture capture;

    ClassicPcap(final CaptureBytes bytes, final Capture capture) {
        this.bytes = bytes;
        this.capture = capture;
    }

    void read() throws CaptureRefusedException {
        final int nanosOfAUnit = readMagic();
        bytes.require(0, HEADER_BYTES, "the file header");
        if (bytes.unsigned16(4) != MAJOR_VERSION) {
            throw bytes.refuse("unknown major version", 4, bytes.unsigned16(4));
        }
        if (linkType() != Capture.ETHERNET) {
            throw bytes.refuse("link type is not Ethernet", 20, linkType());
        }
        int at = HEADER_BYTES;
        while (at < bytes.sizeBytes()) {
            at = readRecord(at, nanosOfAUnit);
        }
    }

    private int linkType() {
        return bytes.int32(20) & 0xFFFF;
    }

    private int readMagic() throws CaptureRefusedException {
        for (final ByteOrder order :
                new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            bytes.order(order);
            if (bytes.int32(0) == MAGIC_MICROS) {
                return NANOS_OF_A_MICRO;
            }
            if (bytes.int32(0) == MAGIC_NANOS) {
                return 1;
            }
        }
        throw bytes.refuse("neither pcap nor pcapng, magic number", 0, bytes.unsigned32(0));
    }

    private int readRecord(final int at, final int nanosOfAUnit) throws CaptureRefusedException {
        bytes.require(at, RECORD_BYTES, "a record's header");
        final long lengthBytes = bytes.unsigned32(at + 8);
        if (lengthBytes > Capture.MAX_FRAME_BYTES) {
            throw bytes.refuse("a frame is too long, bytes captured", at + 8, lengthBytes);
        }
        bytes.require(at + RECORD_BYTES, lengthBytes, "a frame");
        capture.add(
                bytes,
                at + RECORD_BYTES,
                (int) lengthBytes,
                bytes.int32(at + 12),
                bytes.unsigned32(at) * NANOS_OF_A_SECOND + bytes.unsigned32(at + 4) * nanosOfAUnit);
        return at + RECORD_BYTES + (int) lengthBytes;
    }
}
