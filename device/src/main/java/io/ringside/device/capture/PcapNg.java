package io.ringside.device.capture;

import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads a pcapng file: blocks of type, length, content, and the length again.
 *
 * <pre>
 *   section header 0A0D0D0A     interface 1               enhanced packet 6
 *    8  1A2B3C4D: byte order     8  link type (16)         8  interface
 *   12  major version 1 (16)    12  snap length           12  time, its higher half first
 *   14  minor version (16)      16  options               20  bytes captured
 *   16  section length (64)                               24  bytes on the wire
 *   24  options                 simple packet 3           28  frame, to a multiple of 4; options
 *                                8  bytes on the wire
 *                               12  frame                 packet 2 is like 6, with 16 bits of
 *                                                         interface and 16 of drops at 8
 * </pre>
 *
 * <p>Each section has its own byte order and its own interfaces; an interface says the unit of its
 * times by the options 9 and 14. All other blocks are passed over. A simple packet has no time and
 * gets that of the frame before it. Threads: one. Source: the IETF's draft opsawg-pcapng.
 */
final class PcapNg {
    static final int SECTION = 0x0A0D_0D0A;
    static final int BYTE_ORDER_MAGIC = 0x1A2B_3C4D;
    static final int INTERFACE = 1;
    static final int ENHANCED_PACKET = 6;
    static final int MAJOR_VERSION = 1;
    static final int TIME_RESOLUTION_OPTION = 9;
    static final int TIME_OFFSET_OPTION = 14;
    static final int HEAD_BYTES = 8;
    static final int EMPTY_BLOCK_BYTES = 12;

    private static final int PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int SECTION_BYTES = 28;
    private static final int INTERFACE_BYTES = 20;
    private static final int PACKET_BYTES = 32;
    private static final int SIMPLE_PACKET_BYTES = 16;
    private static final int MICROSECONDS = 6;
    private static final int MAX_INTERFACES = 4096;

    private final CaptureBytes bytes;
    private final Capture capture;
    private TimeUnits[] units = new TimeUnits[4];
    private int[] linkTypes = new int[4];
    private long[] snapLengths = new long[4];
    private int interfaces;
    private long lastNanos;

    PcapNg(final CaptureBytes bytes, final Capture capture) {
        this.bytes = bytes;
        this.capture = capture;
    }

    void read() throws CaptureRefusedException {
        int at = 0;
        while (at < bytes.sizeBytes()) {
            bytes.require(at, EMPTY_BLOCK_BYTES, "a block");
            // The type of a section reads the same in both byte orders.
            if (bytes.int32(at) == SECTION) {
                readByteOrder(at);
            }
            final int end = endOfBlock(at);
            switch (bytes.int32(at)) {
                case SECTION -> readSection(at, end);
                case INTERFACE -> readInterface(at, end);
                case ENHANCED_PACKET -> readPacket(at, end, bytes.unsigned32(at + HEAD_BYTES));
                case PACKET -> readPacket(at, end, bytes.unsigned16(at + HEAD_BYTES));
                case SIMPLE_PACKET -> readSimplePacket(at, end);
                default -> {
                    // A block that says nothing about frames, or one of a newer kind.
                }
            }
            at = end;
        }
    }

    private void readByteOrder(final int at) throws CaptureRefusedException {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        final int magic = bytes.int32(at + HEAD_BYTES);
        if (magic == Integer.reverseBytes(BYTE_ORDER_MAGIC)) {
            bytes.order(ByteOrder.BIG_ENDIAN);
        } else if (magic != BYTE_ORDER_MAGIC) {
            throw bytes.refuse("unknown byte order", at + HEAD_BYTES, magic & 0xFFFF_FFFFL);
        }
    }

    private int endOfBlock(final int at) throws CaptureRefusedException {
        final long lengthBytes = bytes.unsigned32(at + Integer.BYTES);
        if (lengthBytes < EMPTY_BLOCK_BYTES || lengthBytes % Integer.BYTES != 0) {
            throw bytes.refuse("no length of a block", at + Integer.BYTES, lengthBytes);
        }
        bytes.require(at, lengthBytes, "a block");
        final int end = at + (int) lengthBytes;
        if (bytes.unsigned32(end - Integer.BYTES) != lengthBytes) {
            throw bytes.refuse(
                    "a block's second length is another one",
                    end - Integer.BYTES,
                    bytes.unsigned32(end - Integer.BYTES));
        }
        return end;
    }

