package io.ringside.emulated.ide.protocol;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;

/**
 * What a drive says of itself: 256 little-endian 16-bit words. Those that this bench uses:
 *
 * <pre>
 *   word   0          general configuration: bit 15 is 0 for a disk
 *          1  3  6    cylinders, heads, sectors per track
 *         10..19      serial number, 20 characters
 *         23..26      firmware revision, 8 characters
 *         27..46      model, 40 characters
 *         47          bits 0..7: most sectors in a block of READ MULTIPLE
 *         49          bit 8 DMA, bit 9 LBA
 *         53          bit 1: words 64..70 hold, bit 2: word 88 holds
 *         54  55  56  cylinders, heads, sectors per track now in use; 57..58 their product
 *         59          bit 8: bits 0..7 are the sectors per block now in use
 *         60..61      sectors by 28-bit addresses
 *         63          multiword DMA: modes known in bits 0..2, the one in use in bits 8..10
 *         64          bits 0..1: PIO 3 and 4; 65..68 cycle times in nanoseconds
 *         80          versions of the standard that are met
 *         82  83  84  features known, 85..87 the same that are on
 *         88          Ultra DMA: modes known in bits 0..6, the one in use in bits 8..14
 *         93          what the reset found on the cable
 *        100..103     sectors by 48-bit addresses
 *        255          0xA5, and a checksum that makes the sum of all bytes 0
 * </pre>
 *
 * <p>Strings have the two bytes of each word swapped and are padded with blanks. The methods that
 * give strings allocate: control plane.
 *
 * <p>Source: ATA_ID_* in linux/ata.h, {@code hd_driveid} in linux/hdreg.h. Threads: one flyweight
 * per thread.
 */
public final class IdentifyData {
    /** Bytes of the whole. */
    public static final int SIZE_BYTES = 512;

    /** General configuration. */
    public static final int CONFIGURATION = 0;

    /** Cylinders. */
    public static final int CYLINDERS = 1;

    /** Heads. */
    public static final int HEADS = 3;

    /** Sectors per track. */
    public static final int SECTORS_PER_TRACK = 6;

    /** Serial number. */
    public static final int SERIAL = 10;

    /** Words of the serial number. */
    public static final int SERIAL_WORDS = 10;

    /** Firmware revision. */
    public static final int FIRMWARE = 23;

    /** Words of the firmware revision. */
    public static final int FIRMWARE_WORDS = 4;

    /** Model. */
    public static final int MODEL = 27;

    /** Words of the model. */
    public static final int MODEL_WORDS = 20;

    /** Most sectors per block. */
    public static final int MAX_MULTIPLE = 47;

    /** DMA and LBA. */
    public static final int CAPABILITY = 49;

    /** The slowest PIO mode, in bits 8 to 15. */
    public static final int OLD_PIO_MODE = 51;

    /** Which words hold. */
    public static final int VALIDITY = 53;

    /** Cylinders in use; heads, sectors per track and their product (two words) follow. */
    public static final int CURRENT_CYLINDERS = 54;

    /** Sectors per block in use. */
    public static final int MULTIPLE = 59;

    /** Sectors by 28-bit addresses, low word first. */
    public static final int LBA28_SECTORS = 60;

    /** Multiword DMA modes. */
    public static final int MULTIWORD_DMA = 63;

    /** PIO 3 and 4. */
    public static final int PIO_MODES = 64;

    /** Shortest multiword DMA cycle; recommended, PIO without and with flow control follow. */
    public static final int CYCLE_NANOS = 65;

    /** Versions of the standard. */
    public static final int MAJOR_VERSION = 80;

    /** First of three words of features known. */
    public static final int FEATURES_KNOWN = 82;

    /** First of three words of features that are on. */
    public static final int FEATURES_ON = 85;

    /** Ultra DMA modes. */
    public static final int ULTRA_DMA = 88;

    /** What the reset found. */
    public static final int RESET_RESULT = 93;

    /** Sectors by 48-bit addresses, low word first. */
    public static final int LBA48_SECTORS = 100;

    /** Marker and checksum. */
    public static final int INTEGRITY = 255;

    /** Word 0: not an ATA disk. */
    public static final int NOT_ATA = 0x8000;

    /** Word 49: it can do DMA. */
    public static final int CAN_DMA = 0x0100;

    /** Word 49: it takes 28-bit addresses. */
    public static final int CAN_LBA = 0x0200;

    /** Word 53: words 54 to 58, 64 to 70, and 88 hold. */
    public static final int ALL_VALID = 0x0007;

    /** Word 59: its low half holds. */
    public static final int MULTIPLE_VALID = 0x0100;

    /** First word of features: power modes, write cache, look-ahead. */
    public static final int FEATURE_POWER = 0x0008;

    /** First word of features: a volatile write cache. */
    public static final int FEATURE_WRITE_CACHE = 0x0020;

    /** First word of features: read look-ahead. */
    public static final int FEATURE_LOOK_AHEAD = 0x0040;

    /** Second word of features: 48-bit addresses. */
    public static final int FEATURE_LBA48 = 0x0400;

    /** Second word of features: FLUSH CACHE. */
    public static final int FEATURE_FLUSH = 0x1000;

