package io.ringside.emulated.ide.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import io.ringside.emulated.ide.IdeMachine;
import io.ringside.emulated.ide.backend.DriveIdentity;
import io.ringside.emulated.trap.StringIo;
import io.ringside.hypervisor.Crossing;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How many exits and interrupts an operation takes, access by access.
 *
 * <p>Every command: 1 read of the alternate status (is the drive free?), 6 writes of the task file
 * (feature, count, three of LBA, device; 5 more if extended), 1 write of the command: 8, or 13.
 *
 * <p>Every interrupt of line 14: 2 writes, one end of interrupt for each controller.
 *
 * <p>PIO, for each block of 1 or 16 sectors: 1 read of the status, the end of the interrupt, and
 * the data: 1 exit for each piece of memory (a page at most) or, per word, 256 for each sector. A
 * read then looks once more at the alternate status, since nothing tells of the last block; a write
 * looks there before the first. So a read or write of {@code b} blocks in {@code p} pieces is
 * {@code 8 + 3b + p + 1}.
 *
 * <p>DMA, whatever the size: 1 write of the table, 2 for the direction and 2 for the start (each a
 * read and a write of the engine's command), the 8 of every command; on the interrupt 1 read of the
 * engine's status, 2 for the stop, 1 write to clear it, 1 read of the status, 2 ends: 20, of which
 * the last 2 are the acknowledgement. That is within the 17 to 22, and acknowledgement, of the
 * derivation in costs.md.
 *
 * <p>Flush: 1 look, device and command, 1 status, 2 ends: 6.
 */
class ExitCountTest {
    private static final int FIRST_FRAME = 64;
    private static final long SECTORS = 1L << 29;

    @ParameterizedTest
    @CsvSource({
        // mode, operation, bytes, exits, interrupts
        "PIO,          READ,     512,   13,   1", // 8 + 3 * 1 + 1 + 1
        "PIO,          WRITE,    512,   13,   1",
        "PIO,          READ,    4096,   41,   8", // 8 + 3 * 8 + 8 + 1
        "PIO,          WRITE,   4096,   41,   8",
        "PIO,          READ,  131072, 1033, 256", // 8 + 3 * 256 + 256 + 1
        "PIO_MULTIPLE, READ,     512,   13,   1",
        "PIO_MULTIPLE, READ,    4096,   13,   1", // 8 + 3 * 1 + 1 + 1
        "PIO_MULTIPLE, WRITE,   4096,   13,   1",
        "PIO_MULTIPLE, READ,    8192,   14,   1", // 8 + 3 * 1 + 2 + 1
        "PIO_MULTIPLE, READ,   65536,   49,   8", // 8 + 3 * 8 + 16 + 1
        "PIO_MULTIPLE, WRITE,  65536,   49,   8",
        "PIO_MULTIPLE, READ,  131072,   89,  16", // 8 + 3 * 16 + 32 + 1
        "DMA,          READ,     512,   20,   1",
        "DMA,          WRITE,    512,   20,   1",
        "DMA,          READ,    4096,   20,   1",
        "DMA,          READ,  131072,   20,   1",
        "DMA,          WRITE, 131072,   20,   1",
        "PIO,          FLUSH,      0,    6,   1",
        "DMA,          FLUSH,      0,    6,   1",
    })
    void takesSoManyExitsWithOneForEachStringInstruction(
            final IdeMode mode,
            final BlockOperation operation,
            final int lengthBytes,
            final long exits,
            final long interrupts) {
        check(StringIo.ONE_EXIT, mode, operation, 1000, lengthBytes, exits, interrupts);
    }

    @ParameterizedTest
    @CsvSource({
        "PIO,          READ,     512,   268,   1", // 8 + 3 * 1 + 256 + 1
        "PIO,          WRITE,    512,   268,   1",
        "PIO,          READ,    4096,  2081,   8", // 8 + 3 * 8 + 2048 + 1
        "PIO_MULTIPLE, READ,    4096,  2060,   1", // 8 + 3 * 1 + 2048 + 1
        "PIO_MULTIPLE, WRITE,   4096,  2060,   1",
        "PIO_MULTIPLE, READ,  131072, 65593,  16", // 8 + 3 * 16 + 65536 + 1
        "DMA,          READ,    4096,    20,   1",
    })
    void takesSoManyExitsWithOneForEachWord(
            final IdeMode mode,
            final BlockOperation operation,
            final int lengthBytes,
            final long exits,
            final long interrupts) {
        check(StringIo.PER_WORD, mode, operation, 1000, lengthBytes, exits, interrupts);
    }

    @ParameterizedTest
    @CsvSource({
        "268435198, 18", // The last that 28 bits name with 256 sectors behind it: 13 + 5.
        "268435199, 23", // Five more registers, twice deep.
        "536870656, 23",
    })
    void takesFiveMoreBehind28Bits(final long sector, final long exitsWithoutAcknowledge) {
        check(
                StringIo.ONE_EXIT,
                IdeMode.DMA,
                BlockOperation.READ,
                sector,
                131072,
                exitsWithoutAcknowledge + 2,
                1);
    }

    private static void check(
            final StringIo stringIo,
            final IdeMode mode,
            final BlockOperation operation,
            final long sector,
            final int lengthBytes,
            final long exits,
            final long interrupts) {
        try (RamStore store = RamStore.zeroed(SECTORS);
                IdeMachine machine = new IdeMachine(store, DriveIdentity.RINGSIDE, stringIo)) {
            final IdeGuest guest = IdeGuest.ready(machine, mode, 4);
            final BlockRequest request =
                    IdeGuest.request(operation, sector, FIRST_FRAME, lengthBytes);
            for (int i = 0; i < 3; i++) {
                final long exitsBefore = machine.exits();
                final long acknowledgesBefore = machine.vcpu().count(Crossing.HYPERVISOR_PORT_EXIT);
                final long interruptsBefore = machine.vcpu().count(Crossing.INTERRUPT);
                final long copiedBefore = machine.vcpu().bytesCopied();
                guest.run(request);
                assertThat(request.status()).isEqualTo(BlockStatus.OK);
                assertThat(machine.exits() - exitsBefore).isEqualTo(exits);
                assertThat(machine.vcpu().count(Crossing.HYPERVISOR_PORT_EXIT) - acknowledgesBefore)
                        .as("the hypervisor's own: one end of interrupt for each controller")
                        .isEqualTo(2 * interrupts);
                assertThat(machine.vcpu().count(Crossing.INTERRUPT) - interruptsBefore)
                        .isEqualTo(interrupts);
                assertThat(machine.vcpu().bytesCopied() - copiedBefore)
                        .isEqualTo(mode == IdeMode.DMA ? 0 : lengthBytes);
            }
            assertThat(guest.driver().spuriousInterrupts()).isZero();
        }
    }
}