    private void requireBlock(final int at, final int end, final int minBytes)
            throws CaptureRefusedException {
        if (end - at < minBytes) {
            throw bytes.refuse("a block is too short", at + Integer.BYTES, end - at);
        }
    }

    private void readSection(final int at, final int end) throws CaptureRefusedException {
        requireBlock(at, end, SECTION_BYTES);
        if (bytes.unsigned16(at + 12) != MAJOR_VERSION) {
            throw bytes.refuse("unknown major version", at + 12, bytes.unsigned16(at + 12));
        }
        interfaces = 0;
    }

    private void readInterface(final int at, final int end) throws CaptureRefusedException {
        requireBlock(at, end, INTERFACE_BYTES);
        if (interfaces == MAX_INTERFACES) {
            throw bytes.refuse("more interfaces than are kept, limit", at, MAX_INTERFACES);
        }
        if (interfaces == units.length) {
            units = Arrays.copyOf(units, 2 * interfaces);
            linkTypes = Arrays.copyOf(linkTypes, 2 * interfaces);
            snapLengths = Arrays.copyOf(snapLengths, 2 * interfaces);
        }
        units[interfaces] = readUnits(at + 16, end - Integer.BYTES);
        linkTypes[interfaces] = bytes.unsigned16(at + HEAD_BYTES);
        snapLengths[interfaces] = bytes.unsigned32(at + 12);
        interfaces++;
    }

    private TimeUnits readUnits(final int first, final int end) throws CaptureRefusedException {
        int resolution = MICROSECONDS;
        long offsetSeconds = 0;
        int at = first;
        while (end - at >= Integer.BYTES && bytes.unsigned16(at) != 0) {
            final int lengthBytes = bytes.unsigned16(at + Short.BYTES);
            final int value = at + Integer.BYTES;
            if (lengthBytes > end - value) {
                throw bytes.refuse("an option is too long", at + Short.BYTES, lengthBytes);
            }
            if (bytes.unsigned16(at) == TIME_RESOLUTION_OPTION && lengthBytes == 1) {
                resolution = bytes.unsigned8(value);
                if (!TimeUnits.isKnown(resolution)) {
                    throw bytes.refuse("unknown unit of time", value, resolution);
                }
            }
            if (bytes.unsigned16(at) == TIME_OFFSET_OPTION && lengthBytes == Long.BYTES) {
                offsetSeconds = bytes.int64(value);
            }
            at = value + (lengthBytes + Integer.BYTES - 1 & -Integer.BYTES);
        }
        return new TimeUnits(resolution, offsetSeconds);
    }

    private void readPacket(final int at, final int end, final long interfaceNumber)
            throws CaptureRefusedException {
        requireBlock(at, end, PACKET_BYTES);
        requireEthernet(at, interfaceNumber);
        final long lengthBytes = bytes.unsigned32(at + 20);
        if (lengthBytes > Capture.MAX_FRAME_BYTES || lengthBytes > end - at - PACKET_BYTES) {
            throw bytes.refuse("a frame is too long, bytes captured", at + 20, lengthBytes);
        }
        final long time = bytes.unsigned32(at + 12) << Integer.SIZE | bytes.unsigned32(at + 16);
        lastNanos = units[(int) interfaceNumber].nanos(time);
        capture.add(bytes, at + 28, (int) lengthBytes, bytes.int32(at + 24), lastNanos);
    }

    private void requireEthernet(final int at, final long interfaceNumber)
            throws CaptureRefusedException {
        if (interfaceNumber >= interfaces) {
            throw bytes.refuse("a frame of no interface", at + HEAD_BYTES, interfaceNumber);
        }
        final int linkType = linkTypes[(int) interfaceNumber];
        if (linkType != Capture.ETHERNET) {
            throw bytes.refuse("link type is not Ethernet", at + HEAD_BYTES, linkType);
        }
    }

    private void readSimplePacket(final int at, final int end) throws CaptureRefusedException {
        requireBlock(at, end, SIMPLE_PACKET_BYTES);
        requireEthernet(at, 0);
        final long originalBytes = bytes.unsigned32(at + HEAD_BYTES);
        final long snapBytes = snapLengths[0] == 0 ? originalBytes : snapLengths[0];
        final long lengthBytes = Math.min(originalBytes, snapBytes);
        if (lengthBytes > Capture.MAX_FRAME_BYTES || lengthBytes > end - at - SIMPLE_PACKET_BYTES) {
            throw bytes.refuse("a frame is too long, bytes captured", at + HEAD_BYTES, lengthBytes);
        }
        capture.add(bytes, at + 12, (int) lengthBytes, (int) originalBytes, lastNanos);
    }
}
