package io.ringside.emulated.ide.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProtocolFactsTest {
    private final WireFacts facts = WireFacts.load("ide-ata");

    @Test
    void hasTheRegistersAndBitsOfAtaH() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("ATA_REG_DATA", AtaRegisters.DATA);
        ours.put("ATA_REG_ERR", AtaRegisters.ERROR);
        ours.put("ATA_REG_FEATURE", AtaRegisters.FEATURE);
        ours.put("ATA_REG_NSECT", AtaRegisters.SECTOR_COUNT);
        ours.put("ATA_REG_LBAL", AtaRegisters.LBA_LOW);
        ours.put("ATA_REG_LBAM", AtaRegisters.LBA_MID);
        ours.put("ATA_REG_LBAH", AtaRegisters.LBA_HIGH);
        ours.put("ATA_REG_DEVICE", AtaRegisters.DEVICE);
        ours.put("ATA_REG_STATUS", AtaRegisters.STATUS);
        ours.put("ATA_REG_CMD", AtaRegisters.COMMAND);
        ours.put("ATA_DEVICE_OBS", AtaRegisters.DEVICE_BASE);
        ours.put("ATA_LBA", AtaRegisters.DEVICE_LBA);
        ours.put("ATA_DEV1", AtaRegisters.DEVICE_ONE);
        ours.put("ATA_DEVCTL_OBS", AtaRegisters.CONTROL_BASE);
        ours.put("ATA_HOB", AtaRegisters.HIGH_ORDER);
        ours.put("ATA_SRST", AtaRegisters.SOFT_RESET);
        ours.put("ATA_NIEN", AtaRegisters.NO_INTERRUPT);
        ours.put("ATA_BUSY", AtaStatus.BUSY);
        ours.put("ATA_DRDY", AtaStatus.READY);
        ours.put("ATA_DF", AtaStatus.DEVICE_FAULT);
        ours.put("ATA_DSC", AtaStatus.SEEK_COMPLETE);
        ours.put("ATA_DRQ", AtaStatus.DATA_REQUEST);
        ours.put("ATA_ERR", AtaStatus.ERROR);
        ours.put("ATA_UNC", AtaStatus.UNCORRECTABLE);
        ours.put("ATA_IDNF", AtaStatus.ID_NOT_FOUND);
        ours.put("ATA_ABORTED", AtaStatus.ABORTED);
        check(ours);
    }

    @Test
    void hasTheCommandsAndFeaturesOfAtaH() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("ATA_CMD_PIO_READ", AtaCommand.READ_SECTORS);
        ours.put("ATA_CMD_PIO_READ_EXT", AtaCommand.READ_SECTORS_EXT);
        ours.put("ATA_CMD_READ_EXT", AtaCommand.READ_DMA_EXT);
        ours.put("ATA_CMD_READ_MULTI_EXT", AtaCommand.READ_MULTIPLE_EXT);
        ours.put("ATA_CMD_PIO_WRITE", AtaCommand.WRITE_SECTORS);
        ours.put("ATA_CMD_PIO_WRITE_EXT", AtaCommand.WRITE_SECTORS_EXT);
        ours.put("ATA_CMD_WRITE_EXT", AtaCommand.WRITE_DMA_EXT);
        ours.put("ATA_CMD_WRITE_MULTI_EXT", AtaCommand.WRITE_MULTIPLE_EXT);
        ours.put("ATA_CMD_WRITE_FUA_EXT", AtaCommand.WRITE_DMA_FUA_EXT);
        ours.put("ATA_CMD_VERIFY", AtaCommand.VERIFY);
        ours.put("ATA_CMD_VERIFY_EXT", AtaCommand.VERIFY_EXT);
        ours.put("ATA_CMD_EDD", AtaCommand.DIAGNOSE);
        ours.put("ATA_CMD_INIT_DEV_PARAMS", AtaCommand.INITIALIZE_PARAMETERS);
        ours.put("ATA_CMD_READ_MULTI", AtaCommand.READ_MULTIPLE);
        ours.put("ATA_CMD_WRITE_MULTI", AtaCommand.WRITE_MULTIPLE);
        ours.put("ATA_CMD_SET_MULTI", AtaCommand.SET_MULTIPLE);
        ours.put("ATA_CMD_READ", AtaCommand.READ_DMA);
        ours.put("ATA_CMD_WRITE", AtaCommand.WRITE_DMA);
        ours.put("ATA_CMD_STANDBYNOW1", AtaCommand.STANDBY_IMMEDIATE);
        ours.put("ATA_CMD_IDLEIMMEDIATE", AtaCommand.IDLE_IMMEDIATE);
        ours.put("ATA_CMD_STANDBY", AtaCommand.STANDBY);
        ours.put("ATA_CMD_IDLE", AtaCommand.IDLE);
        ours.put("ATA_CMD_CHK_POWER", AtaCommand.CHECK_POWER);
        ours.put("ATA_CMD_FLUSH", AtaCommand.FLUSH_CACHE);
        ours.put("ATA_CMD_FLUSH_EXT", AtaCommand.FLUSH_CACHE_EXT);
        ours.put("ATA_CMD_ID_ATA", AtaCommand.IDENTIFY);
        ours.put("ATA_CMD_SET_FEATURES", AtaCommand.SET_FEATURES);
        ours.put("SETFEATURES_WC_ON", SetFeatures.WRITE_CACHE_ON);
        ours.put("SETFEATURES_WC_OFF", SetFeatures.WRITE_CACHE_OFF);
        ours.put("SETFEATURES_XFER", SetFeatures.TRANSFER_MODE);
        ours.put("SETFEATURES_RA_ON", SetFeatures.LOOK_AHEAD_ON);
        ours.put("SETFEATURES_RA_OFF", SetFeatures.LOOK_AHEAD_OFF);
        ours.put("XFER_PIO_SLOW", SetFeatures.MODE_PIO_DEFAULT);
        ours.put("XFER_PIO_0", SetFeatures.MODE_PIO);
        ours.put("XFER_MW_DMA_0", SetFeatures.MODE_MULTIWORD_DMA);
        ours.put("XFER_UDMA_0", SetFeatures.MODE_ULTRA_DMA);
        check(ours);
    }

    @Test
    void hasTheBusMasterOfAtaH() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("ATA_DMA_CMD", BusMasterRegisters.COMMAND);
        ours.put("ATA_DMA_STATUS", BusMasterRegisters.STATUS);
        ours.put("ATA_DMA_TABLE_OFS", BusMasterRegisters.TABLE);
        ours.put("ATA_DMA_START", BusMasterRegisters.START);
        ours.put("ATA_DMA_WR", BusMasterRegisters.TO_MEMORY);
        ours.put("ATA_DMA_ACTIVE", BusMasterRegisters.ACTIVE);
        ours.put("ATA_DMA_ERR", BusMasterRegisters.ERROR);
        ours.put("ATA_DMA_INTR", BusMasterRegisters.INTERRUPT);
        ours.put("ATA_PRD_SZ", PrdEntry.SIZE_BYTES);
        ours.put("ATA_MAX_PRD", PrdEntry.MAX_ENTRIES);
        ours.put("ATA_PRD_TBL_SZ", PrdEntry.MAX_ENTRIES * PrdEntry.SIZE_BYTES);
        ours.put("ATA_DMA_BOUNDARY", PrdEntry.BOUNDARY_BYTES - 1);
        ours.put("ATA_MAX_SECTORS", TaskFile.MAX_SECTORS);
        ours.put("ATA_MAX_SECTORS_LBA48", TaskFile.MAX_SECTORS_EXT);
        check(ours);
    }

    @Test
    void standsAtTheLegacyPorts() {
        checkPorts("primary", IdePorts.PRIMARY);
        checkPorts("secondary", IdePorts.SECONDARY);
    }

    private void checkPorts(final String name, final IdePorts ports) {
        assertThat(facts.value("legacyPorts", name))
                .isEqualTo(
                        Map.of(
                                "commandBlock",
                                ports.commandBlock(),
                                "commandBlockEnd",
                                ports.commandBlock() + IdePorts.COMMAND_BLOCK_PORTS - 1,
                                "control",
                                ports.control(),
                                "irq",
                                ports.irq()));
    }

    @Test
    void numbersTheWordsOfIdentifyAsAtaHAndHdregHDo() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("ATA_ID_CONFIG config", IdentifyData.CONFIGURATION);
        ours.put("ATA_ID_CYLS cyls", IdentifyData.CYLINDERS);
        ours.put("ATA_ID_HEADS heads", IdentifyData.HEADS);
        ours.put("ATA_ID_SECTORS sectors", IdentifyData.SECTORS_PER_TRACK);
        ours.put("ATA_ID_SERNO serial_no", IdentifyData.SERIAL);
        ours.put("ATA_ID_FW_REV fw_rev", IdentifyData.FIRMWARE);
        ours.put("ATA_ID_PROD model", IdentifyData.MODEL);
        ours.put("ATA_ID_MAX_MULTSECT max_multsect", IdentifyData.MAX_MULTIPLE);
        ours.put("ATA_ID_CAPABILITY vendor4", IdentifyData.CAPABILITY);
        ours.put("ATA_ID_OLD_PIO_MODES vendor5", IdentifyData.OLD_PIO_MODE);
        ours.put("ATA_ID_FIELD_VALID field_valid", IdentifyData.VALIDITY);
        ours.put("ATA_ID_CUR_CYLS cur_cyls", IdentifyData.CURRENT_CYLINDERS);
        ours.put("ATA_ID_MULTSECT multsect", IdentifyData.MULTIPLE);
        ours.put("ATA_ID_LBA_CAPACITY lba_capacity", IdentifyData.LBA28_SECTORS);
        ours.put("ATA_ID_MWDMA_MODES dma_mword", IdentifyData.MULTIWORD_DMA);
        ours.put("ATA_ID_PIO_MODES eide_pio_modes", IdentifyData.PIO_MODES);
        ours.put("ATA_ID_EIDE_DMA_MIN eide_dma_min", IdentifyData.CYCLE_NANOS);
        ours.put("ATA_ID_MAJOR_VER major_rev_num", IdentifyData.MAJOR_VERSION);
        ours.put("ATA_ID_COMMAND_SET_1 command_set_1", IdentifyData.FEATURES_KNOWN);
        ours.put("ATA_ID_COMMAND_SET_2 command_set_2", IdentifyData.FEATURES_KNOWN + 1);
        ours.put("ATA_ID_CFSSE cfsse", IdentifyData.FEATURES_KNOWN + 2);
        ours.put("ATA_ID_CFS_ENABLE_1 cfs_enable_1", IdentifyData.FEATURES_ON);
        ours.put("ATA_ID_CSF_DEFAULT csf_default", IdentifyData.FEATURES_ON + 2);
        ours.put("ATA_ID_UDMA_MODES dma_ultra", IdentifyData.ULTRA_DMA);
        ours.put("ATA_ID_HW_CONFIG hw_config", IdentifyData.RESET_RESULT);
        ours.put("ATA_ID_LBA_CAPACITY_2 lba_capacity_2", IdentifyData.LBA48_SECTORS);
        final WireFacts.Struct page = facts.struct("hd_driveid");
        assertThat(IdentifyData.SIZE_BYTES).isEqualTo(page.size());
        assertThat(IdentifyData.INTEGRITY * 2).isEqualTo(page.offset("integrity_word"));
        assertThat(IdentifyData.SERIAL_WORDS * 2L)
                .isEqualTo(facts.constant("ATA_ID_SERNO_LEN"))
                .isEqualTo(page.size("serial_no"));
        assertThat(IdentifyData.FIRMWARE_WORDS * 2L)
                .isEqualTo(facts.constant("ATA_ID_FW_REV_LEN"))
                .isEqualTo(page.size("fw_rev"));
        assertThat(IdentifyData.MODEL_WORDS * 2L)
                .isEqualTo(facts.constant("ATA_ID_PROD_LEN"))
                .isEqualTo(page.size("model"));
        ours.forEach((names, word) -> {
            final int blank = names.indexOf(' ');
            assertThat((long) word).as(names).isEqualTo(facts.constant(names.substring(0, blank)));
            assertThat(word * 2).as(names).isEqualTo(page.offset(names.substring(blank + 1)));
        });
    }

    @Test
    void tellsTransfersByTheirTraitsInBothDirections() {
        int transfers = 0;
        for (int code = 0; code < 256; code++) {
            final int traits = AtaCommand.traits(code);
            if (traits != 0) {
                transfers++;
                assertThat(AtaCommand.transfer(traits)).isEqualTo(code);
                assertThat(AtaCommand.name(code)).doesNotContain("unknown");
                assertThat(AtaCommand.name(code).startsWith("WRITE"))
                        .isEqualTo((traits & AtaCommand.WRITES) != 0);
                assertThat(AtaCommand.name(code).contains("EXT"))
                        .isEqualTo((traits & AtaCommand.EXTENDED) != 0);
                assertThat(AtaCommand.name(code).contains("DMA"))
                        .isEqualTo((traits & AtaCommand.DMA) != 0);
            }
        }
        assertThat(transfers).isEqualTo(13);
        assertThat(AtaCommand.transfer(AtaCommand.DMA | AtaCommand.MULTIPLE))
                .isEqualTo(AtaCommand.NONE);
        assertThat(AtaCommand.name(0x00)).isEqualTo("unknown command");
    }

    private void check(final Map<String, Integer> ours) {
        ours.forEach(
                (name, value) -> assertThat((long) value).as(name).isEqualTo(facts.constant(name)));
    }
}
