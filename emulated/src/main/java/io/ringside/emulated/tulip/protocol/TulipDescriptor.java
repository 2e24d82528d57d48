package io.ringside.emulated.tulip.protocol;

/**
 * One descriptor of 16 bytes, in either list.
 *
 * <pre>
 *        31                                                              0
 *   +0   own | status: length and findings (receive), findings (transmit)
 *   +4   flags | 25 end of ring | 24 chained | 21..11 bytes of buffer 2 | 10..0 of buffer 1
 *   +8   address of buffer 1
 *   +12  address of buffer 2; of the next descriptor if chained
 * </pre>
 *
 * <p>The next descriptor is the list's first one behind the end of the ring, else the one that a
 * chained descriptor names, else the one behind it. Everything is little-endian. Source: {@code
 * tulip_rx_desc}, {@code tulip_tx_desc}, {@code enum desc_status_bits}; DECchip 21140A Hardware
 * Reference Manual, 4.2.
 */
public final class TulipDescriptor {
    /** Bytes of a descriptor. */
    public static final int SIZE_BYTES = 16;

    /** Offset of the status. */
    public static final int STATUS = 0;

    /** Offset of flags and lengths. */
    public static final int CONTROL = 4;

    /** Offset of the first address. */
    public static final int BUFFER_1 = 8;

    /** Offset of the second address. */
    public static final int BUFFER_2 = 12;

    /** Status: the descriptor is the chip's. */
    public static final int OWN = 1 << 31;

    /** Status: some finding is an error. */
    public static final int ERROR_SUMMARY = 0x8000;

    /** Control: the last descriptor of a ring. */
    public static final int END_OF_RING = 1 << 25;

    /** Control: the second address is that of the next descriptor. */
    public static final int CHAINED = 1 << 24;

    /** Control: bytes of a buffer. */
    public static final int LENGTH_MASK = 0x7FF;

    /** Control: where the bytes of the second buffer stand. */
    public static final int LENGTH_2_SHIFT = 11;

    /** Control, transmit: tell when it is done. */
    public static final int INTERRUPT = 1 << 31;

    /** Control, transmit: the last one of a frame. */
    public static final int LAST = 1 << 30;

    /** Control, transmit: the first one of a frame. */
    public static final int FIRST = 1 << 29;

    /** Control, transmit: a setup frame. */
    public static final int SETUP = 1 << 27;

    /** Control, transmit: the frame ends with its check sequence. */
    public static final int HAS_CHECK = 1 << 26;

    /** Control, transmit: a short frame stays short. */
    public static final int NO_PADDING = 1 << 23;

    /** Control, setup: hashes; without {@link #SETUP_INVERSE} for multicasts alone. */
    public static final int SETUP_HASH = 1 << 22;

    /** Control, setup: addresses that are not heard; with {@link #SETUP_HASH} hashes alone. */
    public static final int SETUP_INVERSE = 1 << 28;

    /** Status of a setup frame that was taken: everything but the owner. */
    public static final int SETUP_DONE = 0x7FFF_FFFF;

    /** Transmit status: cut off. */
    public static final int SENT_JABBER = 0x4000;

    /** Transmit status: the chip ran out of descriptors. */
    public static final int SENT_UNDERFLOW = 0x0002;

    /** Receive status: where the length stands, with the check sequence. */
    public static final int RECEIVED_LENGTH_SHIFT = 16;

    /** Receive status: the length. */
    public static final int RECEIVED_LENGTH_MASK = 0x3FFF;

    /** Receive status: the filter would not have let it through. */
    public static final int RECEIVED_FOREIGN = 1 << 30;

    /** Receive status: the frame did not fit in the descriptors that there were. */
    public static final int RECEIVED_CUT = 0x4000;

    /** Receive status: where the two bits of the mode's loop stand. */
    public static final int RECEIVED_LOOP_SHIFT = 12;

    /** Receive status: too short. */
    public static final int RECEIVED_RUNT = 0x0800;

    /** Receive status: to a multicast address. */
    public static final int RECEIVED_MULTICAST = 0x0400;

    /** Receive status: the first descriptor of a frame. */
    public static final int RECEIVED_FIRST = 0x0200;

    /** Receive status: the last descriptor of a frame. */
    public static final int RECEIVED_LAST = 0x0100;

    /** Receive status: longer than 1518 bytes. */
    public static final int RECEIVED_LONG = 0x0080;

    /** Receive status: there was a collision. */
    public static final int RECEIVED_COLLISION = 0x0040;

    /** Receive status: the frame has a type rather than a length. */
    public static final int RECEIVED_TYPED = 0x0020;

    /** Receive status: cut off. */
    public static final int RECEIVED_WATCHDOG = 0x0010;

    /** Receive status: the check sequence was wrong. */
    public static final int RECEIVED_DAMAGED = 0x0002;

    private TulipDescriptor() {}
}
