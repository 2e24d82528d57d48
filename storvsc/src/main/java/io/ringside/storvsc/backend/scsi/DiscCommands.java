package io.ringside.storvsc.backend.scsi;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import io.ringside.storvsc.protocol.scsi.Cdb;
import io.ringside.storvsc.protocol.scsi.SenseData;
import io.ringside.storvsc.protocol.scsi.SenseKey;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Commands of a drive, and of start and stop: what is in it, what it can do with that, and how it
 * comes out. A disc has one session with one track of data.
 *
 * <p>Threads: one. Source: MMC-6.
 */
final class DiscCommands {
    /** Event of the disc: it came. */
    static final int NEW_MEDIUM = 2;

    /** Event of the disc: it went. */
    static final int MEDIUM_REMOVED = 3;

    private static final int START = 0x01;
    private static final int LOAD_OR_EJECT = 0x02;
    private static final int LOAD_BIT = 1;
    private static final int MINUTES_SECONDS = 0x02;
    private static final int OLD_FORMAT_SHIFT = 6;
    private static final int TOC_FORMAT_MASK = 0x0f;
    private static final int DATA_TRACK = 0x14;
    private static final int LEAD_OUT = 0xaa;
    private static final int FRAMES_PER_SECOND = 75;
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int LEAD_IN_FRAMES = 150;
    private static final int PROFILE_DVD_ROM = 0x0010;
    private static final int PROFILE_CD_ROM = 0x0008;
    private static final int POLLED = 0x01;
    private static final int MEDIA_CLASS_MASK = 0x10;
    private static final int MEDIA_CLASS = 4;
    private static final int NO_EVENT = 0x80;
    private static final int DISC_INFORMATION_BYTES = 34;

    private final UnitState unit;

    DiscCommands(final UnitState unit) {
        this.unit = unit;
    }

    /** A disk starts and stops; a drive takes its disc in and lets it out as well. */
    void startStop(final ScsiTask task) {
        final int asked = task.cdb().u8(4);
        final boolean starts = (asked & START) != 0;
        if ((asked & LOAD_OR_EJECT) == 0) {
            if (starts && !unit.isLoaded()) {
                notPresent(task);
                return;
            }
            unit.stopped(!starts);
            task.good();
        } else if (unit.identity.isDisk()) {
            task.invalidField(4, LOAD_BIT);
        } else if (starts) {
            load(task);
        } else {
            eject(task);
        }
    }

    private void load(final ScsiTask task) {
        if (!unit.hasStore()) {
            notPresent(task);
            return;
        }
        if (unit.isTrayOpen()) {
            unit.trayOpen(false);
            unit.attendAll(AdditionalSense.MEDIUM_MAY_HAVE_CHANGED, task.nexus());
            tell(NEW_MEDIUM);
        }
        unit.stopped(false);
        task.good();
    }

    private void eject(final ScsiTask task) {
        if (unit.isRemovalPrevented()) {
            task.condition(SenseKey.ILLEGAL_REQUEST, AdditionalSense.MEDIUM_REMOVAL_PREVENTED);
            return;
        }
        if (!unit.isTrayOpen()) {
            unit.trayOpen(true);
            tell(MEDIUM_REMOVED);
        }
        task.good();
    }

    /** Tells every initiator that asks what happened to the disc. */
    void tell(final int event) {
        for (final Nexus nexus : unit.nexuses) {
            if (nexus != null) {
                nexus.mediaEvent(event);
            }
        }
    }

    private static void notPresent(final ScsiTask task) {
        task.condition(SenseKey.NOT_READY, AdditionalSense.MEDIUM_NOT_PRESENT);
    }

    /** The format may stand where it stood before MMC-2: Linux asks for the last session so. */
    void readToc(final ScsiTask task) {
        final Cdb cdb = task.cdb();
        final UnsafeBuffer answer = unit.scratch;
        final boolean inTime = cdb.has(1, MINUTES_SECONDS);
        final int firstTrack = cdb.u8(6);
        final int named = cdb.u8(2) & TOC_FORMAT_MASK;
        final int format = named != 0 ? named : cdb.u8(9) >> OLD_FORMAT_SHIFT;
        if (format > 1) {
            task.invalidField(2, 3);
            return;
        }
        answer.putByte(2, (byte) 1);
        answer.putByte(3, (byte) 1);
        int at = 4;
        if (format == 1) {
            at = putTrack(answer, at, 1, 0, inTime);
        } else if (firstTrack > 1 && firstTrack != LEAD_OUT) {
            task.invalidField(6, SenseData.WHOLE_BYTE);
            return;
        } else {
            if (firstTrack <= 1) {
                at = putTrack(answer, at, 1, 0, inTime);
            }
            at = putTrack(answer, at, LEAD_OUT, unit.blockCount(), inTime);
        }
        answer.putShort(0, (short) (at - 2), BIG_ENDIAN);
        task.answer(answer, at, cdb.u16(7));
    }

    private static int putTrack(
            final UnsafeBuffer answer,
            final int offset,
            final int track,
            final long block,
            final boolean inTime) {
        answer.putByte(offset, (byte) 0);
        answer.putByte(offset + 1, (byte) DATA_TRACK);
        answer.putByte(offset + 2, (byte) track);
        answer.putByte(offset + 3, (byte) 0);
        if (inTime) {
            final long frames = block + LEAD_IN_FRAMES;
            final long seconds = frames / FRAMES_PER_SECOND;
            answer.putByte(offset + 4, (byte) 0);
            answer.putByte(offset + 5, (byte) Math.min(0xff, seconds / SECONDS_PER_MINUTE));
            answer.putByte(offset + 6, (byte) (seconds % SECONDS_PER_MINUTE));
            answer.putByte(offset + 7, (byte) (frames % FRAMES_PER_SECOND));
        } else {
            answer.putInt(offset + 4, (int) block, BIG_ENDIAN);
        }
        return offset + 8;
    }

