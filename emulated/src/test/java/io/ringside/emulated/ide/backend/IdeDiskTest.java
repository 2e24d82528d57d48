package io.ringside.emulated.ide.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.emulated.ide.IdeMachine;
import io.ringside.emulated.ide.MoodyStore;
import io.ringside.emulated.ide.protocol.AtaCommand;
import io.ringside.emulated.ide.protocol.AtaRegisters;
import io.ringside.emulated.ide.protocol.AtaStatus;
import io.ringside.emulated.ide.protocol.BusMasterRegisters;
import io.ringside.emulated.ide.protocol.SetFeatures;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdeDiskTest {
    private static final int IDLE = 0x50;
    private static final int FAILED = 0x51;
    private static final int FAULT = 0x71;
    private static final int DATA = 0x58;
    private static final int SECTORS = 2048;
    private static final int PAGE = 4096;

    private final MoodyStore store = MoodyStore.prompt(SECTORS);
    private final IdeMachine machine = IdeMachine.with(store);

    @AfterEach
    void close() {
        machine.close();
    }

    @Test
    void showsTheSignatureOfADiskAfterAReset() {
        machine.write(AtaRegisters.LBA_MID, 0x14);
        machine.control(AtaRegisters.SOFT_RESET);
        assertThat(machine.alternateStatus()).isEqualTo(AtaStatus.BUSY);
        assertThat(machine.read(AtaRegisters.LBA_MID))
                .as("busy: every register reads as the status")
                .isEqualTo(AtaStatus.BUSY);
        machine.control(0);
        assertThat(machine.alternateStatus()).isEqualTo(IDLE);
        assertThat(machine.error()).isEqualTo(AtaRegisters.DIAGNOSTIC_PASSED);
        assertThat(machine.read(AtaRegisters.SECTOR_COUNT)).isEqualTo(1);
        assertThat(machine.read(AtaRegisters.LBA_LOW)).isEqualTo(1);
        assertThat(machine.read(AtaRegisters.LBA_MID)).isZero();
        assertThat(machine.read(AtaRegisters.LBA_HIGH)).isZero();
    }

    @Test
    void hasNoDeviceOne() {
        machine.unmask();
        machine.write(AtaRegisters.DEVICE, AtaRegisters.DEVICE_BASE | AtaRegisters.DEVICE_ONE);
        assertThat(machine.status()).isZero();
        assertThat(machine.alternateStatus()).isZero();
        machine.write(AtaRegisters.COMMAND, AtaCommand.IDENTIFY);
        assertThat(machine.status()).isZero();
        assertThat(machine.disk().ignoredWrites()).isEqualTo(1);
        assertThat(machine.takeInterrupt()).isFalse();
        machine.write(AtaRegisters.COMMAND, AtaCommand.DIAGNOSE);
        assertThat(machine.takeInterrupt()).as("device 0 obeys for both").isTrue();
        assertThat(machine.status()).isEqualTo(IDLE);
        assertThat(machine.error()).isEqualTo(AtaRegisters.DIAGNOSTIC_PASSED);
    }

    @Test
    void letsGoOfTheLineWhileDeviceOneIsSelected() {
        machine.unmask();
        machine.command(AtaCommand.CHECK_POWER, 0, 0);
        machine.write(AtaRegisters.DEVICE, AtaRegisters.DEVICE_ONE);
        assertThat(machine.status()).isZero();
        assertThat(machine.takeInterrupt()).isFalse();
        machine.write(AtaRegisters.DEVICE, 0);
        assertThat(machine.takeInterrupt()).isTrue();
    }

    @Test
    void readsBackTheOlderCopiesUntilTheNextWrite() {
        for (int register = AtaRegisters.SECTOR_COUNT;
                register <= AtaRegisters.LBA_HIGH;
                register++) {
            machine.write(register, 0x10 + register);
            machine.write(register, 0x20 + register);
        }
        machine.control(AtaRegisters.HIGH_ORDER);
        for (int register = AtaRegisters.SECTOR_COUNT;
                register <= AtaRegisters.LBA_HIGH;
                register++) {
            assertThat(machine.read(register)).isEqualTo(0x10 + register);
        }
        machine.write(AtaRegisters.FEATURE, 0);
        assertThat(machine.read(AtaRegisters.LBA_LOW)).isEqualTo(0x23);
    }

    @Test
    void acknowledgesTheInterruptByTheStatusAlone() {
        machine.unmask();
        machine.command(AtaCommand.CHECK_POWER, 0, 0);
        assertThat(machine.alternateStatus()).isEqualTo(IDLE);
        assertThat(machine.interrupts().isPending(14)).isTrue();
        assertThat(machine.engineStatus()).isEqualTo(BusMasterRegisters.INTERRUPT);
        assertThat(machine.status()).isEqualTo(IDLE);
        assertThat(machine.interrupts().isPending(14)).isFalse();
        machine.io().outb(0xC002, BusMasterRegisters.INTERRUPT);
        assertThat(machine.engineStatus()).isZero();
    }

    @Test
    void keepsTheLineDownWhileTheGuestWantsNoInterrupt() {
        machine.unmask();
        machine.control(AtaRegisters.NO_INTERRUPT);
        machine.command(AtaCommand.CHECK_POWER, 0, 0);
        assertThat(machine.takeInterrupt()).isFalse();
        assertThat(machine.engineStatus()).isZero();
        machine.control(0);
        assertThat(machine.takeInterrupt()).as("it was pending all the time").isTrue();
        machine.control(AtaRegisters.NO_INTERRUPT);
        machine.command(AtaCommand.CHECK_POWER, 0, 0);
        assertThat(machine.status()).isEqualTo(IDLE);
        machine.control(0);
        assertThat(machine.takeInterrupt()).as("the status has been read").isFalse();
    }

    @Test
    void readsSectorBySectorWithAnInterruptForEach() {
        machine.unmask();
        fillStore(40, 3);
        machine.command(AtaCommand.READ_SECTORS, 40, 3);
        for (int i = 0; i < 3; i++) {
            assertThat(machine.alternateStatus()).isEqualTo(AtaStatus.BUSY);
            assertThat(machine.takeInterrupt()).isFalse();
            assertThat(machine.settle()).isEqualTo(DATA);
            assertThat(machine.takeInterrupt()).isTrue();
            assertThat(machine.status()).isEqualTo(DATA);
            machine.fetch(PAGE + 512L * i, 512);
        }
        assertThat(machine.alternateStatus()).isEqualTo(IDLE);
        assertThat(machine.takeInterrupt()).as("none after the last block").isFalse();
        assertThat(guestBytes(PAGE, 3 * 512)).isEqualTo(storeBytes(40, 3));
        assertThat(machine.vcpu().bytesCopied()).isEqualTo(3 * 512);
        assertThat(store.seen()).containsExactly("READ 40+1", "READ 41+1", "READ 42+1");
    }

    @Test
    void writesTheFirstBlockWithoutAnInterruptAndTellsTheLast() {
        machine.unmask();
        machine.command(AtaCommand.SET_MULTIPLE, 0, 2);
        assertThat(machine.takeInterrupt()).isTrue();
        fillGuest(PAGE, 3 * 512);
        machine.command(AtaCommand.WRITE_MULTIPLE, 7, 3);
        assertThat(machine.alternateStatus()).isEqualTo(DATA);
        assertThat(machine.takeInterrupt()).isFalse();
        machine.send(PAGE, 2 * 512);
        assertThat(machine.alternateStatus()).isEqualTo(AtaStatus.BUSY);
        assertThat(machine.settle()).isEqualTo(DATA);
        assertThat(machine.takeInterrupt()).isTrue();
        assertThat(machine.status()).isEqualTo(DATA);
        machine.send(PAGE + 2 * 512, 512);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(machine.takeInterrupt()).isTrue();
        assertThat(storeBytes(7, 3)).isEqualTo(guestBytes(PAGE, 3 * 512));
        assertThat(store.seen()).containsExactly("WRITE 7+2", "WRITE 9+1");
    }

    @Test
    void givesTheDataPortIn16And32Bits() {
        fillStore(0, 1);
        machine.command(AtaCommand.READ_SECTORS, 0, 1);
        machine.settle();
        final byte[] sector = storeBytes(0, 1);
        assertThat(machine.io().inw(0x1F0)).isEqualTo(little(sector, 0, 2));
        assertThat(machine.io().inl(0x1F0)).isEqualTo(little(sector, 2, 4));
        machine.fetch(PAGE, 512);
        assertThat(guestBytes(PAGE, 506)).isEqualTo(Arrays.copyOfRange(sector, 6, 512));
        assertThat(guestBytes(PAGE + 506, 6)).as("the port has closed").containsOnly(0xFF);
        assertThat(machine.io().inw(0x1F0)).isEqualTo(0xFFFF);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        machine.unmask();
        int refused = 0;
        final int[] codes = {0x00, 0x08, 0x21, 0x50, 0xA0, 0xA1, 0xB0, 0xC7, 0xE6, 0xFF};
        for (final int code : codes) {
            machine.command(code, 0, 1);
            assertThat(machine.takeInterrupt()).isTrue();
            assertThat(machine.status()).as("code %x", code).isEqualTo(FAILED);
            assertThat(machine.error()).isEqualTo(AtaStatus.ABORTED);
            refused++;
            assertThat(machine.disk().refusedCommands()).isEqualTo(refused);
        }
        machine.command(AtaCommand.READ_MULTIPLE, 0, 1);
        assertThat(machine.status()).as("no block size was set").isEqualTo(FAILED);
        for (final int blockSectors : new int[] {3, 32, 255}) {
            machine.command(AtaCommand.SET_MULTIPLE, 0, blockSectors);
            assertThat(machine.status()).isEqualTo(FAILED);
        }
        for (final int mode : new int[] {0x02, 0x0D, 0x10, 0x23, 0x46, 0xFF}) {
            machine.setFeatures(SetFeatures.TRANSFER_MODE, mode, AtaCommand.SET_FEATURES);
            assertThat(machine.status()).as("mode %x", mode).isEqualTo(FAILED);
        }
        machine.setFeatures(0x42, 0, AtaCommand.SET_FEATURES);
        assertThat(machine.status()).isEqualTo(FAILED);
        assertThat(store.seen()).isEmpty();
    }

    @Test
    void findsNoSectorBehindTheEnd() {
        machine.command(AtaCommand.READ_SECTORS, SECTORS - 1, 1);
        assertThat(machine.settle()).isEqualTo(DATA);
        machine.fetch(PAGE, 512);
        machine.command(AtaCommand.READ_SECTORS, SECTORS - 1, 2);
        assertNotFound();
        machine.command(AtaCommand.WRITE_SECTORS, SECTORS, 1);
        assertNotFound();
        machine.command(AtaCommand.READ_DMA, SECTORS - 255, 0);
        assertNotFound();
        machine.command(AtaCommand.VERIFY, (1 << 28) - 1, 1);
        assertNotFound();
        machine.extendedCommand(AtaCommand.READ_DMA_EXT, (1L << 48) - 1, 0);
        assertNotFound();
        machine.extendedCommand(AtaCommand.READ_SECTORS_EXT, 1L << 24, 1);
        assertNotFound();
        machine.extendedCommand(AtaCommand.READ_SECTORS_EXT, 0, 0);
        assertNotFound();
        assertThat(store.seen()).hasSize(1);
    }

    @Test
    void failsWritesToAMediumThatTakesNone() {
        store.readOnly();
        machine.unmask();
        for (final int code : new int[] {AtaCommand.WRITE_SECTORS, AtaCommand.WRITE_DMA}) {
            machine.command(code, 0, 1);
            assertThat(machine.takeInterrupt()).isTrue();
            assertThat(machine.status()).isEqualTo(FAULT);
            assertThat(machine.error()).isEqualTo(AtaStatus.ABORTED);
        }
        machine.command(AtaCommand.READ_SECTORS, 0, 1);
        assertThat(machine.settle()).isEqualTo(DATA);
    }

    @Test
    void tellsWhatTheMediumCouldNotDo() {
        store.failing(true);
        machine.unmask();
        machine.command(AtaCommand.READ_SECTORS, 0, 1);
        assertThat(machine.settle()).isEqualTo(FAILED);
        assertThat(machine.takeInterrupt()).isTrue();
        assertThat(machine.error()).isEqualTo(AtaStatus.UNCORRECTABLE);
        machine.fetch(PAGE, 512);
        assertThat(guestBytes(PAGE, 512)).as("nothing of the buffer shows").containsOnly(0xFF);
        machine.command(AtaCommand.VERIFY, 0, 1);
        assertThat(machine.settle()).isEqualTo(FAILED);
        machine.command(AtaCommand.WRITE_SECTORS, 0, 1);
        machine.send(PAGE, 512);
        assertThat(machine.settle()).isEqualTo(FAULT);
        machine.command(AtaCommand.FLUSH_CACHE, 0, 0);
        assertThat(machine.settle()).isEqualTo(FAULT);
        assertThat(machine.error()).isEqualTo(AtaStatus.ABORTED);
        assertThat(machine.disk().refusedCommands()).as("not the guest's fault").isZero();
    }

    @Test
    void flushesBehindEachWriteWhenTheCacheIsOff() {
        machine.setFeatures(SetFeatures.WRITE_CACHE_OFF, 0, AtaCommand.SET_FEATURES);
        assertThat(machine.status()).isEqualTo(IDLE);
        machine.command(AtaCommand.WRITE_SECTORS, 5, 2);
        machine.send(PAGE, 512);
        assertThat(machine.settle()).isEqualTo(DATA);
        machine.send(PAGE, 512);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(store.seen()).containsExactly("WRITE 5+1", "WRITE 6+1", "FLUSH 0+0");
        store.seen().clear();
        machine.setFeatures(SetFeatures.WRITE_CACHE_ON, 0, AtaCommand.SET_FEATURES);
        machine.command(AtaCommand.WRITE_SECTORS, 5, 1);
        machine.send(PAGE, 512);
        assertThat(machine.settle()).isEqualTo(IDLE);
        machine.extendedCommand(AtaCommand.FLUSH_CACHE_EXT, 0, 0);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(store.seen()).containsExactly("WRITE 5+1", "FLUSH 0+0");
    }

    @Test
    void verifiesBufferByBufferAndShowsNothing() {
        machine.extendedCommand(AtaCommand.VERIFY_EXT, 100, 300);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(store.seen()).containsExactly("READ 100+128", "READ 228+128", "READ 356+44");
        assertThat(machine.vcpu().bytesCopied()).isZero();
    }

    @Test
    void answersItsPowerMode() {
        assertThat(powerMode()).isEqualTo(0xFF);
        machine.command(AtaCommand.STANDBY_IMMEDIATE, 0, 0);
        assertThat(powerMode()).isZero();
        machine.command(AtaCommand.IDLE, 0, 5);
        assertThat(powerMode()).isEqualTo(0x80);
        machine.command(AtaCommand.READ_SECTORS, 0, 1);
        machine.settle();
        machine.fetch(PAGE, 512);
        assertThat(powerMode()).isEqualTo(0xFF);
    }

    @Test
    void takesNothingWhileItIsBusyOrWaitsForData() {
        store.held(true);
        machine.command(AtaCommand.READ_SECTORS, 0, 1);
        machine.write(AtaRegisters.LBA_LOW, 0x77);
        machine.write(AtaRegisters.COMMAND, AtaCommand.IDENTIFY);
        assertThat(machine.disk().ignoredWrites()).isEqualTo(2);
        store.held(false);
        assertThat(machine.settle()).isEqualTo(DATA);
        machine.write(AtaRegisters.COMMAND, AtaCommand.WRITE_SECTORS);
        assertThat(machine.disk().ignoredWrites()).isEqualTo(3);
        assertThat(machine.read(AtaRegisters.LBA_LOW)).isZero();
        machine.fetch(PAGE, 512);
        assertThat(machine.status()).isEqualTo(IDLE);
    }

    @Test
    void staysBusyInAResetUntilTheStoreHasLetGo() {
        machine.unmask();
        store.held(true);
        machine.command(AtaCommand.READ_SECTORS, 0, 4);
        machine.control(AtaRegisters.SOFT_RESET);
        machine.control(0);
        machine.disk().doWork();
        assertThat(machine.alternateStatus()).isEqualTo(AtaStatus.BUSY);
        assertThat(machine.disk().isQuiet()).isFalse();
        store.held(false);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(machine.disk().isQuiet()).isTrue();
        assertThat(machine.takeInterrupt()).as("a reset tells nobody").isFalse();
        machine.command(AtaCommand.READ_SECTORS, 0, 1);
        assertThat(machine.settle()).isEqualTo(DATA);
    }

    private int powerMode() {
        machine.command(AtaCommand.CHECK_POWER, 0, 0);
        return machine.read(AtaRegisters.SECTOR_COUNT);
    }

    private void assertNotFound() {
        assertThat(machine.settle()).isEqualTo(FAILED);
        assertThat(machine.error()).isEqualTo(AtaStatus.ID_NOT_FOUND);
    }

    private void fillStore(final int sector, final int sectors) {
        for (int i = sector * 512; i < (sector + sectors) * 512; i++) {
            store.bytes()[i] = (byte) (i * 31 + (i >> 9));
        }
    }

    private void fillGuest(final int address, final int lengthBytes) {
        for (int i = 0; i < lengthBytes; i++) {
            machine.bytes().putByte(address + i, (byte) (i * 13 + (i >> 9)));
        }
    }

    private byte[] guestBytes(final int address, final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        machine.bytes().getBytes(address, bytes);
        return bytes;
    }

    private byte[] storeBytes(final int sector, final int sectors) {
        return Arrays.copyOfRange(store.bytes(), sector * 512, (sector + sectors) * 512);
    }

    private static long little(final byte[] bytes, final int offset, final int lengthBytes) {
        long value = 0;
        for (int i = 0; i < lengthBytes; i++) {
            value |= (bytes[offset + i] & 0xFFL) << (8 * i);
        }
        return value;
    }
}
