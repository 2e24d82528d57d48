package io.ringside.emulated.ide.backend;

import io.ringside.emulated.ide.protocol.Addressing;
import io.ringside.emulated.ide.protocol.Geometry;
import io.ringside.emulated.ide.protocol.IdentifyData;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes what IDENTIFY DEVICE tells of a drive: an ATA-6 disk, or an older one. */
final class IdentifyPage {
    private static final int FIXED_DISK = 0x0040;
    private static final int MULTIPLE_MARKER = 0x8000;
    private static final int CAN_WAIT = 0x0C00;
    private static final int PIO_2 = 0x0200;
    private static final int PIO_3_AND_4 = 0x0003;
    private static final int FASTEST_CYCLE_NANOS = 120;
    private static final int CYCLE_WORDS = 4;
    private static final int ATA_1_TO_6 = 0x007E;
    private static final int CABLE_OF_80_AND_DEVICE_0 = 0x600B;
    private static final long LBA28_LIMIT = (1L << 28) - 1;

    private final DriveIdentity identity;
    private final long sectors;

    IdentifyPage(final DriveIdentity identity, final long sectors) {
        this.identity = identity;
        this.sectors = sectors;
    }

    /** Fills the first 512 bytes of a buffer. */
    void write(final UnsafeBuffer buffer, final DriveSettings settings) {
        buffer.setMemory(0, IdentifyData.SIZE_BYTES, (byte) 0);
        final IdentifyData page = new IdentifyData(buffer);
        final Addressing addressing = identity.addressing();
        page.word(IdentifyData.CONFIGURATION, FIXED_DISK);
        page.text(IdentifyData.SERIAL, IdentifyData.SERIAL_WORDS, identity.serial());
        page.text(IdentifyData.FIRMWARE, IdentifyData.FIRMWARE_WORDS, identity.firmware());
        page.text(IdentifyData.MODEL, IdentifyData.MODEL_WORDS, identity.model());
        size(page, addressing, settings.geometry());
        modes(page, addressing, settings);
        features(page, addressing, settings);
        page.seal();
    }

    private void size(
            final IdentifyData page, final Addressing addressing, final Geometry current) {
        final Geometry geometry = Geometry.of(sectors);
        page.word(IdentifyData.CYLINDERS, geometry.cylinders());
        page.word(IdentifyData.HEADS, geometry.heads());
        page.word(IdentifyData.SECTORS_PER_TRACK, geometry.sectorsPerTrack());
        page.word(IdentifyData.CURRENT_CYLINDERS, current.cylinders());
        page.word(IdentifyData.CURRENT_CYLINDERS + 1, current.heads());
        page.word(IdentifyData.CURRENT_CYLINDERS + 2, current.sectorsPerTrack());
        page.number(IdentifyData.CURRENT_CYLINDERS + 3, 2, current.sectors());
        if (addressing != Addressing.CHS) {
            page.number(IdentifyData.LBA28_SECTORS, 2, Math.min(sectors, LBA28_LIMIT));
        }
        if (addressing == Addressing.LBA48) {
            page.number(IdentifyData.LBA48_SECTORS, 4, sectors);
        }
    }

    private static void modes(
            final IdentifyData page, final Addressing addressing, final DriveSettings settings) {
        page.word(IdentifyData.MAX_MULTIPLE, MULTIPLE_MARKER | DriveSettings.MAX_MULTIPLE);
        if (settings.multiple() > 0) {
            page.word(IdentifyData.MULTIPLE, IdentifyData.MULTIPLE_VALID | settings.multiple());
        }
        page.word(
                IdentifyData.CAPABILITY,
                CAN_WAIT
                        | IdentifyData.CAN_DMA
                        | (addressing == Addressing.CHS ? 0 : IdentifyData.CAN_LBA));
        page.word(IdentifyData.VALIDITY, IdentifyData.ALL_VALID);
        page.word(IdentifyData.OLD_PIO_MODE, PIO_2);
        page.word(IdentifyData.PIO_MODES, PIO_3_AND_4);
        for (int i = 0; i < CYCLE_WORDS; i++) {
            page.word(IdentifyData.CYCLE_NANOS + i, FASTEST_CYCLE_NANOS);
        }
        page.word(
                IdentifyData.MULTIWORD_DMA,
                settings.multiwordInUse() << Byte.SIZE
                        | modesUpTo(DriveSettings.MAX_MULTIWORD_DMA));
        page.word(
                IdentifyData.ULTRA_DMA,
                settings.ultraInUse() << Byte.SIZE | modesUpTo(DriveSettings.MAX_ULTRA_DMA));
        page.word(IdentifyData.RESET_RESULT, CABLE_OF_80_AND_DEVICE_0);
    }

    private static int modesUpTo(final int mode) {
        return (1 << (mode + 1)) - 1;
    }

    private static void features(
            final IdentifyData page, final Addressing addressing, final DriveSettings settings) {
        final boolean isExtended = addressing == Addressing.LBA48;
        final int first =
                IdentifyData.FEATURE_POWER
                        | IdentifyData.FEATURE_WRITE_CACHE
                        | IdentifyData.FEATURE_LOOK_AHEAD;
        final int second =
                IdentifyData.FEATURES_VALID
                        | IdentifyData.FEATURE_FLUSH
                        | (isExtended
                                ? IdentifyData.FEATURE_LBA48 | IdentifyData.FEATURE_FLUSH_EXT
                                : 0);
        final int third =
                IdentifyData.FEATURES_VALID
                        | (isExtended ? IdentifyData.FEATURE_FORCE_UNIT_ACCESS : 0);
        page.word(IdentifyData.MAJOR_VERSION, ATA_1_TO_6);
        page.word(IdentifyData.FEATURES_KNOWN, first);
        page.word(IdentifyData.FEATURES_KNOWN + 1, second);
        page.word(IdentifyData.FEATURES_KNOWN + 2, third);
        page.word(
                IdentifyData.FEATURES_ON,
                IdentifyData.FEATURE_POWER
                        | (settings.isWriteCacheOn() ? IdentifyData.FEATURE_WRITE_CACHE : 0)
                        | (settings.isLookAheadOn() ? IdentifyData.FEATURE_LOOK_AHEAD : 0));
        page.word(IdentifyData.FEATURES_ON + 1, second & ~IdentifyData.FEATURES_VALID);
        page.word(IdentifyData.FEATURES_ON + 2, third);
    }
}
