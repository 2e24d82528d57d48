package io.ringside.emulated.rtl8139.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Rtl8139FactsTest {
    private final WireFacts facts = WireFacts.load("rtl8139");

    @Test
    void hasTheRegistersOfTheChip() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("MAC0", Rtl8139Registers.STATION_ADDRESS);
        ours.put("MAR0", Rtl8139Registers.MULTICAST_FILTER);
        ours.put("TxStatus0", Rtl8139Registers.TRANSMIT_STATUS);
        ours.put("TxAddr0", Rtl8139Registers.TRANSMIT_ADDRESS);
        ours.put("RxBuf", Rtl8139Registers.RECEIVE_RING);
        ours.put("ChipCmd", Rtl8139Registers.COMMAND);
        ours.put("RxBufPtr", Rtl8139Registers.READ_OFFSET);
        ours.put("RxBufAddr", Rtl8139Registers.WRITE_OFFSET);
        ours.put("IntrMask", Rtl8139Registers.INTERRUPT_MASK);
        ours.put("IntrStatus", Rtl8139Registers.INTERRUPT_STATUS);
        ours.put("TxConfig", Rtl8139Registers.TRANSMIT_CONFIG);
        ours.put("RxConfig", Rtl8139Registers.RECEIVE_CONFIG);
        ours.put("RxMissed", Rtl8139Registers.MISSED);
        ours.put("Cfg9346", Rtl8139Registers.EEPROM);
        ours.put("Config0", Rtl8139Registers.CONFIG_0);
        ours.put("Config1", Rtl8139Registers.CONFIG_1);
        ours.put("MediaStatus", Rtl8139Registers.MEDIA_STATUS);
        ours.put("Config3", Rtl8139Registers.CONFIG_3);
        ours.put("Config4", Rtl8139Registers.CONFIG_4);
        ours.put("TxSummary", Rtl8139Registers.TRANSMIT_SUMMARY);
        ours.put("BasicModeCtrl", Rtl8139Registers.PHY_CONTROL);
        ours.put("BasicModeStatus", Rtl8139Registers.PHY_STATUS);
        ours.put("NUM_TX_DESC", Rtl8139Registers.TRANSMIT_SLOTS);
        ours.put("MAX_ETH_FRAME_SIZE", Rtl8139Registers.MAX_TRANSMIT_BYTES);
        ours.put("RTL8139B_IO_SIZE", Rtl8139Registers.PORTS);
        ours.put("RX_BUF_PAD", Rtl8139Registers.READ_OFFSET_BIAS);
        check(ours);
        assertThat((long) Rtl8139Registers.RING_SPARE_BYTES)
                .isEqualTo(facts.constant("RX_BUF_PAD") + facts.constant("RX_BUF_WRAP_PAD"));
    }

    @Test
    void hasTheBitsOfTheChip() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("CmdReset", Rtl8139Bits.RESET);
        ours.put("CmdRxEnb", Rtl8139Bits.RECEIVER_ON);
        ours.put("CmdTxEnb", Rtl8139Bits.TRANSMITTER_ON);
        ours.put("RxBufEmpty", Rtl8139Bits.RING_EMPTY);
        ours.put("RxOK", Rtl8139Bits.RECEIVE_OK);
        ours.put("RxErr", Rtl8139Bits.RECEIVE_ERROR);
        ours.put("TxOK", Rtl8139Bits.TRANSMIT_OK);
        ours.put("TxErr", Rtl8139Bits.TRANSMIT_ERROR);
        ours.put("RxOverflow", Rtl8139Bits.RING_FULL);
        ours.put("RxUnderrun", Rtl8139Bits.LINK_CHANGE);
        ours.put("RxFIFOOver", Rtl8139Bits.FIFO_FULL);
        ours.put("PCIErr", Rtl8139Bits.BUS_ERROR);
        ours.put("TxHostOwns", Rtl8139Bits.HOST_OWNS);
        ours.put("TxStatOK", Rtl8139Bits.SENT);
        ours.put("TxAborted", Rtl8139Bits.ABORTED);
        ours.put("TxLoopBack", Rtl8139Bits.LOOPBACK);
        ours.put("TxDMAShift", Rtl8139Bits.TRANSMIT_BURST_SHIFT);
        ours.put("TxIFG96", Rtl8139Bits.STANDARD_GAP);
        ours.put("AcceptAllPhys", Rtl8139Bits.ACCEPT_ALL);
        ours.put("AcceptMyPhys", Rtl8139Bits.ACCEPT_STATION);
        ours.put("AcceptMulticast", Rtl8139Bits.ACCEPT_MULTICAST);
        ours.put("AcceptBroadcast", Rtl8139Bits.ACCEPT_BROADCAST);
        ours.put("RxNoWrap", Rtl8139Bits.NO_WRAP);
        ours.put("RxCfgDMAUnlimited", Rtl8139Bits.UNLIMITED_BURST);
        ours.put("RxCfgFIFONone", Rtl8139Bits.WHOLE_FRAMES);
        ours.put("RxStatusOK", Rtl8139Bits.RECEIVED_OK);
        ours.put("RxCRCErr", Rtl8139Bits.RECEIVED_BAD);
        ours.put("RxBroadcast", Rtl8139Bits.RECEIVED_BROADCAST);
        ours.put("RxPhysical", Rtl8139Bits.RECEIVED_STATION);
        ours.put("RxMulticast", Rtl8139Bits.RECEIVED_MULTICAST);
        ours.put("Cfg9346_Unlock", Rtl8139Bits.UNLOCK);
        ours.put("Cfg9346_Lock", Rtl8139Bits.LOCK);
        ours.put("EE_SHIFT_CLK", EepromPins.CLOCK);
        ours.put("EE_CS", EepromPins.SELECT);
        ours.put("EE_DATA_WRITE", EepromPins.DATA_IN);
        ours.put("EE_DATA_READ", EepromPins.DATA_OUT);
        ours.put("EE_READ_CMD", EepromPins.READ);
        check(ours);
        assertThat(1 << Rtl8139Bits.RING_SIZE_SHIFT).isEqualTo((int) facts.constant("RxCfgRcv16K"));
        assertThat((long) (EepromPins.PROGRAM | EepromPins.SELECT))
                .isEqualTo(facts.constant("EE_ENB"));
        assertThat(Rtl8139Bits.VERSION_C)
                .isEqualTo(((Number) facts.value("hwRevId", "RTL-8139C")).intValue());
        assertThat(Rtl8139Bits.VERSION_MASK)
                .isEqualTo(((Number) facts.value("hwRevIdMask")).intValue());
    }

    private void check(final Map<String, Integer> ours) {
        ours.forEach((name, value) ->
                assertThat(Integer.toUnsignedLong(value)).as(name).isEqualTo(facts.constant(name)));
    }
}
