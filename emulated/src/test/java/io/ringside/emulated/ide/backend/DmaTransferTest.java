package io.ringside.emulated.ide.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.emulated.ide.IdeMachine;
import io.ringside.emulated.ide.MoodyStore;
import io.ringside.emulated.ide.protocol.AtaCommand;
import io.ringside.emulated.ide.protocol.AtaRegisters;
import io.ringside.emulated.ide.protocol.AtaStatus;
import io.ringside.emulated.ide.protocol.BusMasterRegisters;
import io.ringside.emulated.ide.protocol.PrdEntry;
import io.ringside.testkit.Seed;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DmaTransferTest {
    private static final int TABLE = 4096;
    private static final int DATA = 0x10000;
    private static final int IDLE = 0x50;
    private static final int FAILED = 0x51;
    private static final int ACTIVE = BusMasterRegisters.ACTIVE;
    private static final int ERROR = BusMasterRegisters.ERROR;
    private static final int INTERRUPT = BusMasterRegisters.INTERRUPT;
    private static final int MEMORY_BYTES = IdeMachine.FRAMES * 4096;

    private final MoodyStore store = MoodyStore.prompt(4096);
    private final IdeMachine machine = IdeMachine.with(store);
    private final PrdEntry table = machine.table(TABLE, PrdEntry.MAX_ENTRIES);

    @BeforeEach
    void fill() {
        machine.unmask();
        for (int i = 0; i < store.bytes().length; i++) {
            store.bytes()[i] = (byte) (i * 31 + (i >> 9));
        }
    }

    @AfterEach
    void close() {
        machine.close();
    }

    @Test
    void movesStraightBetweenMediumAndGuestMemory() {
        table.put(0, DATA, 1024, false);
        table.put(1, DATA + 8192, 512, true);
        run(AtaCommand.READ_DMA, 10, 3, true);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(machine.engineStatus()).isEqualTo(INTERRUPT);
        assertThat(machine.takeInterrupt()).isTrue();
        assertThat(guest(DATA, 1024)).isEqualTo(medium(10 * 512, 1024));
        assertThat(guest(DATA + 8192, 512)).isEqualTo(medium(12 * 512, 512));
        machine.bytes().setMemory(DATA, 1024, (byte) 7);
        run(AtaCommand.WRITE_DMA, 99, 2, false);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(medium(99 * 512, 1024)).containsOnly(7);
        assertThat(machine.vcpu().bytesCopied()).as("the model copies nothing").isZero();
    }

    @Test
    void waitsForTheEngineOrTheEngineForTheDrive() {
        table.put(0, DATA, 512, true);
        machine.engine(TABLE, true);
        machine.start(true);
        assertThat(machine.engineStatus()).isEqualTo(ACTIVE);
        machine.command(AtaCommand.READ_DMA, 3, 1);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(guest(DATA, 512)).isEqualTo(medium(3 * 512, 512));
        machine.command(AtaCommand.READ_DMA, 4, 1);
        machine.disk().doWork();
        assertThat(machine.alternateStatus())
                .as("an engine that has run does not run again by itself")
                .isEqualTo(AtaStatus.BUSY);
        machine.start(false);
        machine.start(true);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(guest(DATA, 512)).isEqualTo(medium(4 * 512, 512));
    }

    @Test
    void takesACountOfZeroFor64KibAndAsManySectorsAs16BitsCount() {
        table.put(0, DATA, 65536, false);
        table.put(1, DATA + 65536, 65536, true);
        machine.engine(TABLE, true);
        machine.extendedCommand(AtaCommand.READ_DMA_EXT, 1000, 256);
        machine.start(true);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(store.seen()).containsExactly("READ 1000+256");
        assertThat(guest(DATA, 131072)).isEqualTo(medium(1000 * 512, 131072));
    }

    @Test
    void leavesTheEngineActiveWhenTheTableIsLonger() {
        table.put(0, DATA, 1024, true);
        run(AtaCommand.READ_DMA, 0, 1, true);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(machine.engineStatus()).isEqualTo(INTERRUPT | ACTIVE);
        assertThat(guest(DATA + 512, 512)).containsOnly(0);
        machine.start(false);
        assertThat(machine.engineStatus()).isEqualTo(INTERRUPT);
        table.put(0, DATA, 512, false);
        table.put(1, DATA, 512, true);
        run(AtaCommand.READ_DMA, 0, 1, true);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(machine.engineStatus()).isEqualTo(INTERRUPT | ACTIVE);
    }

    @Test
    void leavesTheDriveWaitingWhenTheTableIsShorter() {
        table.put(0, DATA, 512, false);
        table.put(1, DATA + 512, 1000, true);
        run(AtaCommand.READ_DMA, 20, 8, true);
        machine.quiet();
        assertThat(machine.alternateStatus()).isEqualTo(AtaStatus.BUSY);
        assertThat(machine.engineStatus()).as("not active, and no interrupt").isZero();
        assertThat(machine.takeInterrupt()).isFalse();
        assertThat(guest(DATA, 1024)).isEqualTo(medium(20 * 512, 1024));
        assertThat(guest(DATA + 1024, 512)).as("a broken sector is not moved").containsOnly(0);
        reset();
        table.put(0, DATA, 2, true);
        run(AtaCommand.WRITE_DMA, 20, 8, false);
        machine.quiet();
        assertThat(machine.alternateStatus()).isEqualTo(AtaStatus.BUSY);
        assertThat(machine.engineStatus()).isZero();
        reset();
    }

    @Test
    void gathersPiecesThatAreNoWholeSectors() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int run = 0; run < 50; run++) {
            final int sectors = 1 + random.nextInt(256);
            final int entries = layOut(random, sectors * 512);
            final byte[] expected = medium(run * 512, sectors * 512);
            run(AtaCommand.READ_DMA, run, sectors, true);
            assertThat(machine.settle()).as(seed.toString()).isEqualTo(IDLE);
            assertThat(gather(entries)).as(seed.toString()).isEqualTo(expected);
            run(AtaCommand.WRITE_DMA, 2000 + run, sectors, false);
            assertThat(machine.settle()).as(seed.toString()).isEqualTo(IDLE);
            assertThat(machine.engineStatus() & (ACTIVE | ERROR)).as(seed.toString()).isZero();
            assertThat(medium((2000 + run) * 512, sectors * 512))
                    .as(seed.toString())
                    .isEqualTo(expected);
        }
        assertThat(machine.vcpu().bytesCopied()).isPositive();
    }

    /** Cuts a transfer into even pieces of guest memory, in an order of their own. */
    private int layOut(final SplittableRandom random, final int totalBytes) {
        final int largest = Math.max(2, totalBytes / 32);
        int left = totalBytes;
        int address = DATA + 2 * random.nextInt(100);
        int index = 0;
        while (left > 0) {
            int length = Math.min(left, 2 + 2 * random.nextInt(largest));
            length = Math.min(length, 0x10000 - address % 0x10000);
            if (index == PrdEntry.MAX_ENTRIES - 1) {
                throw new IllegalStateException("more pieces than planned: left=" + left);
            }
            left -= length;
            table.put(index, address, length, left == 0);
            address += length + 2 * random.nextInt(100);
            index++;
        }
        return index;
    }

    private byte[] gather(final int entries) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < entries; i++) {
            all.writeBytes(guest((int) table.address(i), table.lengthBytes(i)));
        }
        return all.toByteArray();
    }

    @Test
    void refusesTablesThatLeadOutOfMemoryOrOverABoundary() {
        refused(() -> table.put(0, MEMORY_BYTES, 512, true), TABLE, 1);
        refused(() -> table.put(0, MEMORY_BYTES - 512, 1024, true), TABLE, 2);
        refused(() -> table.put(0, 0xFFFF_FE00L, 512, true), TABLE, 1);
        refused(() -> table.put(0, 0xFFFF_FFFEL, 65536, true), TABLE, 1);
        refused(() -> table.put(0, DATA + 65536 - 512, 1024, true), TABLE, 2);
        refused(() -> {}, MEMORY_BYTES, 1);
        refused(() -> {}, 0xFFFF_FFFCL, 1);
        refused(
                () -> {
                    table.put(0, DATA, 512, false);
                    table.put(1, MEMORY_BYTES, 512, true);
                },
                TABLE,
                2);
        // The first entry is the last in memory: the second is not there.
        refused(
                () -> machine.table(MEMORY_BYTES - 8, 1).put(0, DATA, 512, false),
                MEMORY_BYTES - 8,
                2);
        // The table itself crosses 64 KiB, once between entries and once within one.
        refused(
                () -> {
                    machine.table(0x20000 - 8, 2).put(0, DATA, 512, false);
                    machine.table(0x20000 - 8, 2).put(1, DATA, 512, true);
                },
                0x20000 - 8,
                2);
        refused(() -> machine.table(0x20000 - 4, 1).put(0, DATA, 512, true), 0x20000 - 4, 1);
        // 256 entries, and no end.
        refused(
                () -> {
                    for (int i = 0; i < PrdEntry.MAX_ENTRIES; i++) {
                        table.put(i, DATA, 2, false);
                    }
                },
                TABLE,
                2);
        assertThat(store.seen()).isEmpty();
    }

    @Test
    void refusesAnEngineThatRunsTheOtherWay() {
        table.put(0, DATA, 512, true);
        run(AtaCommand.READ_DMA, 0, 1, false);
        assertRefused(1);
        run(AtaCommand.WRITE_DMA, 0, 1, true);
        assertRefused(2);
        assertThat(store.seen()).isEmpty();
    }

    @Test
    void readsTheTableOnce() {
        table.put(0, DATA, 512, true);
        store.held(true);
        run(AtaCommand.READ_DMA, 1, 1, true);
        table.put(0, 0, 512, true);
        store.held(false);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(guest(DATA, 512)).isEqualTo(medium(512, 512));
        assertThat(guest(0, 512)).containsOnly(0);
    }

    @Test
    void staysActiveAfterAStopUntilTheStoreHasLetGo() {
        table.put(0, DATA, 512, true);
        store.held(true);
        run(AtaCommand.READ_DMA, 1, 1, true);
        machine.start(false);
        assertThat(machine.engineStatus()).isEqualTo(ACTIVE);
        assertThat(machine.alternateStatus()).isEqualTo(AtaStatus.BUSY);
        store.held(false);
        assertThat(machine.settle()).isEqualTo(FAILED);
        assertThat(machine.error()).isEqualTo(AtaStatus.ABORTED);
        assertThat(machine.engineStatus()).isEqualTo(INTERRUPT);
    }

    @Test
    void forgetsATransferInAResetAndStartsTheNextAfresh() {
        table.put(0, DATA, 512, true);
        store.held(true);
        run(AtaCommand.READ_DMA, 1, 1, true);
        machine.control(AtaRegisters.SOFT_RESET);
        machine.control(0);
        machine.start(false);
        assertThat(machine.engineStatus()).isEqualTo(ACTIVE);
        store.held(false);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(machine.engineStatus()).isZero();
        assertThat(machine.takeInterrupt()).isFalse();
        run(AtaCommand.READ_DMA, 2, 1, true);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(guest(DATA, 512)).isEqualTo(medium(2 * 512, 512));
        machine.command(AtaCommand.READ_DMA, 3, 1);
        reset();
        machine.start(true);
        machine.disk().doWork();
        assertThat(machine.alternateStatus()).as("nothing waits any more").isEqualTo(IDLE);
    }

    @Test
    void flushesBehindAWriteWithForceUnitAccess() {
        table.put(0, DATA, 512, true);
        machine.engine(TABLE, false);
        machine.extendedCommand(AtaCommand.WRITE_DMA_FUA_EXT, 8, 1);
        machine.start(true);
        assertThat(machine.settle()).isEqualTo(IDLE);
        assertThat(store.seen()).containsExactly("WRITE 8+1", "FLUSH 0+0");
    }

    @Test
    void tellsWhatTheMediumCouldNotDo() {
        store.failing(true);
        table.put(0, DATA, 512, true);
        run(AtaCommand.READ_DMA, 0, 1, true);
        assertThat(machine.settle()).isEqualTo(FAILED);
        assertThat(machine.error()).isEqualTo(AtaStatus.UNCORRECTABLE);
        assertThat(machine.takeInterrupt()).isTrue();
        assertThat(machine.engineStatus() & ERROR).as("memory was all right").isZero();
        run(AtaCommand.WRITE_DMA, 0, 1, false);
        assertThat(machine.settle()).isEqualTo(FAILED | AtaStatus.DEVICE_FAULT);
    }

    private void refused(final Runnable layOut, final long tableAddress, final int sectors) {
        final long before = machine.disk().refusedTables();
        layOut.run();
        machine.engine(tableAddress, true);
        machine.command(AtaCommand.READ_DMA, 0, sectors);
        machine.start(true);
        assertRefused(before + 1);
    }

    private void assertRefused(final long times) {
        assertThat(machine.disk().refusedTables()).isEqualTo(times);
        assertThat(machine.engineStatus()).isEqualTo(INTERRUPT | ERROR);
        assertThat(machine.takeInterrupt()).isTrue();
        assertThat(machine.status()).isEqualTo(FAILED);
        assertThat(machine.error()).isEqualTo(AtaStatus.ABORTED);
        machine.start(false);
        machine.io().outb(0xC002, 0xFF);
        assertThat(machine.engineStatus()).isEqualTo(BusMasterRegisters.SOFTWARE_BITS);
        machine.io().outb(0xC002, 0);
    }

    private void run(
            final int code, final int sector, final int sectors, final boolean towardsMemory) {
        machine.start(false);
        machine.io().outb(0xC002, INTERRUPT | ERROR);
        machine.engine(TABLE, towardsMemory);
        machine.command(code, sector, sectors);
        machine.start(true);
    }

    private void reset() {
        machine.start(false);
        machine.control(AtaRegisters.SOFT_RESET);
        machine.control(0);
        assertThat(machine.settle()).isEqualTo(IDLE);
    }

    private byte[] guest(final int address, final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        machine.bytes().getBytes(address, bytes);
        return bytes;
    }

    private byte[] medium(final int offset, final int lengthBytes) {
        return Arrays.copyOfRange(store.bytes(), offset, offset + lengthBytes);
    }
}
