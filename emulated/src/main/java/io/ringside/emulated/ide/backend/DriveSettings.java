package io.ringside.emulated.ide.backend;

import io.ringside.emulated.ide.protocol.Geometry;
import io.ringside.emulated.ide.protocol.SetFeatures;

/** What a guest can set on the drive. A soft reset keeps it all. */
final class DriveSettings {
    /** Most sectors in a block of READ MULTIPLE. */
    static final int MAX_MULTIPLE = 16;

    /** Fastest PIO mode. */
    static final int MAX_PIO = 4;

    /** Fastest multiword DMA mode. */
    static final int MAX_MULTIWORD_DMA = 2;

    /** Fastest Ultra DMA mode. */
    static final int MAX_ULTRA_DMA = 5;

    /** {@link #powerMode}: spun down. */
    static final int POWER_STANDBY = 0x00;

    /** {@link #powerMode}: ready at once, saving what it can. */
    static final int POWER_IDLE = 0x80;

    /** {@link #powerMode}: as it is after any command that needs the medium. */
    static final int POWER_ACTIVE = 0xFF;

    private static final int MODE_CLASS = 0xF8;
    private static final int MODE_NUMBER = 0x07;

    private Geometry geometry;
    private int multiple;
    private int multiwordInUse;
    private int ultraInUse;
    private boolean writeCache = true;
    private boolean lookAhead = true;
    private int powerMode = POWER_ACTIVE;

    DriveSettings(final Geometry geometry) {
        this.geometry = geometry;
    }

    Geometry geometry() {
        return geometry;
    }

    void geometry(final Geometry newGeometry) {
        geometry = newGeometry;
    }

    /** Sectors in a block of READ MULTIPLE; 0 while there is none. */
    int multiple() {
        return multiple;
    }

    /** Takes 0, or a power of two up to {@link #MAX_MULTIPLE}. */
    boolean multiple(final int sectors) {
        if (sectors > MAX_MULTIPLE || Integer.bitCount(sectors) > 1) {
            return false;
        }
        multiple = sectors;
        return true;
    }

    /** Takes a transfer mode that the drive has. */
    boolean transferMode(final int mode) {
        final int number = mode & MODE_NUMBER;
        return switch (mode & MODE_CLASS) {
            case SetFeatures.MODE_PIO_DEFAULT -> number <= 1;
            case SetFeatures.MODE_PIO -> number <= MAX_PIO;
            case SetFeatures.MODE_MULTIWORD_DMA ->
                    number <= MAX_MULTIWORD_DMA && dmaInUse(1 << number, 0);
            case SetFeatures.MODE_ULTRA_DMA -> number <= MAX_ULTRA_DMA && dmaInUse(0, 1 << number);
            default -> false;
        };
    }

    private boolean dmaInUse(final int multiword, final int ultra) {
        multiwordInUse = multiword;
        ultraInUse = ultra;
        return true;
    }

    /** The multiword DMA mode in use: bit n for mode n, or 0. */
    int multiwordInUse() {
        return multiwordInUse;
    }

    /** The Ultra DMA mode in use: bit n for mode n, or 0. */
    int ultraInUse() {
        return ultraInUse;
    }

    boolean isWriteCacheOn() {
        return writeCache;
    }

    void writeCache(final boolean isOn) {
        writeCache = isOn;
    }

    boolean isLookAheadOn() {
        return lookAhead;
    }

    void lookAhead(final boolean isOn) {
        lookAhead = isOn;
    }

    /** What CHECK POWER MODE answers. */
    int powerMode() {
        return powerMode;
    }

    void powerMode(final int newMode) {
        powerMode = newMode;
    }
}
