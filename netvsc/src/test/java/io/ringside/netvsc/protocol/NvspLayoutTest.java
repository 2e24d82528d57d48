package io.ringside.netvsc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class NvspLayoutTest {
    private static final WireFacts FACTS = WireFacts.load("hv-netvsc");
    private static final byte STALE = (byte) 0xa5;

    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[NvspMessage.BYTES]);
    private final UnsafeBuffer expected = new UnsafeBuffer(new byte[NvspMessage.BYTES]);
    private final NvspMessage message = new NvspMessage().wrap(memory, 0);

    /** Writes one message over stale memory and holds all 40 bytes against the facts. */
    private void holds(final String name, final Consumer<NvspMessage> put, final Object... fields) {
        memory.setMemory(0, NvspMessage.BYTES, STALE);
        expected.setMemory(0, NvspMessage.BYTES, (byte) 0);
        put.accept(message);
        expected.putInt(0, (int) FACTS.constant(name));
        final String struct = (String) FACTS.value("messages", name, "struct");
        for (int i = 0; i < fields.length; i += 2) {
            final String field = (String) fields[i];
            final long value = ((Number) fields[i + 1]).longValue();
            final int at = NvspMessage.HEADER_BYTES + FACTS.struct(struct).offset(field);
            switch (FACTS.struct(struct).size(field)) {
                case Short.BYTES -> expected.putShort(at, (short) value);
                case Long.BYTES -> expected.putLong(at, value);
                default -> expected.putInt(at, (int) value);
            }
        }
        assertThat(hex(memory)).as(name).isEqualTo(hex(expected));
        assertThat(NvspMessageType.leastBytes(message.type()))
                .as(name)
                .isEqualTo(((Number) FACTS.value("messages", name, "meaningfulBytes")).intValue());
    }

    @Test
    void laysEveryMessageOfTheHandshakeAtTheBytesOfHypervNetH() {
        assertThat(NvspMessage.BYTES).isEqualTo(FACTS.struct("nvsp_message").size());
        holds(
                "NVSP_MSG_TYPE_INIT",
                m -> m.putInit(0x60001),
                "min_protocol_ver",
                0x60001,
                "max_protocol_ver",
                0x60001);
        holds(
                "NVSP_MSG_TYPE_INIT_COMPLETE",
                m -> m.putInitComplete(0x50000, 34, 1),
                "negotiated_protocol_ver",
                0x50000,
                "max_mdl_chain_len",
                34,
                "status",
                1);
        assertThat(message.negotiatedVersion()).isEqualTo(0x50000);
        assertThat(message.mdlChainLength()).isEqualTo(34);
        assertThat(message.initStatus()).isEqualTo(1);
        holds(
                "NVSP_MSG1_TYPE_SEND_NDIS_VER",
                m -> m.putNdisVersion(6, 30),
                "ndis_major_ver",
                6,
                "ndis_minor_ver",
                30);
        assertThat(message.ndisMajor()).isEqualTo(6);
        assertThat(message.ndisMinor()).isEqualTo(30);
        holds(
                "NVSP_MSG2_TYPE_SEND_NDIS_CONFIG",
                m -> m.putNdisConfig(1514, NvspCapability.RSC | NvspCapability.IEEE_8021Q),
                "mtu",
                1514,
                "capability",
                0x88);
        assertThat(message.configuredFrameBytes()).isEqualTo(1514);
        assertThat(message.capability()).isEqualTo(0x88);
    }

    @Test
    void laysEveryMessageAboutBuffersAtTheBytesOfHypervNetH() {
        holds(
                "NVSP_MSG1_TYPE_SEND_RECV_BUF",
                m -> m.putReceiveBuffer(0xe1e10, NvspMessage.RECEIVE_BUFFER_ID),
                "gpadl_handle",
                0xe1e10,
                "id",
                FACTS.constant("NETVSC_RECEIVE_BUFFER_ID"));
        assertThat(message.gpadlHandle()).isEqualTo(0xe1e10);
        assertThat(message.bufferId()).isEqualTo(0xcafe);
        holds(
                "NVSP_MSG1_TYPE_SEND_SEND_BUF",
                m -> m.putSendBuffer(7, NvspMessage.SEND_BUFFER_ID),
                "gpadl_handle",
                7,
                "id",
                FACTS.constant("NETVSC_SEND_BUFFER_ID"));
        holds(
                "NVSP_MSG1_TYPE_REVOKE_RECV_BUF",
                m -> m.putRevokeReceiveBuffer(0xcafe),
                "id",
                0xcafe);
        assertThat(message.revokedId()).isEqualTo(0xcafe);
        holds("NVSP_MSG1_TYPE_REVOKE_SEND_BUF", m -> m.putRevokeSendBuffer(3), "id", 3);
        holds(
                "NVSP_MSG1_TYPE_SEND_SEND_BUF_COMPLETE",
                m -> m.putSendBufferComplete(1, 6144),
                "status",
                1,
                "section_size",
                6144);
        assertThat(message.sendSectionBytes()).isEqualTo(6144);
    }

    @Test
    void laysTheDivisionOfTheReceiveBufferAtTheBytesOfHypervNetH() {
        memory.setMemory(0, NvspMessage.BYTES, STALE);
        message.putReceiveBufferComplete(1, 1, 1728, 9709);
        final WireFacts.Struct complete =
                FACTS.struct("nvsp_1_message_send_receive_buffer_complete");
        final WireFacts.Struct section = FACTS.struct("nvsp_1_receive_buffer_section");
        final int at = NvspMessage.HEADER_BYTES + complete.offset("sections");
        expected.putInt(0, 102);
        expected.putInt(NvspMessage.HEADER_BYTES + complete.offset("status"), 1);
        expected.putInt(NvspMessage.HEADER_BYTES + complete.offset("num_sections"), 1);
        expected.putInt(at + section.offset("sub_alloc_size"), 1728);
        expected.putInt(at + section.offset("num_sub_allocs"), 9709);
        expected.putInt(at + section.offset("end_offset"), 1728 * 9709);
        assertThat(hex(memory)).isEqualTo(hex(expected));
        assertThat(message.receivePieces()).isEqualTo(1);
        assertThat(message.receivePieceOffset()).isZero();
        assertThat(message.receiveSectionBytes()).isEqualTo(1728);
        assertThat(message.receiveSectionCount()).isEqualTo(9709);
        assertThat(message.receivePieceEnd()).isEqualTo(1728 * 9709);
        assertThat(NvspMessageType.leastBytes(102)).isEqualTo(28);
    }

    @Test
    void laysEveryMessageOfTheDataPathAtTheBytesOfHypervNetH() {
        holds(
                "NVSP_MSG1_TYPE_SEND_RNDIS_PKT",
                m -> m.putRndisPacket(1, NvspMessage.NO_SECTION, 0),
                "channel_type",
                1,
                "send_buf_section_index",
                FACTS.constant("NETVSC_INVALID_INDEX"),
                "send_buf_section_size",
                0);
        assertThat(message.channel()).isEqualTo(NvspMessage.CHANNEL_CONTROL);
        assertThat(message.section()).isEqualTo(NvspMessage.NO_SECTION);
        holds(
                "NVSP_MSG1_TYPE_SEND_RNDIS_PKT",
                m -> m.putRndisPacket(0, 169, 6143),
                "channel_type",
                0,
                "send_buf_section_index",
                169,
                "send_buf_section_size",
                6143);
        assertThat(message.section()).isEqualTo(169);
        assertThat(message.sectionBytes()).isEqualTo(6143);
        holds(
                "NVSP_MSG1_TYPE_SEND_RNDIS_PKT_COMPLETE",
                m -> m.putRndisPacketComplete(NvspStatus.FAIL),
                "status",
                2);
        assertThat(message.status()).isEqualTo(NvspStatus.FAIL);
    }

    @Test
    void laysEveryMessageAboutChannelsAtTheBytesOfHypervNetH() {
        holds(
                "NVSP_MSG5_TYPE_SUBCHANNEL",
                m -> m.putSubChannelRequest(7),
                "op",
                FACTS.constant("NVSP_SUBCHANNEL_ALLOCATE"),
                "num_subchannels",
                7);
        assertThat(message.operation()).isEqualTo(NvspMessage.ALLOCATE);
        assertThat(message.channelCount()).isEqualTo(7);
        holds(
                "NVSP_MSG4_TYPE_SEND_VF_ASSOCIATION",
                m -> m.putVfAssociation(true, 9),
                "allocated",
                1,
                "serial",
                9);
        assertThat(message.isVfThere()).isTrue();
        assertThat(message.vfSerial()).isEqualTo(9);
        holds(
                "NVSP_MSG4_TYPE_SWITCH_DATA_PATH",
                m -> m.putSwitchDataPath(NvspMessage.PATH_VF),
                "active_datapath",
                FACTS.constant("NVSP_DATAPATH_VF"));
        holds(
                "NVSP_MSG5_TYPE_SEND_INDIRECTION_TABLE",
                m -> m.putSendIndirectionTable(16, 40),
                "count",
                FACTS.constant("VRSS_SEND_TAB_SIZE"),
                "offset",
                40);
        message.putSubChannelComplete(1, 3);
        assertThat(message.status()).isEqualTo(1);
        assertThat(message.channelCount()).isEqualTo(3);
    }

    /** Hosts up to version 6 wrote a wrong offset; a later one that does is refused. */
    @Test
    void findsTheSendTableWhereTheVersionSaysItIs() {
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[200]);
        final NvspMessage told = new NvspMessage().wrap(bytes, 0);
        told.putSendIndirectionTable(16, 13);
        assertThat(SendIndirectionTable.BYTES).isEqualTo(104);
        assertThat(SendIndirectionTable.offset(told, 104, NvspVersion.V6)).isEqualTo(40);
        assertThat(SendIndirectionTable.offset(told, 104, NvspVersion.V6_1)).isEqualTo(13);
        told.putSendIndirectionTable(16, 41);
        assertThat(SendIndirectionTable.offset(told, 104, NvspVersion.V6_1)).isEqualTo(-1);
        assertThat(SendIndirectionTable.offset(told, 112, NvspVersion.V6_1)).isEqualTo(41);
        told.putSendIndirectionTable(16, -4);
        assertThat(SendIndirectionTable.offset(told, 200, NvspVersion.V6_1)).isEqualTo(-1);
        told.putSendIndirectionTable(16, 8);
        assertThat(SendIndirectionTable.offset(told, 200, NvspVersion.V6_1)).isEqualTo(-1);
        told.putSendIndirectionTable(15, 40);
        assertThat(SendIndirectionTable.offset(told, 200, NvspVersion.V6)).isEqualTo(-1);
        final SendIndirectionTable table = new SendIndirectionTable().wrap(bytes, 40);
        table.put(15, -1);
        assertThat(bytes.getInt(100)).isEqualTo(-1);
        assertThat(table.channel(15)).isEqualTo(0xffff_ffffL);
    }

    @Test
    void numbersVersionsMessagesAndStatusesAsHypervNetH() {
        final Map<String, NvspVersion> versions =
                new TreeMap<>(
                        Map.of(
                                "1", NvspVersion.V1,
                                "2", NvspVersion.V2,
                                "4", NvspVersion.V4,
                                "5", NvspVersion.V5,
                                "6", NvspVersion.V6,
                                "61", NvspVersion.V6_1));
        versions.forEach((name, version) ->
                assertThat(FACTS.constant("NVSP_PROTOCOL_VERSION_" + name))
                        .isEqualTo(version.word()));
        assertThat(versions).hasSize(NvspVersion.values().length);
        assertThat(NvspVersion.of(0x6_0002)).isNull();
        assertThat(NvspVersion.of(0x6_0001)).isEqualTo(NvspVersion.V6_1);
        assertThat(NvspVersion.V1.older()).isNull();
        assertThat(NvspVersion.V6_1.older()).isEqualTo(NvspVersion.V6);
        assertThat(FACTS.constant("NETVSC_RECEIVE_BUFFER_SIZE"))
                .isEqualTo(NvspVersion.V4.mostReceiveBufferBytes());
        assertThat(FACTS.constant("NETVSC_RECEIVE_BUFFER_SIZE_LEGACY"))
                .isEqualTo(NvspVersion.V2.mostReceiveBufferBytes());
        assertThat(FACTS.constant("NVSP_STAT_SUCCESS")).isEqualTo(NvspStatus.SUCCESS);
        assertThat(FACTS.constant("NVSP_STAT_BUSY")).isEqualTo(NvspStatus.BUSY);
        assertThat(FACTS.constant("NVSP_STAT_INVALID_RNDIS_PKT"))
                .isEqualTo(NvspStatus.INVALID_RNDIS_PACKET);
        assertThat(FACTS.constant("NVSP_STAT_PROTOCOL_UNSUPPORTED"))
                .isEqualTo(NvspStatus.PROTOCOL_UNSUPPORTED);
        assertThat(NvspStatus.name(9)).isEqualTo("[9]");
        assertThat(NvspMessageType.name(133)).isEqualTo("SubChannel");
        assertThat(FACTS.constant("NVSP_MSG5_TYPE_OID_QUERY_EX"))
                .isEqualTo(NvspMessageType.OID_QUERY_EX);
        assertThat(FACTS.constant("NVSP_MSG5_TYPE_OID_QUERY_EX_COMP"))
                .isEqualTo(NvspMessageType.OID_QUERY_EX_COMPLETE);
        assertThat(FACTS.constant("NVSP_MSG6_TYPE_PD_API")).isEqualTo(NvspMessageType.PD_API);
        assertThat(NvspMessageType.name(135)).isEqualTo("PdApi");
    }

    @Test
    void numbersCapabilitiesByTheBitsOfHypervNetH() {
        assertThat(NvspCapability.SRIOV).isEqualTo(1L << bit("sriov"));
        assertThat(NvspCapability.IEEE_8021Q).isEqualTo(1L << bit("ieee8021q"));
        assertThat(NvspCapability.TEAMING).isEqualTo(1L << bit("teaming"));
        assertThat(NvspCapability.VIRTUAL_SUBNET_ID).isEqualTo(1L << bit("vsubnetid"));
        assertThat(NvspCapability.RSC).isEqualTo(1L << bit("rsc"));
    }

    private static int bit(final String field) {
        final Object fields = FACTS.value("structs", "nvsp_2_vsc_capability", "fields");
        for (final Object each : (Iterable<?>) fields) {
            if (each instanceof Map<?, ?> facts && field.equals(facts.get("name"))) {
                return ((Number) Objects.requireNonNull(facts.get("bitPos"))).intValue();
            }
        }
        throw new IllegalArgumentException("no such bit: field=" + field);
    }

    private static String hex(final UnsafeBuffer memory) {
        return HexFormat.ofDelimiter(" ").formatHex(memory.byteArray());
    }
}
