package io.ringside.emulated.ide.protocol;

import java.util.Arrays;

/**
 * Command codes, and what distinguishes the thirteen that move sectors.
 *
 * <pre>
 *                      sectors    multiple    DMA
 *   read                 0x20       0xC4      0xC8
 *   write                0x30       0xC5      0xCA
 *   read, extended       0x24       0x29      0x25
 *   write, extended      0x34       0x39      0x35   (0x3D with force unit access)
 * </pre>
 *
 * <p>A code from a guest is an int: any of 256 values may come. Source: ATA_CMD_* in linux/ata.h.
 */
public final class AtaCommand {
    /** No such command. */
    public static final int NONE = -1;

    /** READ SECTORS. */
    public static final int READ_SECTORS = 0x20;

    /** READ SECTORS EXT. */
    public static final int READ_SECTORS_EXT = 0x24;

    /** READ DMA EXT. */
    public static final int READ_DMA_EXT = 0x25;

    /** READ MULTIPLE EXT. */
    public static final int READ_MULTIPLE_EXT = 0x29;

    /** WRITE SECTORS. */
    public static final int WRITE_SECTORS = 0x30;

    /** WRITE SECTORS EXT. */
    public static final int WRITE_SECTORS_EXT = 0x34;

    /** WRITE DMA EXT. */
    public static final int WRITE_DMA_EXT = 0x35;

    /** WRITE MULTIPLE EXT. */
    public static final int WRITE_MULTIPLE_EXT = 0x39;

    /** WRITE DMA FUA EXT: on the medium itself before it is reported done. */
    public static final int WRITE_DMA_FUA_EXT = 0x3D;

    /** READ VERIFY SECTORS: reads, and keeps the data to itself. */
    public static final int VERIFY = 0x40;

    /** READ VERIFY SECTORS EXT. */
    public static final int VERIFY_EXT = 0x42;

    /** EXECUTE DEVICE DIAGNOSTIC: both devices obey, whichever is selected. */
    public static final int DIAGNOSE = 0x90;

    /** INITIALIZE DEVICE PARAMETERS: count is sectors per track, device the last head. */
    public static final int INITIALIZE_PARAMETERS = 0x91;

    /** READ MULTIPLE: {@link #SET_MULTIPLE} sectors a block. */
    public static final int READ_MULTIPLE = 0xC4;

    /** WRITE MULTIPLE. */
    public static final int WRITE_MULTIPLE = 0xC5;

    /** SET MULTIPLE MODE: count is sectors a block. */
    public static final int SET_MULTIPLE = 0xC6;

    /** READ DMA. */
    public static final int READ_DMA = 0xC8;

    /** WRITE DMA. */
    public static final int WRITE_DMA = 0xCA;

    /** STANDBY IMMEDIATE. */
    public static final int STANDBY_IMMEDIATE = 0xE0;

    /** IDLE IMMEDIATE. */
    public static final int IDLE_IMMEDIATE = 0xE1;

    /** STANDBY. */
    public static final int STANDBY = 0xE2;

    /** IDLE. */
    public static final int IDLE = 0xE3;

    /** CHECK POWER MODE: answers in the sector count. */
    public static final int CHECK_POWER = 0xE5;

    /** FLUSH CACHE. */
    public static final int FLUSH_CACHE = 0xE7;

    /** FLUSH CACHE EXT. */
    public static final int FLUSH_CACHE_EXT = 0xEA;

    /** IDENTIFY DEVICE: 512 bytes by PIO. */
    public static final int IDENTIFY = 0xEC;

    /** SET FEATURES: the feature register says which. */
    public static final int SET_FEATURES = 0xEF;

    /** Trait: it moves sectors. Every transfer has it. */
    public static final int TRANSFER = 1;

    /** Trait: from the host to the medium. */
    public static final int WRITES = 2;

    /** Trait: 48-bit address and 16-bit count, by two-deep registers. */
    public static final int EXTENDED = 4;

    /** Trait: several sectors a PIO block. */
    public static final int MULTIPLE = 8;

    /** Trait: by the bus master. */
    public static final int DMA = 16;

    /** Trait: not done before it is on the medium itself. */
    public static final int FORCE_UNIT_ACCESS = 32;

