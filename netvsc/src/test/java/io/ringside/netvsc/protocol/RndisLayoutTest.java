package io.ringside.netvsc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class RndisLayoutTest {
    private static final WireFacts FACTS = WireFacts.load("hv-netvsc");
    private static final int BODY = RndisRequest.HEADER_BYTES;
    private static final byte STALE = (byte) 0xa5;

    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[256]);
    private final UnsafeBuffer expected = new UnsafeBuffer(new byte[256]);

    private void stale() {
        memory.setMemory(0, memory.capacity(), STALE);
        expected.setMemory(0, expected.capacity(), STALE);
    }

    private void expect(final int type, final int length) {
        expected.putInt(FACTS.struct("rndis_message").offset("ndis_msg_type"), type);
        expected.putInt(FACTS.struct("rndis_message").offset("msg_len"), length);
    }

    private void expect(final String struct, final String field, final long value) {
        expected.putInt(BODY + FACTS.struct(struct).offset(field), (int) value);
    }

    private void holds(final String what) {
        assertThat(hex(memory)).as(what).isEqualTo(hex(expected));
    }

    @Test
    void laysRequestsAtTheBytesOfRndisH() {
        final RndisRequest request = new RndisRequest().wrap(memory, 0, 256);
        stale();
        request.putInitialize(0x11121314, 0x4000);
        expect(2, computed("RNDIS_MESSAGE_SIZE(init_req)"));
        expect("rndis_initialize_request", "req_id", 0x11121314);
        expect("rndis_initialize_request", "major_ver", FACTS.constant("RNDIS_MAJOR_VERSION"));
        expect("rndis_initialize_request", "minor_ver", FACTS.constant("RNDIS_MINOR_VERSION"));
        expect("rndis_initialize_request", "max_xfer_size", 0x4000);
        holds("initialize");
        assertThat(request.maxTransferBytes()).isEqualTo(0x4000);
        stale();
        request.putSet(7, Oid.GEN_CURRENT_PACKET_FILTER, 4);
        expect(5, computed("RNDIS_MESSAGE_SIZE(set_req)") + 4);
        expect("rndis_set_request", "req_id", 7);
        expect("rndis_set_request", "oid", FACTS.constant("RNDIS_OID_GEN_CURRENT_PACKET_FILTER"));
        expect("rndis_set_request", "info_buflen", 4);
        expect("rndis_set_request", "info_buf_offset", 20);
        expect("rndis_set_request", "dev_vc_handle", 0);
        holds("set");
        assertThat(RndisRequest.INFO_OFFSET)
                .isEqualTo(BODY + FACTS.struct("rndis_set_request").size());
        stale();
        request.putHalt(9);
        expect(3, computed("RNDIS_MESSAGE_SIZE(halt)"));
        expect("rndis_halt_request", "req_id", 9);
        holds("halt");
        stale();
        request.putReset();
        expect(6, BODY + FACTS.struct("rndis_reset_request").size());
        expect("rndis_reset_request", "reserved", 0);
        holds("reset");
        stale();
        request.putKeepalive(11);
        expect(8, BODY + FACTS.struct("rndis_keepalive_request").size());
        expect("rndis_keepalive_request", "req_id", 11);
        holds("keepalive");
    }

    @Test
    void laysCompletionsAtTheBytesOfRndisH() {
        final RndisCompletion completion = new RndisCompletion().wrap(memory, 0, 256);
        stale();
        completion.putInitialize(3, 0, 8, 0x4000, 3);
        expect(0x8000_0002, computed("RNDIS_MESSAGE_SIZE(init_complete)"));
        expect("rndis_initialize_complete", "req_id", 3);
        expect("rndis_initialize_complete", "status", 0);
        expect("rndis_initialize_complete", "major_ver", 1);
        expect("rndis_initialize_complete", "minor_ver", 0);
        expect("rndis_initialize_complete", "dev_flags", FACTS.constant("RNDIS_DF_CONNECTIONLESS"));
        expect("rndis_initialize_complete", "medium", FACTS.constant("RNDIS_MEDIUM_802_3"));
        expect("rndis_initialize_complete", "max_pkt_per_msg", 8);
        expect("rndis_initialize_complete", "max_xfer_size", 0x4000);
        expect("rndis_initialize_complete", "pkt_alignment_factor", 3);
        expect("rndis_initialize_complete", "af_list_offset", 0);
        expect("rndis_initialize_complete", "af_list_size", 0);
        holds("initialize");
        assertThat(completion.maxPackets()).isEqualTo(8);
        assertThat(completion.alignmentShift()).isEqualTo(3);
        stale();
        completion.putQuery(5, RndisStatus.SUCCESS, 6);
        expect(0x8000_0004, computed("RNDIS_MESSAGE_SIZE(query_complete)") + 6);
        expect("rndis_query_complete", "req_id", 5);
        expect("rndis_query_complete", "status", 0);
        expect("rndis_query_complete", "info_buflen", 6);
        expect("rndis_query_complete", "info_buf_offset", 16);
        holds("query");
        assertThat(completion.infoOffset(30)).isEqualTo(24);
        assertThat(completion.infoOffset(29)).isEqualTo(RndisCompletion.NO_INFO);
        stale();
        completion.putSet(5, RndisStatus.NOT_SUPPORTED);
        expect(0x8000_0005, computed("RNDIS_MESSAGE_SIZE(set_complete)"));
        expect("rndis_set_complete", "req_id", 5);
        expect("rndis_set_complete", "status", FACTS.constant("RNDIS_STATUS_NOT_SUPPORTED"));
        holds("set");
        stale();
        completion.putReset(0, true);
        expect(0x8000_0006, BODY + FACTS.struct("rndis_reset_complete").size());
        expect("rndis_reset_complete", "status", 0);
        expect("rndis_reset_complete", "addressing_reset", 1);
        holds("reset");
        stale();
        completion.putKeepalive(6, 0);
        expect(0x8000_0008, BODY + FACTS.struct("rndis_keepalive_complete").size());
        expect("rndis_keepalive_complete", "req_id", 6);
        expect("rndis_keepalive_complete", "status", 0);
        holds("keepalive");
    }

    @Test
    void laysAnIndicationAtTheBytesOfRndisH() {
        final RndisIndication indication = new RndisIndication().wrap(memory, 0, 256);
        stale();
        indication.put(RndisStatus.LINK_SPEED_CHANGE, 4);
        expect(7, computed("RNDIS_MESSAGE_SIZE(indicate)") + 4);
        expect("rndis_indicate_status", "status", 0x4001_0013);
        expect("rndis_indicate_status", "status_buflen", 4);
        expect("rndis_indicate_status", "status_buf_offset", 12);
        holds("indication");
        assertThat(indication.bufferOffset(24)).isEqualTo(RndisIndication.BYTES);
        assertThat(indication.bufferOffset(23)).isEqualTo(RndisIndication.NO_BUFFER);
        memory.putInt(16, -8);
        assertThat(indication.bufferOffset(256)).isEqualTo(RndisIndication.NO_BUFFER);
    }

    @Test
    void laysAPacketAtTheBytesOfRndisH() {
        stale();
        RndisPacket.put(memory, 0, 32, 60, 136);
        expect(1, 136);
        expect("rndis_packet", "data_offset", 36 + 32);
        expect("rndis_packet", "data_len", 60);
        expect("rndis_packet", "oob_data_offset", 0);
        expect("rndis_packet", "oob_data_len", 0);
        expect("rndis_packet", "num_oob_data_elements", 0);
        expect("rndis_packet", "per_pkt_info_offset", 36);
        expect("rndis_packet", "per_pkt_info_len", 32);
        expect("rndis_packet", "vc_handle", 0);
        expect("rndis_packet", "reserved", 0);
        holds("packet");
        assertThat(RndisPacket.HEADER_BYTES).isEqualTo(computed("RNDIS_MESSAGE_SIZE(packet)"));
        final RndisPacket packet = new RndisPacket();
        assertThat(packet.read(memory, 0, 136)).isTrue();
        assertThat(packet.messageBytes()).isEqualTo(136);
        assertThat(packet.frameOffset()).isEqualTo(76);
        assertThat(packet.frameBytes()).isEqualTo(60);
        assertThat(packet.infoOffset()).isEqualTo(44);
        assertThat(packet.infoBytes()).isEqualTo(32);
        assertThat(packet.read(memory, 0, 135)).isFalse();
        assertThat(packet.read(memory, 0, 43)).isFalse();
    }

    /** Every word at its edges: what lies outside of the message is refused, and nothing throws. */
    @Test
    void refusesPacketsWhosePartsLieOutside() {
        final RndisPacket packet = new RndisPacket();
        final int[] bad = {0, 1, 35, 121, 200, 0x7fff_ffff, 0x8000_0000, 0xffff_fffc, -1};
        for (final String field : new String[] {"data_offset", "data_len", "per_pkt_info_len"}) {
            for (final int value : bad) {
                RndisPacket.put(memory, 0, 32, 60, 128 + BODY);
                memory.putInt(BODY + FACTS.struct("rndis_packet").offset(field), value);
                final boolean isFine = value >= 0 && value <= 35 && !"data_offset".equals(field);
                assertThat(packet.read(memory, 0, 256)).as("%s=%d", field, value).isEqualTo(isFine);
            }
        }
        for (final int length : new int[] {0, 43, 257, -1, 0x8000_0000}) {
            RndisPacket.put(memory, 0, 0, 60, length);
            assertThat(packet.read(memory, 0, 256)).as("length=%d", length).isFalse();
        }
    }

    @Test
    void laysPerPacketInfoAtTheBytesOfHypervNetH() {
        final WireFacts.Struct record = FACTS.struct("rndis_per_packet_info");
        stale();
        final int end = PerPacketInfo.put(memory, 0, PerPacketInfo.FRAGMENT, 0x21222324);
        expected.putInt(record.offset("size"), 16);
        expected.putInt(record.offset("type"), 0x8000_0001);
        expected.putInt(record.offset("ppi_offset"), record.size());
        expected.putInt(record.size(), 0x21222324);
        holds("record");
        assertThat(end).isEqualTo(PerPacketInfo.RECORD_BYTES);
        int at = PerPacketInfo.put(memory, end, PerPacketInfo.CHECKSUM, 1);
        at = PerPacketInfo.put(memory, at, PerPacketInfo.VLAN, 2);
        at = PerPacketInfo.put(memory, at, PerPacketInfo.ORIGINAL_PACKET, 99);
        at = PerPacketInfo.put(memory, at, PerPacketInfo.HASH_VALUE, 3);
        at = PerPacketInfo.put(memory, at, PerPacketInfo.LARGE_SEND, 4);
        final PerPacketInfo info = new PerPacketInfo();
        assertThat(info.read(memory, 0, at)).isTrue();
        assertThat(info.hasFragment() && info.hasChecksum() && info.hasVlan()).isTrue();
        assertThat(info.hasHash() && info.hasLargeSend()).isTrue();
        assertThat(info.fragment()).isEqualTo(0x21222324);
        assertThat(info.checksum()).isEqualTo(1);
        assertThat(info.vlan()).isEqualTo(2);
        assertThat(info.hash()).isEqualTo(3);
        assertThat(info.largeSend()).isEqualTo(4);
        assertThat(info.read(memory, 0, 16)).isTrue();
        assertThat(info.hasChecksum()).isFalse();
    }

    @Test
    void refusesPerPacketInfoThatLiesOutside() {
        final PerPacketInfo info = new PerPacketInfo();
        for (final int size : new int[] {0, 4, 8, 13, 15, 17, 20, -1, 0x8000_0000, 0x7fff_fffc}) {
            PerPacketInfo.put(memory, 0, PerPacketInfo.VLAN, 1);
            memory.putInt(0, size);
            assertThat(info.read(memory, 0, 16)).as("size=%d", size).isFalse();
        }
        for (final int offset : new int[] {0, 8, 13, 16, -4, 0x7fff_ffff}) {
            PerPacketInfo.put(memory, 0, PerPacketInfo.VLAN, 1);
            memory.putInt(8, offset);
            assertThat(info.read(memory, 0, 16)).as("offset=%d", offset).isFalse();
        }
        assertThat(info.read(memory, 0, 11)).isFalse();
    }

    @Test
    void laysTheWordsOfPerPacketInfoAtTheBitsOfHypervNetH() {
        final String sums = "ndis_tcp_ip_checksum_info";
        assertThat(ChecksumInfo.IS_IPV6).isEqualTo(1 << bit(sums, "transmit.is_ipv6"));
        assertThat(ChecksumInfo.WANT_TCP).isEqualTo(1 << bit(sums, "transmit.tcp_checksum"));
        assertThat(ChecksumInfo.WANT_UDP).isEqualTo(1 << bit(sums, "transmit.udp_checksum"));
        assertThat(ChecksumInfo.WANT_IP_HEADER)
                .isEqualTo(1 << bit(sums, "transmit.ip_header_checksum"));
        assertThat(ChecksumInfo.toSend(0, 34))
                .isEqualTo(34 << bit(sums, "transmit.tcp_header_offset"));
        assertThat(ChecksumInfo.transportOffset(ChecksumInfo.toSend(31, 1023))).isEqualTo(1023);
        assertThat(ChecksumInfo.IP_FAILED).isEqualTo(1 << bit(sums, "receive.ip_checksum_failed"));
        assertThat(ChecksumInfo.TCP_SUCCEEDED)
                .isEqualTo(1 << bit(sums, "receive.tcp_checksum_succeeded"));
        assertThat(ChecksumInfo.UDP_SUCCEEDED)
                .isEqualTo(1 << bit(sums, "receive.udp_checksum_succeeded"));
        final String lso = "ndis_tcp_lso_info";
        final int word = LargeSendInfo.version2(1448, 54, true);
        assertThat(word)
                .isEqualTo(
                        1448 << bit(lso, "lso_v2_transmit.mss")
                                | 54 << bit(lso, "lso_v2_transmit.tcp_header_offset")
                                | 1 << bit(lso, "lso_v2_transmit.type")
                                | 1 << bit(lso, "lso_v2_transmit.ip_version"));
        assertThat(LargeSendInfo.segmentBytes(word)).isEqualTo(1448);
        assertThat(LargeSendInfo.tcpOffset(word)).isEqualTo(54);
        assertThat(LargeSendInfo.isVersion2(word) && LargeSendInfo.isIpv6(word)).isTrue();
        assertThat(LargeSendInfo.isVersion2(LargeSendInfo.version1(1448, 54))).isFalse();
        final String vlan = "ndis_pkt_8021q_info";
        assertThat(VlanInfo.ofTag(5 << 13 | 1 << 12 | 0xabc))
                .isEqualTo(
                        5 << bit(vlan, "pri")
                                | 1 << bit(vlan, "cfi")
                                | 0xabc << bit(vlan, "vlanid"));
        for (int tag = 0; tag <= 0xffff; tag++) {
            assertThat(VlanInfo.tag(VlanInfo.ofTag(tag))).isEqualTo(tag);
        }
        final WireFacts.Struct id = FACTS.struct("rndis_pktinfo_id");
        final int fragment = FragmentInfo.of(FragmentInfo.FIRST | FragmentInfo.LAST, 0xfedc);
        expected.putByte(id.offset("ver"), (byte) FACTS.constant("RNDIS_PKTINFO_ID_V1"));
        expected.putByte(
                id.offset("flag"),
                (byte)
                        (FACTS.constant("RNDIS_PKTINFO_1ST_FRAG")
                                | FACTS.constant("RNDIS_PKTINFO_LAST_FRAG")));
        expected.putShort(id.offset("pkt_id"), (short) 0xfedc);
        assertThat(fragment).isEqualTo(expected.getInt(0));
        assertThat(FragmentInfo.id(fragment)).isEqualTo(0xfedc);
        assertThat(FragmentInfo.isFirst(fragment) && FragmentInfo.isLast(fragment)).isTrue();
        assertThat(FragmentInfo.version(fragment)).isEqualTo(1);
        assertThat(FACTS.constant("NVSP_RSC_MAX")).isEqualTo(FragmentInfo.MOST_FRAGMENTS);
    }

    @Test
    void numbersEveryOidAsTheHeaders() throws IllegalAccessException {
        int held = 0;
        for (final Field field : Oid.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
                final String name = field.getName().replace("ETHERNET_", "802_3_");
                assertThat(field.getInt(null)).as(name).isEqualTo((int) oid(name));
                held++;
            }
        }
        assertThat(held).isGreaterThan(50);
    }

    private static long oid(final String name) {
        if (name.equals("GEN_MAX_LINK_SPEED") || name.equals("GEN_LINK_STATE")) {
            return name.equals("GEN_LINK_STATE") ? 0x10207 : 0x10206; // Only in ntddndis.h.
        }
        try {
            return FACTS.constant("RNDIS_OID_" + name);
        } catch (final IllegalArgumentException e) {
            return FACTS.constant("OID_" + name);
        }
    }

    @Test
    void numbersStatusesAndFiltersAsTheHeaders() throws IllegalAccessException {
        for (final Field field : RndisStatus.class.getFields()) {
            assertThat(field.getInt(null))
                    .as(field.getName())
                    .isEqualTo((int) FACTS.constant("RNDIS_STATUS_" + field.getName()));
        }
        assertThat(FACTS.constant("NDIS_PACKET_TYPE_DIRECTED")).isEqualTo(PacketFilter.DIRECTED);
        assertThat(FACTS.constant("NDIS_PACKET_TYPE_MULTICAST")).isEqualTo(PacketFilter.MULTICAST);
        assertThat(FACTS.constant("NDIS_PACKET_TYPE_ALL_MULTICAST"))
                .isEqualTo(PacketFilter.ALL_MULTICAST);
        assertThat(FACTS.constant("NDIS_PACKET_TYPE_BROADCAST")).isEqualTo(PacketFilter.BROADCAST);
        assertThat(FACTS.constant("NDIS_PACKET_TYPE_PROMISCUOUS"))
                .isEqualTo(PacketFilter.PROMISCUOUS);
    }

    private static int bit(final String struct, final String field) {
        for (final Object each : (Iterable<?>) FACTS.value("structs", struct, "fields")) {
            if (each instanceof Map<?, ?> facts && field.equals(facts.get("name"))) {
                return ((Number) Objects.requireNonNull(facts.get("bitPos"))).intValue();
            }
        }
        throw new IllegalArgumentException("no such bit: field=" + field);
    }

    private static int computed(final String name) {
        return ((Number) FACTS.value("computed", name)).intValue();
    }

    private static String hex(final UnsafeBuffer memory) {
        return HexFormat.ofDelimiter(" ").formatHex(memory.byteArray());
    }
}
