package io.ringside.emulated.tulip.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TulipFactsTest {
    private final WireFacts facts = WireFacts.load("tulip");

    @Test
    void hasTheRegistersOfTheChip() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("CSR0", TulipRegisters.BUS_MODE);
        ours.put("CSR1", TulipRegisters.TRANSMIT_POLL);
        ours.put("CSR2", TulipRegisters.RECEIVE_POLL);
        ours.put("CSR3", TulipRegisters.RECEIVE_LIST);
        ours.put("CSR4", TulipRegisters.TRANSMIT_LIST);
        ours.put("CSR5", TulipRegisters.STATUS);
        ours.put("CSR6", TulipRegisters.MODE);
        ours.put("CSR7", TulipRegisters.INTERRUPT_MASK);
        ours.put("CSR8", TulipRegisters.MISSED);
        ours.put("CSR9", TulipRegisters.SERIAL);
        ours.put("CSR11", TulipRegisters.TIMER);
        ours.put("CSR12", TulipRegisters.PINS);
        ours.put("CSR15", TulipRegisters.WATCHDOG);
        check(ours);
        assertThat(facts.value("chip21140", "ioBytes"))
                .hasToString(String.valueOf(TulipRegisters.PORTS));
    }

    @Test
    void hasTheStatusBitsOfTheChip() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("TxIntr", TulipBits.TRANSMITTED);
        ours.put("TxDied", TulipBits.TRANSMIT_STOPPED);
        ours.put("TxNoBuf", TulipBits.TRANSMIT_UNAVAILABLE);
        ours.put("TxJabber", TulipBits.TRANSMIT_JABBER);
        ours.put("TxFIFOUnderflow", TulipBits.TRANSMIT_UNDERFLOW);
        ours.put("RxIntr", TulipBits.RECEIVED);
        ours.put("RxNoBuf", TulipBits.RECEIVE_UNAVAILABLE);
        ours.put("RxDied", TulipBits.RECEIVE_STOPPED);
        ours.put("RxJabber", TulipBits.RECEIVE_WATCHDOG);
        ours.put("TimerInt", TulipBits.TIMER_EXPIRED);
        ours.put("SystemError", TulipBits.BUS_ERROR);
        ours.put("AbnormalIntr", TulipBits.ABNORMAL);
        ours.put("NormalIntr", TulipBits.NORMAL);
        ours.put("CSR5_RS", TulipBits.RECEIVE_STATE_MASK);
        ours.put("CSR5_TS", TulipBits.TRANSMIT_STATE_MASK);
        check(ours);
    }

    @Test
    void hasTheModeBitsOfTheChip() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("CALShift", TulipBits.CACHE_LINE_SHIFT);
        ours.put("MRM", TulipBits.READ_MULTIPLE);
        ours.put("MRL", TulipBits.READ_LINE);
        ours.put("MWI", TulipBits.WRITE_INVALIDATE);
        ours.put("csr6_hp", TulipBits.HASH_FILTER);
        ours.put("RxOn", TulipBits.RECEIVER_ON);
        ours.put("csr6_ho", TulipBits.HASH_ONLY);
        ours.put("csr6_pb", TulipBits.PASS_BAD);
        ours.put("csr6_if", TulipBits.INVERSE_FILTER);
        ours.put("csr6_pr", TulipBits.PROMISCUOUS);
        ours.put("csr6_pm", TulipBits.ALL_MULTICAST);
        ours.put("csr6_fd", TulipBits.FULL_DUPLEX);
        ours.put("TxOn", TulipBits.TRANSMITTER_ON);
        ours.put("csr6_ca", TulipBits.CAPTURE_EFFECT);
        ours.put("csr6_ps", TulipBits.MII_PORT);
        ours.put("csr6_hbd", TulipBits.NO_HEARTBEAT);
        ours.put("csr6_ttm", TulipBits.TEN_MEGABIT);
        ours.put("csr6_mbo", TulipBits.MUST_BE_ONE);
        ours.put("csr6_ra", TulipBits.RECEIVE_ALL);
        ours.put("csr6_om_int_loop", TulipBits.INTERNAL_LOOP);
        ours.put("csr6_om_ext_loop", TulipBits.EXTERNAL_LOOP);
        check(ours);
    }

    @Test
    void hasTheDescriptorsOfTheChip() {
        final Map<String, Integer> ours = new LinkedHashMap<>();
        ours.put("DescOwned", TulipDescriptor.OWN);
        ours.put("DescEndPkt", TulipDescriptor.LAST);
        ours.put("DescStartPkt", TulipDescriptor.FIRST);
        ours.put("DescEndRing", TulipDescriptor.END_OF_RING);
        ours.put("DescUseLink", TulipDescriptor.CHAINED);
        ours.put("RxDescErrorSummary", TulipDescriptor.ERROR_SUMMARY);
        ours.put("RxDescCRCError", TulipDescriptor.RECEIVED_DAMAGED);
        ours.put("RxDescCollisionSeen", TulipDescriptor.RECEIVED_COLLISION);
        ours.put("RxDescFrameTooLong", TulipDescriptor.RECEIVED_LONG);
        ours.put("RxDescRunt", TulipDescriptor.RECEIVED_RUNT);
        ours.put("RxDescDescErr", TulipDescriptor.RECEIVED_CUT);
        ours.put("RxWholePkt", TulipDescriptor.RECEIVED_FIRST | TulipDescriptor.RECEIVED_LAST);
        ours.put(
                "RxLengthOver2047",
                7 << TulipDescriptor.RECEIVED_LENGTH_SHIFT + 11
                        | TulipDescriptor.RECEIVED_WATCHDOG);
        check(ours);
        for (final String name : new String[] {"tulip_rx_desc", "tulip_tx_desc"}) {
            final WireFacts.Struct struct = facts.struct(name);
            assertThat(TulipDescriptor.SIZE_BYTES).isEqualTo(struct.size());
            assertThat(TulipDescriptor.STATUS).isEqualTo(struct.offset("status"));
            assertThat(TulipDescriptor.CONTROL).isEqualTo(struct.offset("length"));
            assertThat(TulipDescriptor.BUFFER_1).isEqualTo(struct.offset("buffer1"));
            assertThat(TulipDescriptor.BUFFER_2).isEqualTo(struct.offset("buffer2"));
        }
    }

    @Test
    void hasTheSerialPinsOfTheChip() {
        final Map<String, Integer> rom = new LinkedHashMap<>();
        rom.put("EE_CS", SerialPins.ROM_SELECT);
        rom.put("EE_SHIFT_CLK", SerialPins.ROM_CLOCK);
        rom.put("EE_DATA_WRITE", SerialPins.ROM_IN);
        rom.put("EE_DATA_READ", SerialPins.ROM_OUT);
        rom.put("EE_ENB", SerialPins.ROM_PORT | SerialPins.ROM_READS | SerialPins.ROM_SELECT);
        rom.put("EE_READ_CMD", SerialPins.ROM_READ);
        rom.forEach((name, value) -> checkIn("eepromConstants", name, value));
        final Map<String, Integer> phy = new LinkedHashMap<>();
        phy.put("MDIO_SHIFT_CLK", SerialPins.PHY_CLOCK);
        phy.put("MDIO_DATA_WRITE1", SerialPins.PHY_OUT);
        phy.put("MDIO_ENB_IN", SerialPins.PHY_LISTEN);
        phy.put("MDIO_DATA_READ", SerialPins.PHY_IN);
        phy.forEach((name, value) -> checkIn("mdioConstants", name, value));
    }

    @Test
    void storesEachHalfOfASetupWordTwice() {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[SetupFrame.BYTES]);
        SetupFrame.address(frame, 15, 0x00163E112233L);
        final byte[] entry = new byte[SetupFrame.ENTRY_BYTES];
        frame.getBytes(15 * SetupFrame.ENTRY_BYTES, entry);
        assertThat(entry)
                .containsExactly(0, 0x16, 0, 0x16, 0x3E, 0x11, 0x3E, 0x11, 0x22, 0x33, 0x22, 0x33);
        assertThat(SetupFrame.address(frame, 15)).isEqualTo(0x00163E112233L);
        assertThat(SetupFrame.ENTRIES * SetupFrame.ENTRY_BYTES).isEqualTo(SetupFrame.BYTES);
        assertThat(SetupFrame.HASH_STATION * SetupFrame.ENTRY_BYTES).isEqualTo(156);
        // 0x08000000 and 0x08400000, as the facts' setupFrame has them.
        assertThat(TulipDescriptor.SETUP).isEqualTo(0x0800_0000);
        assertThat(TulipDescriptor.SETUP | TulipDescriptor.SETUP_HASH).isEqualTo(0x0840_0000);
    }

    private void check(final Map<String, Integer> ours) {
        ours.forEach((name, value) ->
                assertThat(Integer.toUnsignedLong(value)).as(name).isEqualTo(facts.constant(name)));
    }

    private void checkIn(final String group, final String name, final int value) {
        assertThat(facts.value(group, name)).as(name).hasToString(String.valueOf(value));
    }
}