    private static final int CODES = 256;
    private static final int TRAIT_SETS = 64;
    private static final int[] TRAITS_OF_CODE = new int[CODES];
    private static final int[] CODE_OF_TRAITS = new int[TRAIT_SETS];

    static {
        Arrays.fill(CODE_OF_TRAITS, NONE);
        define(READ_SECTORS, TRANSFER);
        define(WRITE_SECTORS, TRANSFER | WRITES);
        define(READ_SECTORS_EXT, TRANSFER | EXTENDED);
        define(WRITE_SECTORS_EXT, TRANSFER | WRITES | EXTENDED);
        define(READ_MULTIPLE, TRANSFER | MULTIPLE);
        define(WRITE_MULTIPLE, TRANSFER | WRITES | MULTIPLE);
        define(READ_MULTIPLE_EXT, TRANSFER | EXTENDED | MULTIPLE);
        define(WRITE_MULTIPLE_EXT, TRANSFER | WRITES | EXTENDED | MULTIPLE);
        define(READ_DMA, TRANSFER | DMA);
        define(WRITE_DMA, TRANSFER | WRITES | DMA);
        define(READ_DMA_EXT, TRANSFER | EXTENDED | DMA);
        define(WRITE_DMA_EXT, TRANSFER | WRITES | EXTENDED | DMA);
        define(WRITE_DMA_FUA_EXT, TRANSFER | WRITES | EXTENDED | DMA | FORCE_UNIT_ACCESS);
    }

    private AtaCommand() {}

    private static void define(final int code, final int traits) {
        TRAITS_OF_CODE[code] = traits;
        CODE_OF_TRAITS[traits] = code;
    }

    /** The traits of a code, or 0 if it moves no sectors. Takes any int. */
    public static int traits(final int code) {
        return TRAITS_OF_CODE[code & (CODES - 1)];
    }

    /** The code of a transfer with exactly these traits, or {@link #NONE}. */
    public static int transfer(final int traits) {
        return CODE_OF_TRAITS[(traits | TRANSFER) & (TRAIT_SETS - 1)];
    }

    /** What the specification calls a code; for traces. */
    public static String name(final int code) {
        return switch (code) {
            case READ_SECTORS -> "READ SECTORS";
            case READ_SECTORS_EXT -> "READ SECTORS EXT";
            case READ_DMA_EXT -> "READ DMA EXT";
            case READ_MULTIPLE_EXT -> "READ MULTIPLE EXT";
            case WRITE_SECTORS -> "WRITE SECTORS";
            case WRITE_SECTORS_EXT -> "WRITE SECTORS EXT";
            case WRITE_DMA_EXT -> "WRITE DMA EXT";
            case WRITE_MULTIPLE_EXT -> "WRITE MULTIPLE EXT";
            case WRITE_DMA_FUA_EXT -> "WRITE DMA FUA EXT";
            case VERIFY -> "READ VERIFY SECTORS";
            case VERIFY_EXT -> "READ VERIFY SECTORS EXT";
            case DIAGNOSE -> "EXECUTE DEVICE DIAGNOSTIC";
            case INITIALIZE_PARAMETERS -> "INITIALIZE DEVICE PARAMETERS";
            case READ_MULTIPLE -> "READ MULTIPLE";
            case WRITE_MULTIPLE -> "WRITE MULTIPLE";
            case SET_MULTIPLE -> "SET MULTIPLE MODE";
            case READ_DMA -> "READ DMA";
            case WRITE_DMA -> "WRITE DMA";
            case STANDBY_IMMEDIATE -> "STANDBY IMMEDIATE";
            case IDLE_IMMEDIATE -> "IDLE IMMEDIATE";
            case STANDBY -> "STANDBY";
            case IDLE -> "IDLE";
            case CHECK_POWER -> "CHECK POWER MODE";
            case FLUSH_CACHE -> "FLUSH CACHE";
            case FLUSH_CACHE_EXT -> "FLUSH CACHE EXT";
            case IDENTIFY -> "IDENTIFY DEVICE";
            case SET_FEATURES -> "SET FEATURES";
            default -> "unknown command";
        };
    }
}
