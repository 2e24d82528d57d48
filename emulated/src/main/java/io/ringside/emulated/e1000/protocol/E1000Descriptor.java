package io.ringside.emulated.e1000.protocol;

/**
 * One descriptor of 16 bytes, in either ring.
 *
 * <pre>
 *             receive                  transmit, legacy     transmit, data       context
 *   +0   8    buffer address           buffer address       buffer address       +0 ipcss 1, ipcso 1, ipcse 2
 *   +8   2    length                   length               length (20 bits)     +4 tucss 1, tucso 1, tucse 2
 *   +10  2    checksum                 checksum offset (1)  type 1 in bits 20-23 +8 payload length (20 bits)
 *   +11                                command              command              +11 command
 *   +12  1    status                   status               status               +12 status
 *   +13  1    errors                   checksum start       options              +13 header length
 *   +14  2    VLAN tag                 VLAN tag             VLAN tag             +14 segment payload
 * </pre>
 *
 * <p>The constants for the second half are bits of the two 32-bit words at 8 and 12. Everything is
 * little-endian. Source: {@code e1000_hw.h}; Intel Software Developer's Manual, 3.2 and 3.3.
 */
public final class E1000Descriptor {
    /** Bytes of a descriptor. */
    public static final int SIZE_BYTES = 16;

    /** Offset of the buffer address. */
    public static final int ADDRESS = 0;

    /** Offset of length and command. */
    public static final int LOWER = 8;

    /** Offset of status and the rest. */
    public static final int UPPER = 12;

    /** Transmit, at 8: the last descriptor of a frame. */
    public static final int END_OF_PACKET = 1 << 24;

    /** Transmit, at 8: the chip adds the frame check sequence. */
    public static final int INSERT_CHECK = 1 << 25;

    /** Transmit, legacy, at 8: the chip puts in a checksum. */
    public static final int INSERT_CHECKSUM = 1 << 26;

    /** Transmit, data and context, at 8: the frame is to be cut. */
    public static final int SEGMENT = 1 << 26;

    /** Transmit, at 8: the chip is to write back when it is done. */
    public static final int REPORT = 1 << 27;

    /** Transmit, at 8: not a legacy descriptor. */
    public static final int EXTENDED = 1 << 29;

    /** Transmit, at 8: the chip puts in the VLAN tag. */
    public static final int INSERT_TAG = 1 << 30;

    /** Transmit, at 8: the interrupt may be delayed. */
    public static final int DELAY = 1 << 31;

    /** Transmit, extended, at 8: data rather than context. */
    public static final int DATA = 1 << 20;

    /** Context, at 8: TCP rather than UDP. */
    public static final int CONTEXT_TCP = 1 << 24;

    /** Context, at 8: IPv4 rather than IPv6. */
    public static final int CONTEXT_IPV4 = 1 << 25;

    /** Data, at 12: put in the IP header's checksum. */
    public static final int OPTION_IP = 0x0100;

    /** Data, at 12: put in the transport checksum. */
    public static final int OPTION_TRANSPORT = 0x0200;

    /** Length of a legacy buffer. */
    public static final int LENGTH_MASK = 0xFFFF;

    /** Length of an extended buffer, and payload of a context. */
    public static final int EXTENDED_LENGTH_MASK = 0xF_FFFF;

    /** Status: done. */
    public static final int DONE = 0x01;

    /** Receive status: the last descriptor of a frame. */
    public static final int RECEIVED_END = 0x02;

    /** Receive status: nothing is said of checksums. */
    public static final int CHECKSUM_IGNORED = 0x04;

    /** Receive status: a VLAN tag was stripped. */
    public static final int TAG_STRIPPED = 0x08;

    /** Receive status: the transport checksum was looked at. */
    public static final int TRANSPORT_CHECKED = 0x20;

    /** Receive status: the IP header's checksum was looked at. */
    public static final int IP_CHECKED = 0x40;

    /** Receive errors: the transport checksum is wrong. */
    public static final int TRANSPORT_WRONG = 0x20;

    /** Receive errors: the IP header's checksum is wrong. */
    public static final int IP_WRONG = 0x40;

    /** Receive errors that make a frame unusable. */
    public static final int FRAME_WRONG = 0x97;

    private E1000Descriptor() {}
}
