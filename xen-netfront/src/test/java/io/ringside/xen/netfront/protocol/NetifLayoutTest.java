package io.ringside.xen.netfront.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.testkit.WireFacts;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NetifLayoutTest {
    private static final WireFacts FACTS = WireFacts.load("xen-netif");
    private static final WireFacts RING_FACTS = WireFacts.load("xen-ring");
    private static final byte STALE = (byte) 0xa5;
    private static final int AT = 8;

    @Test
    void laysATxRequestAtTheBytesOfNetifH() {
        final WireFacts.Struct struct = FACTS.struct("netif_tx_request");
        final UnsafeBuffer slot = stale();
        final TxRequest request = new TxRequest().wrap(slot, AT);
        request.put(0xf1020304, 0xfe05, 0xfd06, 0xfc07, 0xfb08);

        final UnsafeBuffer expected = stale();
        put(expected, struct, "gref", 0xf1020304);
        put(expected, struct, "offset", 0xfe05);
        put(expected, struct, "flags", 0xfd06);
        put(expected, struct, "id", 0xfc07);
        put(expected, struct, "size", 0xfb08);
        assertThat(hex(slot)).isEqualTo(hex(expected));
        assertThat(TxRequest.BYTES).isEqualTo(struct.size());
        assertThat(request.reference()).isEqualTo(0xf1020304);
        assertThat(request.pageOffsetBytes()).isEqualTo(0xfe05);
        assertThat(request.flags()).isEqualTo(0xfd06);
        assertThat(request.id()).isEqualTo(0xfc07);
        assertThat(request.sizeBytes()).isEqualTo(0xfb08);
    }

    @Test
    void laysATxResponseAtTheBytesOfNetifH() {
        final WireFacts.Struct struct = FACTS.struct("netif_tx_response");
        final UnsafeBuffer slot = stale();
        final TxResponse response = new TxResponse().wrap(slot, AT);
        response.put(0xfc07, -2);

        final UnsafeBuffer expected = stale();
        put(expected, struct, "id", 0xfc07);
        put(expected, struct, "status", -2);
        assertThat(hex(slot)).isEqualTo(hex(expected));
        assertThat(TxResponse.BYTES).isEqualTo(struct.size());
        assertThat(response.id()).isEqualTo(0xfc07);
        assertThat(response.status()).isEqualTo(-2);
        assertThat(FACTS.struct("netif_tx_sring_entry").size()).isEqualTo(TxRequest.BYTES);
    }

    @Test
    void laysAnRxRequestAtTheBytesOfNetifH() {
        final WireFacts.Struct struct = FACTS.struct("netif_rx_request");
        final UnsafeBuffer slot = stale();
        final RxRequest request = new RxRequest().wrap(slot, AT);
        request.put(0xfc07, 0xf1020304);

        final UnsafeBuffer expected = stale();
        put(expected, struct, "id", 0xfc07);
        put(expected, struct, "pad", 0);
        put(expected, struct, "gref", 0xf1020304);
        assertThat(hex(slot)).isEqualTo(hex(expected));
        assertThat(RxRequest.BYTES).isEqualTo(struct.size());
        assertThat(request.id()).isEqualTo(0xfc07);
        assertThat(request.reference()).isEqualTo(0xf1020304);
    }

    @Test
    void laysAnRxResponseAtTheBytesOfNetifH() {
        final WireFacts.Struct struct = FACTS.struct("netif_rx_response");
        final UnsafeBuffer slot = stale();
        final RxResponse response = new RxResponse().wrap(slot, AT);
        response.put(0xfc07, 0xfe05, 0xfd06, -3);

        final UnsafeBuffer expected = stale();
        put(expected, struct, "id", 0xfc07);
        put(expected, struct, "offset", 0xfe05);
        put(expected, struct, "flags", 0xfd06);
        put(expected, struct, "status", -3);
        assertThat(hex(slot)).isEqualTo(hex(expected));
        assertThat(RxResponse.BYTES).isEqualTo(struct.size());
        assertThat(response.id()).isEqualTo(0xfc07);
        assertThat(response.pageOffsetBytes()).isEqualTo(0xfe05);
        assertThat(response.flags()).isEqualTo(0xfd06);
        assertThat(response.status()).isEqualTo(-3);
        assertThat(FACTS.struct("netif_rx_sring_entry").size()).isEqualTo(RxRequest.BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"netif_extra_info", "xen_netif_extra_info@linux6.1"})
    void laysEachKindOfExtraInfoAtTheBytesOfNetifH(final String name) {
        final WireFacts.Struct struct = FACTS.struct(name);
        final UnsafeBuffer slot = stale();
        final ExtraInfo extra = new ExtraInfo().wrap(slot, AT);
        assertThat(ExtraInfo.BYTES).isEqualTo(struct.size());

        extra.putGso(ExtraInfo.MORE, GsoType.TCP_IPV6, 0xfeb4);
        UnsafeBuffer expected = zeroed(struct, ExtraInfo.GSO, 1);
        put(expected, struct, "u.gso.size", 0xfeb4);
        put(expected, struct, "u.gso.type", 2);
        assertThat(hex(slot)).isEqualTo(hex(expected));
        assertThat(extra.type()).isEqualTo(ExtraInfo.GSO);
        assertThat(extra.flags()).isEqualTo(1);
        assertThat(extra.gsoSegmentBytes()).isEqualTo(0xfeb4);
        assertThat(extra.gsoType()).isEqualTo(2);
        put(slot, struct, "u.gso.features", 0xf001);
        assertThat(extra.gsoFeatures()).isEqualTo(0xf001);

        extra.putMulticast(ExtraInfo.MULTICAST_DELETE, 0, 0x8182838485f6L);
        expected = zeroed(struct, ExtraInfo.MULTICAST_DELETE, 0);
        final byte[] address = HexFormat.of().parseHex("8182838485f6");
        expected.putBytes(AT + struct.offset("u.mcast.addr"), address);
        assertThat(hex(slot)).isEqualTo(hex(expected));
        assertThat(extra.multicastAddress()).isEqualTo(0x8182838485f6L);

        extra.putHash(0, HashControl.IPV6_TCP, HashControl.ALGORITHM_TOEPLITZ, 0xf1020304);
        expected = zeroed(struct, ExtraInfo.HASH, 0);
        put(expected, struct, "u.hash.type", 3);
        put(expected, struct, "u.hash.algorithm", 1);
        expected.putInt(AT + struct.offset("u.hash.value"), 0xf1020304, ByteOrder.LITTLE_ENDIAN);
        assertThat(hex(slot)).isEqualTo(hex(expected));
        assertThat(extra.hashType()).isEqualTo(3);
        assertThat(extra.hashAlgorithm()).isEqualTo(1);
        assertThat(extra.hashValue()).isEqualTo(0xf1020304);
    }

    @Test
    void laysTheHeadroomAtTheBytesOfLinuxsNetifH() {
        final WireFacts.Struct struct = FACTS.struct("xen_netif_extra_info@linux6.1");
        final UnsafeBuffer slot = stale();
        final ExtraInfo extra = new ExtraInfo().wrap(slot, AT);
        extra.putXdp(0, 0x7f01);

        final UnsafeBuffer expected = zeroed(struct, ExtraInfo.XDP, 0);
        put(expected, struct, "u.xdp.headroom", 0x7f01);
        assertThat(hex(slot)).isEqualTo(hex(expected));
        assertThat(extra.xdpHeadroomBytes()).isEqualTo(0x7f01);
    }

    @Test
    void laysControlRequestsAndTheirAnswersAtTheBytesOfNetifH() {
        final WireFacts.Struct asked = FACTS.struct("xen_netif_ctrl_request");
        final UnsafeBuffer slot = stale();
        final CtrlRequest request = new CtrlRequest().wrap(slot, AT);
        request.put(0xfc07, 0xfe06, -1, 0xf1020304, 5);
        UnsafeBuffer expected = stale();
        put(expected, asked, "id", 0xfc07);
        put(expected, asked, "type", 0xfe06);
        for (int i = 0; i < 3; i++) {
            expected.putInt(
                    AT + asked.offset("data") + 4 * i,
                    new int[] {-1, 0xf1020304, 5}[i],
                    ByteOrder.LITTLE_ENDIAN);
        }
        assertThat(hex(slot)).isEqualTo(hex(expected));
        assertThat(CtrlRequest.BYTES).isEqualTo(asked.size());
        assertThat(request.id()).isEqualTo(0xfc07);
        assertThat(request.type()).isEqualTo(0xfe06);
        assertThat(request.data(1)).isEqualTo(0xf1020304);
        assertThatThrownBy(() -> request.data(3)).hasMessageContaining("index=3");

        final WireFacts.Struct answered = FACTS.struct("xen_netif_ctrl_response");
        final UnsafeBuffer answerSlot = stale();
        final CtrlResponse response = new CtrlResponse().wrap(answerSlot, AT);
        response.put(0xfc07, 0xfe06, 3, -9);
        expected = stale();
        put(expected, answered, "id", 0xfc07);
        put(expected, answered, "type", 0xfe06);
        put(expected, answered, "status", 3);
        put(expected, answered, "data", -9);
        assertThat(hex(answerSlot)).isEqualTo(hex(expected));
        assertThat(CtrlResponse.BYTES).isEqualTo(answered.size());
        assertThat(response.id()).isEqualTo(0xfc07);
        assertThat(response.type()).isEqualTo(0xfe06);
        assertThat(response.status()).isEqualTo(3);
        assertThat(response.data()).isEqualTo(-9);
    }

    @Test
    void laysAKeptGrantAtTheBytesOfNetifH() {
        final WireFacts.Struct struct = FACTS.struct("xen_netif_gref");
        final UnsafeBuffer slot = stale();
        final NetifGref entry = new NetifGref().wrap(slot, AT);
        entry.put(0xf1020304, 0xfe05);
        final UnsafeBuffer expected = stale();
        put(expected, struct, "ref", 0xf1020304);
        put(expected, struct, "flags", 0xfe05);
        put(expected, struct, "status", 0);
        assertThat(hex(slot)).isEqualTo(hex(expected));
        entry.putStatus(0xf002);
        put(expected, struct, "status", 0xf002);
        assertThat(hex(slot)).isEqualTo(hex(expected));
        assertThat(NetifGref.BYTES).isEqualTo(struct.size());
        assertThat(entry.reference()).isEqualTo(0xf1020304);
        assertThat(entry.flags()).isEqualTo(0xfe05);
        assertThat(entry.status()).isEqualTo(0xf002);
    }

    @Test
    void callsEveryNumberAsNetifHDoes() {
        final Map<String, Integer> ours =
                Map.ofEntries(
                        Map.entry("XEN_NETIF_NR_SLOTS_MIN", NetifLimits.PACKET_SLOTS),
                        Map.entry("XEN_NETIF_MAX_TX_SIZE", NetifLimits.MAX_PACKET_BYTES),
                        Map.entry("_XEN_NETIF_CTRL_HASH_TYPE_IPV4", HashControl.IPV4),
                        Map.entry("_XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP", HashControl.IPV4_TCP),
                        Map.entry("_XEN_NETIF_CTRL_HASH_TYPE_IPV6", HashControl.IPV6),
                        Map.entry("_XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP", HashControl.IPV6_TCP),
                        Map.entry("XEN_NETIF_CTRL_HASH_TYPE_IPV4", HashControl.IPV4_BIT),
                        Map.entry("XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP", HashControl.IPV4_TCP_BIT),
                        Map.entry("XEN_NETIF_CTRL_HASH_TYPE_IPV6", HashControl.IPV6_BIT),
                        Map.entry("XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP", HashControl.IPV6_TCP_BIT),
                        Map.entry("XEN_NETIF_CTRL_HASH_ALGORITHM_NONE", HashControl.ALGORITHM_NONE),
                        Map.entry(
                                "XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ",
                                HashControl.ALGORITHM_TOEPLITZ),
                        Map.entry("XEN_NETIF_CTRLF_GREF_readonly", NetifGref.READ_ONLY),
                        Map.entry("NETTXF_csum_blank", TxRequest.CHECKSUM_BLANK),
                        Map.entry("NETTXF_data_validated", TxRequest.DATA_VALIDATED),
                        Map.entry("NETTXF_more_data", TxRequest.MORE_DATA),
                        Map.entry("NETTXF_extra_info", TxRequest.EXTRA_INFO),
                        Map.entry("NETRXF_data_validated", RxResponse.DATA_VALIDATED),
                        Map.entry("NETRXF_csum_blank", RxResponse.CHECKSUM_BLANK),
                        Map.entry("NETRXF_more_data", RxResponse.MORE_DATA),
                        Map.entry("NETRXF_extra_info", RxResponse.EXTRA_INFO),
                        Map.entry("NETRXF_gso_prefix", RxResponse.GSO_PREFIX),
                        Map.entry("XEN_NETIF_EXTRA_TYPE_NONE", ExtraInfo.NONE),
                        Map.entry("XEN_NETIF_EXTRA_TYPE_GSO", ExtraInfo.GSO),
                        Map.entry("XEN_NETIF_EXTRA_TYPE_MCAST_ADD", ExtraInfo.MULTICAST_ADD),
                        Map.entry("XEN_NETIF_EXTRA_TYPE_MCAST_DEL", ExtraInfo.MULTICAST_DELETE),
                        Map.entry("XEN_NETIF_EXTRA_TYPE_HASH", ExtraInfo.HASH),
                        Map.entry("XEN_NETIF_EXTRA_FLAG_MORE", ExtraInfo.MORE),
                        Map.entry("XEN_NETIF_GSO_TYPE_NONE", GsoType.NONE),
                        Map.entry("XEN_NETIF_GSO_TYPE_TCPV4", GsoType.TCP_IPV4),
                        Map.entry("XEN_NETIF_GSO_TYPE_TCPV6", GsoType.TCP_IPV6),
                        Map.entry("NETIF_RSP_DROPPED", NetifStatus.DROPPED),
                        Map.entry("NETIF_RSP_ERROR", NetifStatus.ERROR),
                        Map.entry("NETIF_RSP_OKAY", NetifStatus.OKAY),
                        Map.entry("NETIF_RSP_NULL", NetifStatus.NULL));
        ours.forEach(
                (name, value) -> assertThat((long) value).as(name).isEqualTo(FACTS.constant(name)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INVALID",
                "GET_HASH_FLAGS",
                "SET_HASH_FLAGS",
                "SET_HASH_KEY",
                "GET_HASH_MAPPING_SIZE",
                "SET_HASH_MAPPING_SIZE",
                "SET_HASH_MAPPING",
                "SET_HASH_ALGORITHM",
                "GET_GREF_MAPPING_SIZE",
                "ADD_GREF_MAPPING",
                "DEL_GREF_MAPPING"
            })
    void callsEveryControlTypeAsNetifHDoes(final String name) throws ReflectiveOperationException {
        final int value = CtrlType.class.getField(name).getInt(null);
        assertThat((long) value).isEqualTo(FACTS.constant("XEN_NETIF_CTRL_TYPE_" + name));
        assertThat(CtrlType.name(value)).isEqualToIgnoringCase(name.replace("_", ""));
        assertThat(CtrlType.name(11)).isEqualTo("[11]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SUCCESS", "NOT_SUPPORTED", "INVALID_PARAMETER", "BUFFER_OVERFLOW"})
    void callsEveryControlStatusAsNetifHDoes(final String name)
            throws ReflectiveOperationException {
        final int value = CtrlStatus.class.getField(name).getInt(null);
        assertThat((long) value).isEqualTo(FACTS.constant("XEN_NETIF_CTRL_STATUS_" + name));
        assertThat(CtrlStatus.name(value)).isEqualToIgnoringCase(name.replace("_", ""));
        assertThat(CtrlStatus.name(-1)).isEqualTo("[-1]");
    }

    @Test
    void keepsTheBoundsOfLinuxsBackend() {
        assertThat(FACTS.value("driverConstants", "netback", "XEN_NETBK_MCAST_MAX"))
                .isEqualTo(NetifLimits.MAX_MULTICAST_ADDRESSES);
        assertThat(FACTS.value("driverConstants", "netback", "XEN_NETBK_MAX_HASH_KEY_SIZE"))
                .isEqualTo(HashControl.MAX_KEY_BYTES);
        assertThat(FACTS.value("driverConstants", "netback", "XEN_NETBK_MAX_HASH_MAPPING_SIZE"))
                .isEqualTo(HashControl.MAX_MAPPING_ENTRIES);
        assertThat(FACTS.value("driverConstants", "netback", "FATAL_SKB_SLOTS_DEFAULT"))
                .isEqualTo(NetifLimits.REFUSED_PACKET_SLOTS);
        assertThat(FACTS.value("linuxOnlyConstants", "XEN_NETIF_MAX_XDP_HEADROOM"))
                .isEqualTo(NetifLimits.MAX_XDP_HEADROOM_BYTES);
        assertThat(FACTS.value("linuxOnlyConstants", "XEN_NETIF_EXTRA_TYPE_XDP"))
                .isEqualTo(ExtraInfo.XDP);
        assertThat(RING_FACTS.value("ringSizeByPages", "netif_tx", "1"))
                .isEqualTo(NetifLimits.TX_SLOTS);
        assertThat(RING_FACTS.value("ringSizeByPages", "netif_rx", "1"))
                .isEqualTo(NetifLimits.RX_SLOTS);
        assertThat(RING_FACTS.value("ringSizeByPages", "xen_netif_ctrl", "1"))
                .isEqualTo(NetifLimits.CTRL_SLOTS);
    }

    @Test
    void spellsAnAddressAsTheStoreDoes() {
        assertThat(MacAddress.parse("00:16:3e:5e:6C:07")).isEqualTo(0x00163e5e6c07L);
        assertThat(MacAddress.format(0x00163e5e6c07L)).isEqualTo("00:16:3e:5e:6c:07");
        assertThat(MacAddress.parse("ff:ff:ff:ff:ff:ff")).isEqualTo(0xffff_ffff_ffffL);
        for (final String text :
                new String[] {
                    null,
                    "",
                    "00:16:3e:5e:6c",
                    "00:16:3e:5e:6c:0",
                    "00:16:3e:5e:6c:0g",
                    "00-16-3e-5e-6c-07",
                    "00:16:3e:5e:6c:07:",
                    "00:16:3e:5e:6c:\u0660\u0661"
                }) {
            assertThat(MacAddress.parse(text)).as(text).isEqualTo(MacAddress.NONE);
        }
    }

    private static UnsafeBuffer stale() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[32]);
        buffer.setMemory(0, 32, STALE);
        return buffer;
    }

    private static UnsafeBuffer zeroed(
            final WireFacts.Struct struct, final int type, final int flags) {
        final UnsafeBuffer buffer = stale();
        buffer.setMemory(AT, struct.size(), (byte) 0);
        put(buffer, struct, "type", type);
        put(buffer, struct, "flags", flags);
        return buffer;
    }

    private static void put(
            final UnsafeBuffer buffer,
            final WireFacts.Struct struct,
            final String field,
            final int value) {
        final int at = AT + struct.offset(field);
        switch (struct.size(field)) {
            case 1 -> buffer.putByte(at, (byte) value);
            case 2 -> buffer.putShort(at, (short) value, ByteOrder.LITTLE_ENDIAN);
            case 4 -> buffer.putInt(at, value, ByteOrder.LITTLE_ENDIAN);
            default -> throw new AssertionError("no number: field=" + field);
        }
    }

    private static String hex(final UnsafeBuffer buffer) {
        return HexFormat.ofDelimiter(" ").formatHex(buffer.byteArray());
    }
}
