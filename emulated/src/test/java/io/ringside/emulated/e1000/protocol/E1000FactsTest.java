package io.ringside.emulated.e1000.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class E1000FactsTest {
    private final WireFacts facts = WireFacts.load("e1000");

    @Test
    void hasTheRegistersOfTheChip() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("CTRL", E1000Registers.CONTROL);
        ours.put("STATUS", E1000Registers.STATUS);
        ours.put("EECD", E1000Registers.EEPROM_PINS);
        ours.put("EERD", E1000Registers.EEPROM_READ);
        ours.put("MDIC", E1000Registers.PHY);
        ours.put("VET", E1000Registers.VLAN_TYPE);
        ours.put("ICR", E1000Registers.CAUSE_READ);
        ours.put("ITR", E1000Registers.THROTTLE);
        ours.put("ICS", E1000Registers.CAUSE_SET);
        ours.put("IMS", E1000Registers.MASK_SET);
        ours.put("IMC", E1000Registers.MASK_CLEAR);
        ours.put("RCTL", E1000Registers.RECEIVE_CONTROL);
        ours.put("TCTL", E1000Registers.TRANSMIT_CONTROL);
        ours.put("TIPG", E1000Registers.TRANSMIT_GAP);
        ours.put("RDBAL", E1000Registers.RECEIVE_BASE_LOW);
        ours.put("RDBAH", E1000Registers.RECEIVE_BASE_HIGH);
        ours.put("RDLEN", E1000Registers.RECEIVE_LENGTH);
        ours.put("RDH", E1000Registers.RECEIVE_HEAD);
        ours.put("RDT", E1000Registers.RECEIVE_TAIL);
        ours.put("RDTR", E1000Registers.RECEIVE_DELAY);
        ours.put("RADV", E1000Registers.RECEIVE_ABSOLUTE_DELAY);
        ours.put("TDBAL", E1000Registers.TRANSMIT_BASE_LOW);
        ours.put("TDBAH", E1000Registers.TRANSMIT_BASE_HIGH);
        ours.put("TDLEN", E1000Registers.TRANSMIT_LENGTH);
        ours.put("TDH", E1000Registers.TRANSMIT_HEAD);
        ours.put("TDT", E1000Registers.TRANSMIT_TAIL);
        ours.put("TIDV", E1000Registers.TRANSMIT_DELAY);
        ours.put("TADV", E1000Registers.TRANSMIT_ABSOLUTE_DELAY);
        ours.put("CRCERRS", E1000Registers.STATISTICS);
        ours.put("MPC", E1000Registers.MISSED);
        ours.put("GPRC", E1000Registers.RECEIVED);
        ours.put("GPTC", E1000Registers.SENT);
        ours.put("RXCSUM", E1000Registers.RECEIVE_CHECKSUM);
        ours.put("MTA", E1000Registers.MULTICAST_TABLE);
        ours.put("RA", E1000Registers.RECEIVE_ADDRESS);
        check(ours);
    }

    @Test
    void hasTheBitsOfTheChip() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("CTRL_SLU", E1000Bits.CONTROL_LINK_UP);
        ours.put("CTRL_RST", E1000Bits.CONTROL_RESET);
        ours.put("CTRL_VME", E1000Bits.CONTROL_VLAN);
        ours.put("STATUS_FD", E1000Bits.STATUS_FULL_DUPLEX);
        ours.put("STATUS_LU", E1000Bits.STATUS_LINK_UP);
        ours.put("STATUS_SPEED_1000", E1000Bits.STATUS_GIGABIT);
        ours.put("EECD_SK", E1000Bits.EEPROM_CLOCK);
        ours.put("EECD_CS", E1000Bits.EEPROM_SELECT);
        ours.put("EECD_DI", E1000Bits.EEPROM_IN);
        ours.put("EECD_DO", E1000Bits.EEPROM_OUT);
        ours.put("EECD_REQ", E1000Bits.EEPROM_REQUEST);
        ours.put("EECD_GNT", E1000Bits.EEPROM_GRANT);
        ours.put("EECD_PRES", E1000Bits.EEPROM_PRESENT);
        ours.put("EERD_START", E1000Bits.EEPROM_START);
        ours.put("EERD_DONE", E1000Bits.EEPROM_DONE);
        ours.put("EERD_ADDR_SHIFT", E1000Bits.EEPROM_ADDRESS_SHIFT);
        ours.put("EERD_DATA_SHIFT", E1000Bits.EEPROM_DATA_SHIFT);
        ours.put("MDIC_REG_SHIFT", E1000Bits.PHY_REGISTER_SHIFT);
        ours.put("MDIC_PHY_SHIFT", E1000Bits.PHY_NUMBER_SHIFT);
        ours.put("MDIC_OP_WRITE", E1000Bits.PHY_WRITE);
        ours.put("MDIC_OP_READ", E1000Bits.PHY_READ);
        ours.put("MDIC_READY", E1000Bits.PHY_READY);
        ours.put("MDIC_ERROR", E1000Bits.PHY_ERROR);
        ours.put("ICR_TXDW", E1000Bits.CAUSE_TRANSMIT_DONE);
        ours.put("ICR_TXQE", E1000Bits.CAUSE_TRANSMIT_EMPTY);
        ours.put("ICR_LSC", E1000Bits.CAUSE_LINK);
        ours.put("ICR_RXDMT0", E1000Bits.CAUSE_RECEIVE_LOW);
        ours.put("ICR_RXO", E1000Bits.CAUSE_RECEIVE_OVERRUN);
        ours.put("ICR_RXT0", E1000Bits.CAUSE_RECEIVED);
        ours.put("ICR_INT_ASSERTED", E1000Bits.CAUSE_ASSERTED);
        ours.put("RCTL_EN", E1000Bits.RECEIVE_ON);
        ours.put("RCTL_UPE", E1000Bits.RECEIVE_ALL);
        ours.put("RCTL_MPE", E1000Bits.RECEIVE_ALL_MULTICAST);
        ours.put("RCTL_LPE", E1000Bits.RECEIVE_LONG);
        ours.put("RCTL_RDMTS_QUAT", 1 << E1000Bits.RECEIVE_LOW_SHIFT);
        ours.put("RCTL_MO_SHIFT", E1000Bits.RECEIVE_MULTICAST_SHIFT);
        ours.put("RCTL_BAM", E1000Bits.RECEIVE_BROADCAST);
        ours.put("RCTL_SZ_1024", 1 << E1000Bits.RECEIVE_SIZE_SHIFT);
        ours.put("RCTL_BSEX", E1000Bits.RECEIVE_SIZE_EXTENDED);
        ours.put("RCTL_SECRC", E1000Bits.RECEIVE_STRIP_CHECK);
        ours.put("TCTL_EN", E1000Bits.TRANSMIT_ON);
        ours.put("TCTL_PSP", E1000Bits.TRANSMIT_PAD);
        ours.put("RDT_FPDB", E1000Bits.RECEIVE_DELAY_FLUSH);
        ours.put("RXCSUM_IPOFL", E1000Bits.CHECKSUM_IP);
        ours.put("RXCSUM_TUOFL", E1000Bits.CHECKSUM_TRANSPORT);
        ours.put("RAH_AV", E1000Bits.ADDRESS_VALID);
        check(ours);
    }

    @Test
    void hasTheDescriptorsOfTheChip() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("TXD_CMD_EOP", E1000Descriptor.END_OF_PACKET);
        ours.put("TXD_CMD_IFCS", E1000Descriptor.INSERT_CHECK);
        ours.put("TXD_CMD_IC", E1000Descriptor.INSERT_CHECKSUM);
        ours.put("TXD_CMD_TSE", E1000Descriptor.SEGMENT);
        ours.put("TXD_CMD_RS", E1000Descriptor.REPORT);
        ours.put("TXD_CMD_DEXT", E1000Descriptor.EXTENDED);
        ours.put("TXD_CMD_VLE", E1000Descriptor.INSERT_TAG);
        ours.put("TXD_CMD_IDE", E1000Descriptor.DELAY);
        ours.put("TXD_DTYP_D", E1000Descriptor.DATA);
        ours.put("TXD_CMD_TCP", E1000Descriptor.CONTEXT_TCP);
        ours.put("TXD_CMD_IP", E1000Descriptor.CONTEXT_IPV4);
        ours.put("TXD_POPTS_IXSM", E1000Descriptor.OPTION_IP >>> 8);
        ours.put("TXD_POPTS_TXSM", E1000Descriptor.OPTION_TRANSPORT >>> 8);
        ours.put("TXD_STAT_DD", E1000Descriptor.DONE);
        ours.put("RXD_STAT_DD", E1000Descriptor.DONE);
        ours.put("RXD_STAT_EOP", E1000Descriptor.RECEIVED_END);
        ours.put("RXD_STAT_IXSM", E1000Descriptor.CHECKSUM_IGNORED);
        ours.put("RXD_STAT_VP", E1000Descriptor.TAG_STRIPPED);
        ours.put("RXD_STAT_TCPCS", E1000Descriptor.TRANSPORT_CHECKED);
        ours.put("RXD_STAT_IPCS", E1000Descriptor.IP_CHECKED);
        ours.put("RXD_ERR_TCPE", E1000Descriptor.TRANSPORT_WRONG);
        ours.put("RXD_ERR_IPE", E1000Descriptor.IP_WRONG);
        ours.put("RXD_ERR_FRAME_ERR_MASK", E1000Descriptor.FRAME_WRONG);
        check(ours);
        final WireFacts.Struct transmit = facts.struct("e1000_tx_desc");
        assertThat(E1000Descriptor.SIZE_BYTES).isEqualTo(transmit.size());
        assertThat(E1000Descriptor.ADDRESS).isEqualTo(transmit.offset("buffer_addr"));
        assertThat(E1000Descriptor.LOWER).isEqualTo(transmit.offset("lower"));
        assertThat(E1000Descriptor.UPPER).isEqualTo(transmit.offset("upper"));
        assertThat(facts.struct("e1000_rx_desc").offset("status")).isEqualTo(E1000Descriptor.UPPER);
        assertThat(facts.struct("e1000_context_desc").offset("cmd_and_length"))
                .isEqualTo(E1000Descriptor.LOWER);
    }

    private void check(final Map<String, Integer> ours) {
        ours.forEach((name, value) ->
                assertThat(Integer.toUnsignedLong(value))
                        .as(name)
                        .isEqualTo(facts.constant("E1000_" + name)));
    }
}
