package io.ringside.storvsc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class StorvscLayoutTest {
    private static final WireFacts FACTS = WireFacts.load("hv-storvsc");
    private static final WireFacts.Struct PACKET = FACTS.struct("vstor_packet");
    private static final WireFacts.Struct REQUEST = FACTS.struct("vmscsi_request");
    private static final byte STALE = (byte) 0xa5;

    @Test
    void laysAPacketAtTheBytesOfStorvscDrvC() {
        final UnsafeBuffer memory = stale(VstorPacket.BYTES);

        new VstorPacket()
                .wrap(memory, 0, VstorPacket.BYTES)
                .put(0x01020304, 0x11121314, 0x21222324)
                .putVersion(0x3132);

        assertThat(VstorPacket.BYTES).isEqualTo(PACKET.size());
        assertThat(VstorPacket.HEADER_BYTES).isEqualTo(PACKET.offset("vm_srb"));
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[PACKET.size()]);
        expected.putInt(PACKET.offset("operation"), 0x01020304);
        expected.putInt(PACKET.offset("flags"), 0x11121314);
        expected.putInt(PACKET.offset("status"), 0x21222324);
        final WireFacts.Struct version = FACTS.struct("vmstorage_protocol_version");
        expected.putShort(PACKET.offset("version") + version.offset("major_minor"), (short) 0x3132);
        assertThat(hex(memory)).isEqualTo(hex(expected));
    }

    @Test
    void laysASubChannelCountAtTheBytesOfStorvscDrvC() {
        final UnsafeBuffer memory = stale(VstorPacket.BYTES);

        final VstorPacket packet =
                new VstorPacket().wrap(memory, 0, VstorPacket.BYTES).put(13, 1, 0);
        packet.putSubChannelCount(0xfffe);

        assertThat(memory.getShort(PACKET.offset("sub_channel_count")) & 0xffff).isEqualTo(0xfffe);
        assertThat(packet.subChannelCount()).isEqualTo(0xfffe);
    }

    @Test
    void laysARequestAtTheBytesOfStorvscDrvC() {
        final UnsafeBuffer memory = stale(ScsiRequest.BYTES);
        final byte[] cdb = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");

        final ScsiRequest request = new ScsiRequest().wrap(memory, 0, ScsiRequest.BYTES);
        request.put(0x11, 0x12, 16, 20, 1, 0x21222324)
                .putCdb(new UnsafeBuffer(cdb), cdb.length)
                .putQueueing(0x31, 0x32, 0x41424344, 0x51525354);

        assertThat(ScsiRequest.BYTES).isEqualTo(REQUEST.size());
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[REQUEST.size()]);
        expected.putShort(REQUEST.offset("length"), (short) REQUEST.size());
        expected.putByte(REQUEST.offset("target_id"), (byte) 0x11);
        expected.putByte(REQUEST.offset("lun"), (byte) 0x12);
        expected.putByte(REQUEST.offset("cdb_length"), (byte) 16);
        expected.putByte(REQUEST.offset("sense_info_length"), (byte) 20);
        expected.putByte(REQUEST.offset("data_in"), (byte) 1);
        expected.putInt(REQUEST.offset("data_transfer_length"), 0x21222324);
        expected.putBytes(REQUEST.offset("cdb"), cdb);
        expected.putByte(REQUEST.offset("queue_tag"), (byte) 0x31);
        expected.putByte(REQUEST.offset("queue_action"), (byte) 0x32);
        expected.putInt(REQUEST.offset("srb_flags"), 0x41424344);
        expected.putInt(REQUEST.offset("time_out_value"), 0x51525354);
        assertThat(hex(memory)).isEqualTo(hex(expected));
        assertThat(request.flags()).isEqualTo(0x41424344);
        memory.putInt(REQUEST.offset("queue_sort_ey"), 0x61626364);
        assertThat(request.queueSortKey()).isEqualTo(0x61626364);
    }

    /** Row 4: of the command and of older sense data nothing is left in an answer. */
    @Test
    void laysAnAnswerAtTheBytesOfStorvscDrvCAndZeroesWhatWasThere() {
        final UnsafeBuffer memory = stale(ScsiRequest.BYTES);
        final ScsiRequest request = new ScsiRequest().wrap(memory, 0, ScsiRequest.BYTES);
        final byte[] sense = HexFormat.of().parseHex("7000050000000a");

        request.putAnswer(0x84, 0x02, 7, 0x01020304)
                .putSense(new UnsafeBuffer(sense), sense.length);

        assertThat(memory.getByte(REQUEST.offset("srb_status"))).isEqualTo((byte) 0x84);
        assertThat(memory.getByte(REQUEST.offset("scsi_status"))).isEqualTo((byte) 0x02);
        assertThat(memory.getByte(REQUEST.offset("sense_info_length"))).isEqualTo((byte) 7);
        assertThat(memory.getInt(REQUEST.offset("data_transfer_length"))).isEqualTo(0x01020304);
        final byte[] field = new byte[REQUEST.size("sense_data")];
        memory.getBytes(REQUEST.offset("sense_data"), field);
        assertThat(HexFormat.of().formatHex(field))
                .isEqualTo("7000050000000a" + "00".repeat(REQUEST.size("sense_data") - 7));
        assertThat(REQUEST.size("sense_data")).isEqualTo(ScsiRequest.SENSE_BYTES);
        assertThat(REQUEST.size("cdb")).isEqualTo(ScsiRequest.CDB_BYTES);
    }

    @Test
    void readsEveryFieldThatTheOtherEndWrote() {
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[ScsiRequest.BYTES]);
        memory.putByte(REQUEST.offset("path_id"), (byte) 0xfd);
        memory.putByte(REQUEST.offset("srb_status"), (byte) 0xfc);
        memory.putShort(REQUEST.offset("length"), (short) 0xfffb);
        memory.putInt(REQUEST.offset("data_transfer_length"), 0xfffffffa);

        final ScsiRequest request = new ScsiRequest().wrap(memory, 0, ScsiRequest.BYTES);

        assertThat(request.path()).isEqualTo(0xfd);
        assertThat(request.srbStatus()).isEqualTo(0xfc);
        assertThat(request.length()).isEqualTo(0xfffb);
        assertThat(request.dataBytes()).isEqualTo(0xfffffffaL);
    }

    @Test
    void laysChannelPropertiesAtTheBytesOfStorvscDrvC() {
        final WireFacts.Struct struct = FACTS.struct("vmstorage_channel_properties");
        final UnsafeBuffer memory = stale(ChannelProperties.BYTES);

        final ChannelProperties properties = new ChannelProperties().wrap(memory, 0);
        properties.put(0x0102, 1, 0x11121314);

        assertThat(ChannelProperties.BYTES).isEqualTo(struct.size());
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[struct.size()]);
        expected.putShort(struct.offset("max_channel_cnt"), (short) 0x0102);
        expected.putInt(struct.offset("flags"), 1);
        expected.putInt(struct.offset("max_transfer_bytes"), 0x11121314);
        assertThat(hex(memory)).isEqualTo(hex(expected));
        assertThat(properties.supportsMultiChannel()).isTrue();
        assertThat(properties.maxChannelCount()).isEqualTo(0x0102);
        assertThat(properties.maxTransferBytes()).isEqualTo(0x11121314);
    }

    @Test
    void knowsEveryPublishedVersionAndItsSizes() {
        for (final Map<String, Object> fact : FACTS.vectors("protocolVersions")) {
            final VstorVersion version = VstorVersion.of(WireFacts.number(fact, "version"));
            assertThat(version).as("%s", fact).isNotNull();
            if (version != null) {
                assertThat("VMSTOR_PROTO_VERSION_" + version.name()).isEqualTo(fact.get("name"));
                assertThat(version.requestBytes())
                        .isEqualTo(WireFacts.number(fact, "vmscsiLength"));
                assertThat(version.senseBytes())
                        .isEqualTo(WireFacts.number(fact, "senseBufferSize"));
                assertThat(version.packetBytes())
                        .isEqualTo(WireFacts.number(fact, "vstorPacketBytesSent"));
            }
        }
        assertThat(FACTS.vectors("protocolVersions")).hasSize(VstorVersion.values().length);
        assertThat(VstorVersion.of(0x0601)).isNull();
        assertThat(VstorVersion.WIN6.older()).isNull();
        assertThat(VstorVersion.WIN8.older()).isEqualTo(VstorVersion.WIN7);
    }

    @Test
    void numbersOperationsAsStorvscDrvC() {
        final int[] operations = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
        final String[] names = {
            "COMPLETE_IO",
            "REMOVE_DEVICE",
            "EXECUTE_SRB",
            "RESET_LUN",
            "RESET_ADAPTER",
            "RESET_BUS",
            "BEGIN_INITIALIZATION",
            "END_INITIALIZATION",
            "QUERY_PROTOCOL_VERSION",
            "QUERY_PROPERTIES",
            "ENUMERATE_BUS",
            "FCHBA_DATA",
            "CREATE_SUB_CHANNELS"
        };
        for (int i = 0; i < names.length; i++) {
            assertThat(FACTS.constant("VSTOR_OPERATION_" + names[i]))
                    .as(names[i])
                    .isEqualTo(operations[i]);
        }
        assertThat(VstorOperation.CREATE_SUB_CHANNELS).isEqualTo(13);
        assertThat(VstorOperation.EXECUTE_SRB).isEqualTo(3);
        assertThat(FACTS.value("openvmm", "operations", "EVENT_NOTIFICATION"))
                .isEqualTo(VstorOperation.EVENT_NOTIFICATION);
        assertThat(
                        Arrays.stream(operations)
                                .mapToObj(VstorOperation::name)
                                .map(name -> name.toUpperCase(Locale.ROOT)))
                .startsWith("COMPLETEIO", "REMOVEDEVICE", "EXECUTESRB", "RESETLUN")
                .doesNotHaveDuplicates();
    }

    @Test
    void numbersStatusesAndFlagsAsStorvscDrvC() {
        assertThat(FACTS.constant("SRB_STATUS_SUCCESS")).isEqualTo(SrbStatus.SUCCESS);
        assertThat(FACTS.constant("SRB_STATUS_ABORTED")).isEqualTo(SrbStatus.ABORTED);
        assertThat(FACTS.constant("SRB_STATUS_ERROR")).isEqualTo(SrbStatus.ERROR);
        assertThat(FACTS.constant("SRB_STATUS_INVALID_REQUEST"))
                .isEqualTo(SrbStatus.INVALID_REQUEST);
        assertThat(FACTS.constant("SRB_STATUS_DATA_OVERRUN")).isEqualTo(SrbStatus.DATA_OVERRUN);
        assertThat(FACTS.constant("SRB_STATUS_INVALID_LUN")).isEqualTo(SrbStatus.INVALID_LUN);
        assertThat(FACTS.constant("SRB_STATUS_AUTOSENSE_VALID"))
                .isEqualTo(SrbStatus.AUTOSENSE_VALID);
        assertThat(FACTS.constant("SRB_FLAGS_QUEUE_ACTION_ENABLE"))
                .isEqualTo(SrbFlags.QUEUE_ACTION_ENABLE);
        assertThat(FACTS.constant("SRB_FLAGS_DISABLE_AUTOSENSE"))
                .isEqualTo(SrbFlags.DISABLE_AUTOSENSE);
        assertThat(FACTS.constant("SRB_FLAGS_DISABLE_SYNCH_TRANSFER"))
                .isEqualTo(SrbFlags.DISABLE_SYNCH_TRANSFER);
        assertThat(FACTS.constant("SRB_FLAGS_DATA_IN")).isEqualTo(SrbFlags.DATA_IN);
        assertThat(FACTS.constant("SRB_FLAGS_DATA_OUT")).isEqualTo(SrbFlags.DATA_OUT);
        assertThat(FACTS.constant("SRB_FLAGS_NO_QUEUE_FREEZE")).isEqualTo(SrbFlags.NO_QUEUE_FREEZE);
        assertThat(FACTS.constant("WRITE_TYPE")).isEqualTo(DataDirection.TO_UNIT);
        assertThat(FACTS.constant("READ_TYPE")).isEqualTo(DataDirection.TO_GUEST);
        assertThat(FACTS.constant("UNKNOWN_TYPE")).isEqualTo(DataDirection.NONE);
        assertThat(FACTS.constant("STORAGE_CHANNEL_SUPPORTS_MULTI_CHANNEL"))
                .isEqualTo(ChannelProperties.SUPPORTS_MULTI_CHANNEL);
    }

    private static UnsafeBuffer stale(final int lengthBytes) {
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[lengthBytes]);
        memory.setMemory(0, lengthBytes, STALE);
        return memory;
    }

    private static String hex(final UnsafeBuffer memory) {
        return HexFormat.ofDelimiter(" ").formatHex(memory.byteArray());
    }
}
