package io.ringside.emulated.ide.backend;

import io.ringside.emulated.ide.protocol.Addressing;
import io.ringside.emulated.ide.protocol.AtaCommand;
import io.ringside.emulated.ide.protocol.AtaStatus;
import io.ringside.emulated.ide.protocol.Geometry;
import io.ringside.emulated.ide.protocol.SetFeatures;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;

/**
 * What the drive does for each command code. Codes that it does not know are aborted.
 *
 * <p>A command is checked in full before anything moves: first that there is such a command for
 * this drive, then that it may write, then that all of its sectors exist.
 */
final class CommandSet {
    private final TaskFileRegisters registers;
    private final DriveStatus drive;
    private final Medium medium;
    private final PioTransfer pio;
    private final DmaTransfer dma;
    private final Verify verify;
    private final Flush flush;
    private final DriveSettings settings;
    private final IdentifyPage identifyPage;
    private final Addressing addressing;

    CommandSet(
            final DriveIdentity identity,
            final TaskFileRegisters registers,
            final DriveStatus drive,
            final BusMaster engine,
            final Medium medium,
            final Vcpu vcpu,
            final GuestMemory memory) {
        this.registers = registers;
        this.drive = drive;
        this.medium = medium;
        this.flush = new Flush(medium, drive);
        this.verify = new Verify(medium, drive);
        this.pio = new PioTransfer(medium, drive, flush, vcpu);
        this.dma = new DmaTransfer(medium, drive, engine, flush, vcpu, memory);
        this.settings = new DriveSettings(Geometry.of(medium.sectors()));
        this.identifyPage = new IdentifyPage(identity, medium.sectors());
        this.addressing = identity.addressing();
    }

    PioTransfer pio() {
        return pio;
    }

    DmaTransfer dma() {
        return dma;
    }

    /** The sector that the task file names for a command; anything at all if it needs none. */
    long firstSector(final int code) {
        final boolean isExtended = (AtaCommand.traits(code) & AtaCommand.EXTENDED) != 0;
        return registers.firstSector(isExtended, settings.geometry());
    }

    /** A reset: what runs is forgotten. */
    void cancel() {
        pio.cancel();
        dma.cancel();
        medium.drop();
    }

    void execute(final int code) {
        final int traits = AtaCommand.traits(code);
        if (traits != 0) {
            transfer(traits);
            return;
        }
        switch (code) {
            case AtaCommand.IDENTIFY -> {
                identifyPage.write(medium.buffer(), settings);
                pio.showBuffer();
            }
            case AtaCommand.VERIFY -> verify(false);
            case AtaCommand.VERIFY_EXT -> verify(true);
            case AtaCommand.FLUSH_CACHE -> flush.begin();
            case AtaCommand.FLUSH_CACHE_EXT -> {
                if (addressing == Addressing.LBA48) {
                    flush.begin();
                } else {
                    drive.refuse(AtaStatus.ABORTED);
                }
            }
            case AtaCommand.SET_FEATURES -> accept(setFeature());
            case AtaCommand.SET_MULTIPLE -> accept(settings.multiple(registers.countRegister()));
            case AtaCommand.INITIALIZE_PARAMETERS -> accept(setGeometry());
            case AtaCommand.CHECK_POWER -> {
                registers.answer(settings.powerMode());
                drive.done();
            }
            case AtaCommand.IDLE, AtaCommand.IDLE_IMMEDIATE -> power(DriveSettings.POWER_IDLE);
            case AtaCommand.STANDBY, AtaCommand.STANDBY_IMMEDIATE ->
                    power(DriveSettings.POWER_STANDBY);
            case AtaCommand.DIAGNOSE -> {
                registers.sign();
                drive.select(true);
                drive.passedDiagnostic();
                drive.interrupt();
            }
            default -> drive.refuse(AtaStatus.ABORTED);
        }
    }

    private void transfer(final int traits) {
        final boolean isExtended = (traits & AtaCommand.EXTENDED) != 0;
        final boolean isMultiple = (traits & AtaCommand.MULTIPLE) != 0;
        final boolean writes = (traits & AtaCommand.WRITES) != 0;
        if (isMultiple && settings.multiple() == 0) {
            drive.refuse(AtaStatus.ABORTED);
            return;
        }
        if (!sectorsAreThere(isExtended)) {
            return;
        }
        if (writes && medium.isReadOnly()) {
            drive.refuseWrite();
            return;
        }
        settings.powerMode(DriveSettings.POWER_ACTIVE);
        final long sector = registers.firstSector(isExtended, settings.geometry());
        final int sectors = registers.sectors(isExtended);
        final boolean flushAtEnd =
                writes
                        && (!settings.isWriteCacheOn()
                                || (traits & AtaCommand.FORCE_UNIT_ACCESS) != 0);
        final int blockSectors = isMultiple ? settings.multiple() : 1;
        if ((traits & AtaCommand.DMA) != 0) {
            dma.begin(sector, sectors, writes, flushAtEnd);
        } else if (writes) {
            pio.beginWrite(sector, sectors, blockSectors, flushAtEnd);
        } else {
            pio.beginRead(sector, sectors, blockSectors);
        }
    }

    /** Whether all sectors of the command exist; if not, the command has been refused. */
    private boolean sectorsAreThere(final boolean isExtended) {
        if (isExtended
                ? addressing != Addressing.LBA48 || !registers.isLba()
                : addressing == Addressing.CHS && registers.isLba()) {
            drive.refuse(AtaStatus.ABORTED);
            return false;
        }
        final long sector = registers.firstSector(isExtended, settings.geometry());
        final int sectors = registers.sectors(isExtended);
        if (sector == TaskFileRegisters.NO_SECTOR || sectors > medium.sectors() - sector) {
            drive.refuse(AtaStatus.ID_NOT_FOUND);
            return false;
        }
        return true;
    }

    private void verify(final boolean isExtended) {
        if (sectorsAreThere(isExtended)) {
            settings.powerMode(DriveSettings.POWER_ACTIVE);
            verify.begin(
                    registers.firstSector(isExtended, settings.geometry()),
                    registers.sectors(isExtended));
        }
    }

    private boolean setFeature() {
        switch (registers.feature()) {
            case SetFeatures.TRANSFER_MODE -> {
                return settings.transferMode(registers.countRegister());
            }
            case SetFeatures.WRITE_CACHE_ON -> settings.writeCache(true);
            case SetFeatures.WRITE_CACHE_OFF -> settings.writeCache(false);
            case SetFeatures.LOOK_AHEAD_ON -> settings.lookAhead(true);
            case SetFeatures.LOOK_AHEAD_OFF -> settings.lookAhead(false);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean setGeometry() {
        final int sectorsPerTrack = registers.countRegister();
        if (sectorsPerTrack == 0) {
            return false;
        }
        settings.geometry(Geometry.of(medium.sectors(), registers.head() + 1, sectorsPerTrack));
        return true;
    }

    private void accept(final boolean accepted) {
        if (accepted) {
            drive.done();
        } else {
            drive.refuse(AtaStatus.ABORTED);
        }
    }

    private void power(final int mode) {
        settings.powerMode(mode);
        drive.done();
    }
}
