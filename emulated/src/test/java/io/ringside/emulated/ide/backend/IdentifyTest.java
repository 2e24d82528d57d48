package io.ringside.emulated.ide.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.emulated.ide.IdeMachine;
import io.ringside.emulated.ide.MoodyStore;
import io.ringside.emulated.ide.protocol.Addressing;
import io.ringside.emulated.ide.protocol.AtaCommand;
import io.ringside.emulated.ide.protocol.AtaRegisters;
import io.ringside.emulated.ide.protocol.AtaStatus;
import io.ringside.emulated.ide.protocol.IdentifyData;
import io.ringside.emulated.ide.protocol.SetFeatures;
import io.ringside.emulated.trap.StringIo;
import io.ringside.testkit.WireFacts;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class IdentifyTest {
    private static final int PAGE = 4096;
    private static final int IDLE = 0x50;
    private static final int FAILED = 0x51;
    private static final int SECTORS = 5000;

    private final WireFacts.Struct facts = WireFacts.load("ide-ata").struct("hd_driveid");
    private final MoodyStore store = MoodyStore.prompt(SECTORS);

    @Test
    void saysWhatADriveOfToday48BitsSays() {
        try (IdeMachine machine = IdeMachine.with(store)) {
            final IdentifyData page = identify(machine);
            assertThat(page.isValidDisk()).isTrue();
            assertThat(page.text(IdentifyData.MODEL, IdentifyData.MODEL_WORDS))
                    .isEqualTo("RINGSIDE IDE DISK");
            assertThat(page.text(IdentifyData.SERIAL, IdentifyData.SERIAL_WORDS))
                    .isEqualTo("RS000001");
            assertThat(page.text(IdentifyData.FIRMWARE, IdentifyData.FIRMWARE_WORDS))
                    .isEqualTo("1.0");
            assertThat(field(machine, "cyls")).isEqualTo(SECTORS / (16 * 63));
            assertThat(field(machine, "heads")).isEqualTo(16);
            assertThat(field(machine, "sectors")).isEqualTo(63);
            assertThat(field(machine, "max_multsect")).isEqualTo(16);
            assertThat(field(machine, "multsect_valid")).isZero();
            assertThat(field(machine, "capability")).as("DMA, LBA, IORDY").isEqualTo(0x0F);
            assertThat(field(machine, "field_valid")).isEqualTo(7);
            assertThat(field(machine, "lba_capacity")).isEqualTo(SECTORS);
            assertThat(field(machine, "lba_capacity_2")).isEqualTo(SECTORS);
            assertThat(field(machine, "dma_mword")).isEqualTo(0x0007);
            assertThat(field(machine, "eide_pio_modes")).isEqualTo(3);
            assertThat(field(machine, "dma_ultra")).isEqualTo(0x003F);
            assertThat(field(machine, "command_set_2")).isEqualTo(0x7400);
            assertThat(field(machine, "cfsse")).isEqualTo(0x4040);
            assertThat(field(machine, "cfs_enable_1")).isEqualTo(0x0068);
        }
    }

    @Test
    void saysWhatTheGuestHasSet() {
        try (IdeMachine machine = IdeMachine.with(store)) {
            machine.command(AtaCommand.SET_MULTIPLE, 0, 8);
            machine.setFeatures(SetFeatures.TRANSFER_MODE, 0x42, AtaCommand.SET_FEATURES);
            machine.setFeatures(SetFeatures.WRITE_CACHE_OFF, 0, AtaCommand.SET_FEATURES);
            machine.setFeatures(SetFeatures.LOOK_AHEAD_OFF, 0, AtaCommand.SET_FEATURES);
            identify(machine);
            assertThat(field(machine, "multsect")).isEqualTo(8);
            assertThat(field(machine, "multsect_valid")).isEqualTo(1);
            assertThat(field(machine, "dma_ultra")).isEqualTo(0x043F);
            assertThat(field(machine, "dma_mword")).isEqualTo(0x0007);
            assertThat(field(machine, "cfs_enable_1")).isEqualTo(0x0008);
            machine.setFeatures(SetFeatures.TRANSFER_MODE, 0x21, AtaCommand.SET_FEATURES);
            machine.setFeatures(SetFeatures.TRANSFER_MODE, 0x0C, AtaCommand.SET_FEATURES);
            identify(machine);
            assertThat(field(machine, "dma_ultra")).isEqualTo(0x003F);
            assertThat(field(machine, "dma_mword")).isEqualTo(0x0207);
        }
    }

    @Test
    void keepsA28BitDriveFromLongerAddresses() {
        try (IdeMachine machine = machine(Addressing.LBA28)) {
            identify(machine);
            assertThat(field(machine, "lba_capacity")).isEqualTo(SECTORS);
            assertThat(field(machine, "lba_capacity_2")).isZero();
            assertThat(field(machine, "command_set_2")).isEqualTo(0x5000);
            for (final int code :
                    new int[] {
                        AtaCommand.READ_SECTORS_EXT,
                        AtaCommand.WRITE_DMA_FUA_EXT,
                        AtaCommand.VERIFY_EXT,
                        AtaCommand.FLUSH_CACHE_EXT
                    }) {
                machine.extendedCommand(code, 0, 1);
                assertThat(machine.settle()).isEqualTo(FAILED);
                assertThat(machine.error()).isEqualTo(AtaStatus.ABORTED);
            }
            machine.command(AtaCommand.FLUSH_CACHE, 0, 0);
            assertThat(machine.settle()).isEqualTo(IDLE);
        }
    }

    @Test
    void findsSectorsByCylinderAndHeadInTheGeometryThatTheGuestSets() {
        try (IdeMachine machine = machine(Addressing.CHS)) {
            identify(machine);
            assertThat(field(machine, "lba_capacity")).isZero();
            assertThat(field(machine, "capability") & 2).isZero();
            chs(machine, 1, 2, 3);
            assertThat(store.seen()).containsExactly("READ " + ((16 + 2) * 63 + 2) + "+1");
            store.seen().clear();

            machine.write(AtaRegisters.DEVICE, AtaRegisters.DEVICE_BASE | 7);
            machine.write(AtaRegisters.SECTOR_COUNT, 32);
            machine.write(AtaRegisters.COMMAND, AtaCommand.INITIALIZE_PARAMETERS);
            assertThat(machine.status()).isEqualTo(IDLE);
            chs(machine, 1, 2, 3);
            assertThat(store.seen()).containsExactly("READ " + ((8 + 2) * 32 + 2) + "+1");
            identify(machine);
            assertThat(field(machine, "cur_heads")).isEqualTo(8);
            assertThat(field(machine, "cur_sectors")).isEqualTo(32);
            assertThat(field(machine, "cur_cyls")).isEqualTo(SECTORS / (8 * 32));

            for (final int[] none : new int[][] {{0, 0, 0}, {0, 0, 33}, {0, 8, 1}, {999, 0, 1}}) {
                chs(machine, none[0], none[1], none[2]);
                assertThat(machine.status()).isEqualTo(FAILED);
                assertThat(machine.error()).isEqualTo(AtaStatus.ID_NOT_FOUND);
            }
            machine.command(AtaCommand.READ_SECTORS, 0, 1);
            assertThat(machine.status()).as("no LBA here").isEqualTo(FAILED);
            machine.write(AtaRegisters.SECTOR_COUNT, 0);
            machine.write(AtaRegisters.COMMAND, AtaCommand.INITIALIZE_PARAMETERS);
            assertThat(machine.status()).isEqualTo(FAILED);
        }
    }

    private IdeMachine machine(final Addressing addressing) {
        return new IdeMachine(
                store, new DriveIdentity("OLD", "1", "A", addressing), StringIo.ONE_EXIT);
    }

    private static void chs(
            final IdeMachine machine, final int cylinder, final int head, final int sector) {
        machine.write(AtaRegisters.SECTOR_COUNT, 1);
        machine.write(AtaRegisters.LBA_LOW, sector);
        machine.write(AtaRegisters.LBA_MID, cylinder & 0xFF);
        machine.write(AtaRegisters.LBA_HIGH, cylinder >>> 8);
        machine.write(AtaRegisters.DEVICE, AtaRegisters.DEVICE_BASE | head);
        machine.write(AtaRegisters.COMMAND, AtaCommand.READ_SECTORS);
        if (AtaStatus.isDataRequested(machine.settle())) {
            machine.fetch(PAGE, 512);
        }
    }

    private static IdentifyData identify(final IdeMachine machine) {
        machine.write(AtaRegisters.COMMAND, AtaCommand.IDENTIFY);
        assertThat(machine.status()).isEqualTo(0x58);
        machine.fetch(PAGE, 512);
        assertThat(machine.status()).isEqualTo(IDLE);
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        machine.memory().wrap(view, PAGE, 512);
        return new IdentifyData(view);
    }

    private long field(final IdeMachine machine, final String name) {
        final int at = PAGE + facts.offset(name);
        return switch (facts.size(name)) {
            case 1 -> machine.bytes().getByte(at) & 0xFFL;
            case 2 -> machine.bytes().getShort(at, ByteOrder.LITTLE_ENDIAN) & 0xFFFFL;
            case 4 -> machine.bytes().getInt(at, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
            default -> machine.bytes().getLong(at, ByteOrder.LITTLE_ENDIAN);
        };
    }
}