    /** Second word of features: FLUSH CACHE EXT. */
    public static final int FEATURE_FLUSH_EXT = 0x2000;

    /** Third word of features: WRITE DMA FUA EXT. */
    public static final int FEATURE_FORCE_UNIT_ACCESS = 0x0040;

    /** Second and third word of features: this word holds. */
    public static final int FEATURES_VALID = 0x4000;

    /** Low half of the last word: the high half is a checksum. */
    public static final int INTEGRITY_MARKER = 0xA5;

    private static final int FEATURES_VALID_MASK = 0xC000;
    private static final int BLOCK_MASK = 0xFF;
    private static final int MODES_MASK = 0x7F;

    private final MutableDirectBuffer buffer;

    /** A flyweight over the 512 bytes of {@code buffer}. */
    public IdentifyData(final MutableDirectBuffer buffer) {
        this.buffer = buffer;
    }

    /** One word by its number. */
    public int word(final int number) {
        return buffer.getShort(number * Short.BYTES, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Sets one word by its number. */
    public void word(final int number, final int value) {
        buffer.putShort(number * Short.BYTES, (short) value, ByteOrder.LITTLE_ENDIAN);
    }

    /** Sets a number of several words, low word first. */
    public void number(final int firstWord, final int words, final long value) {
        for (int i = 0; i < words; i++) {
            word(firstWord + i, (int) (value >>> (i * Short.SIZE)));
        }
    }

    /** Sets a string: ASCII, cut or padded with blanks to {@code words * 2} characters. */
    public void text(final int firstWord, final int words, final String text) {
        for (int i = 0; i < words; i++) {
            word(firstWord + i, character(text, 2 * i) << Byte.SIZE | character(text, 2 * i + 1));
        }
    }

    private static int character(final String text, final int index) {
        return index < text.length() ? text.charAt(index) & 0x7F : ' ';
    }

    /** A string without its padding. Bytes that are not ASCII come out as they are in Latin-1. */
    public String text(final int firstWord, final int words) {
        final byte[] bytes = new byte[words * Short.BYTES];
        for (int i = 0; i < words; i++) {
            bytes[2 * i] = (byte) (word(firstWord + i) >>> Byte.SIZE);
            bytes[2 * i + 1] = (byte) word(firstWord + i);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1).strip();
    }

    /** Seals the block: the marker, and the checksum over all that was set before. */
    public void seal() {
        int sum = INTEGRITY_MARKER;
        for (int i = 0; i < INTEGRITY * Short.BYTES; i++) {
            sum += buffer.getByte(i);
        }
        word(INTEGRITY, (-sum & 0xFF) << Byte.SIZE | INTEGRITY_MARKER);
    }

    /** Whether this is a disk, and whole: a seal, where there is one, must be right. */
    public boolean isValidDisk() {
        if ((word(CONFIGURATION) & NOT_ATA) != 0) {
            return false;
        }
        if ((word(INTEGRITY) & 0xFF) != INTEGRITY_MARKER) {
            return true;
        }
        int sum = 0;
        for (int i = 0; i < SIZE_BYTES; i++) {
            sum += buffer.getByte(i);
        }
        return (sum & 0xFF) == 0;
    }

    /** The newest form of addresses that the drive takes. */
    public Addressing addressing() {
        if ((word(CAPABILITY) & CAN_LBA) == 0) {
            return Addressing.CHS;
        }
        return hasFeature(1, FEATURE_LBA48) ? Addressing.LBA48 : Addressing.LBA28;
    }

    /** The geometry that the drive would like. */
    public Geometry geometry() {
        return new Geometry(word(CYLINDERS), word(HEADS), word(SECTORS_PER_TRACK));
    }

    /** How many sectors there are, by the newest form of addresses. */
    public long sectors() {
        return switch (addressing()) {
            case CHS -> geometry().sectors();
            case LBA28 -> number(LBA28_SECTORS, 2);
            case LBA48 -> number(LBA48_SECTORS, 4);
        };
    }

    private long number(final int firstWord, final int words) {
        long value = 0;
        for (int i = 0; i < words; i++) {
            value |= (long) word(firstWord + i) << (i * Short.SIZE);
        }
        return value;
    }

    /** Most sectors in a block of READ MULTIPLE; 0 if the drive does not know it. */
    public int maxMultiple() {
        return word(MAX_MULTIPLE) & BLOCK_MASK;
    }

    /** Whether the drive can do DMA. */
    public boolean canDma() {
        return (word(CAPABILITY) & CAN_DMA) != 0;
    }

    /** Ultra DMA modes known, bit n for mode n. */
    public int ultraDmaModes() {
        return (word(VALIDITY) & 4) != 0 ? word(ULTRA_DMA) & MODES_MASK : 0;
    }

    /**
     * Whether a feature is known.
     *
     * @param index 0, 1 or 2: which of the three words
     * @param feature one bit of it
     */
    public boolean hasFeature(final int index, final int feature) {
        final int word = word(FEATURES_KNOWN + index);
        final boolean holds = index == 0 || (word & FEATURES_VALID_MASK) == FEATURES_VALID;
        return holds && (word & feature) != 0;
    }
}