    /** Features from a number on: all, those that are current, or exactly that one. */
    void getConfiguration(final ScsiTask task) {
        final Cdb cdb = task.cdb();
        final int how = cdb.u8(1) & 3;
        final int from = cdb.u16(2);
        if (how > 2) {
            task.invalidField(1, 1);
            return;
        }
        final UnsafeBuffer answer = unit.scratch;
        answer.setMemory(0, 8, (byte) 0);
        final boolean loaded = unit.isLoaded();
        answer.putShort(6, (short) (loaded ? PROFILE_DVD_ROM : 0), BIG_ENDIAN);
        int at = 8;
        if (isWanted(0x0000, true, how, from)) {
            final int start = at;
            at = putFeature(answer, at, 0x0000, 0x03, 8);
            answer.putShort(start + 4, (short) PROFILE_DVD_ROM, BIG_ENDIAN);
            answer.putByte(start + 6, (byte) (loaded ? 1 : 0));
            answer.putShort(start + 8, (short) PROFILE_CD_ROM, BIG_ENDIAN);
        }
        if (isWanted(0x0001, true, how, from)) { // core
            final int start = at;
            at = putFeature(answer, at, 0x0001, 0x0b, 8);
            answer.putInt(start + 4, 1, BIG_ENDIAN); // SCSI
        }
        if (isWanted(0x0003, true, how, from)) { // removable medium: tray, lock and eject
            final int start = at;
            at = putFeature(answer, at, 0x0003, 0x03, 4);
            answer.putByte(start + 4, (byte) 0x29);
        }
        if (isWanted(0x0010, loaded, how, from)) { // random readable
            final int start = at;
            at = putFeature(answer, at, 0x0010, loaded ? 0x01 : 0x00, 8);
            answer.putInt(start + 4, unit.blockBytes(), BIG_ENDIAN);
            answer.putShort(start + 8, (short) 16, BIG_ENDIAN);
        }
        if (isWanted(0x001f, loaded, how, from)) { // DVD read
            at = putFeature(answer, at, 0x001f, loaded ? 0x01 : 0x00, 4);
        }
        answer.putInt(0, at - 4, BIG_ENDIAN);
        task.answer(answer, at, cdb.u16(7));
    }

    private static boolean isWanted(
            final int feature, final boolean isCurrent, final int how, final int from) {
        return switch (how) {
            case 0 -> feature >= from;
            case 1 -> feature >= from && isCurrent;
            default -> feature == from;
        };
    }

    private static int putFeature(
            final UnsafeBuffer answer,
            final int offset,
            final int feature,
            final int flags,
            final int bodyBytes) {
        answer.setMemory(offset, 4 + bodyBytes, (byte) 0);
        answer.putShort(offset, (short) feature, BIG_ENDIAN);
        answer.putByte(offset + 2, (byte) flags);
        answer.putByte(offset + 3, (byte) bodyBytes);
        return offset + 4 + bodyBytes;
    }

    void getEventStatus(final ScsiTask task) {
        final Cdb cdb = task.cdb();
        if (!cdb.has(1, POLLED)) {
            task.invalidField(1, 0);
            return;
        }
        final UnsafeBuffer answer = unit.scratch;
        answer.setMemory(0, 8, (byte) 0);
        answer.putByte(3, (byte) MEDIA_CLASS_MASK);
        if (!cdb.has(4, MEDIA_CLASS_MASK)) {
            answer.putShort(0, (short) 2, BIG_ENDIAN);
            answer.putByte(2, (byte) NO_EVENT);
            task.answer(answer, 4, cdb.u16(7));
            return;
        }
        answer.putShort(0, (short) 6, BIG_ENDIAN);
        answer.putByte(2, (byte) MEDIA_CLASS);
        answer.putByte(4, (byte) task.nexus().takeMediaEvent());
        answer.putByte(5, (byte) ((unit.isLoaded() ? 2 : 0) | (unit.isTrayOpen() ? 1 : 0)));
        task.answer(answer, 8, cdb.u16(7));
    }

    /** A finished disc of one session with one track. */
    void readDiscInformation(final ScsiTask task) {
        if ((task.cdb().u8(1) & 7) != 0) {
            task.invalidField(1, 2);
            return;
        }
        final UnsafeBuffer answer = unit.scratch;
        answer.setMemory(0, DISC_INFORMATION_BYTES, (byte) 0);
        answer.putShort(0, (short) (DISC_INFORMATION_BYTES - 2), BIG_ENDIAN);
        answer.putByte(2, (byte) 0x0e); // last session and disc complete
        answer.putByte(3, (byte) 1);
        answer.putByte(4, (byte) 1);
        answer.putByte(5, (byte) 1);
        answer.putByte(6, (byte) 1);
        answer.putByte(7, (byte) 0x20); // unrestricted use
        answer.putInt(16, -1, BIG_ENDIAN);
        answer.putInt(20, -1, BIG_ENDIAN);
        task.answer(answer, DISC_INFORMATION_BYTES, task.cdb().u16(7));
    }

    void mechanismStatus(final ScsiTask task) {
        final UnsafeBuffer answer = unit.scratch;
        answer.setMemory(0, 8, (byte) 0);
        answer.putByte(1, (byte) (unit.isTrayOpen() ? 0x10 : 0));
        task.answer(answer, 8, task.cdb().u16(8));
    }
}
