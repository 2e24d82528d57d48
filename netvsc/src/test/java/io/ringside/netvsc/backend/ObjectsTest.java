package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.RndisConfigParameter;
import io.ringside.netvsc.protocol.RndisStatus;
import io.ringside.testkit.WireFacts;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real guests ask a card for, and what they set; and what they ask beside RNDIS. */
final class ObjectsTest {
    private static final String[] SUMS = {
        "*TCPChecksumOffloadIPv4", "*UDPChecksumOffloadIPv4",
        "*TCPChecksumOffloadIPv6", "*UDPChecksumOffloadIPv6"
    };

    private final RecordingPort port = new RecordingPort();
    private final VspBench bench = new VspBench(NetvspOptions.DEFAULTS, port);
    private final ScriptedGuest guest = new ScriptedGuest(bench).ready();

    @AfterEach
    void close() {
        assertThat(port.lent).isEmpty();
        bench.close();
    }

    private static int oid(final String name) {
        return (int) WireFacts.load("hv-netvsc").constant(name);
    }

    /** Linux; FreeBSD and DPDK ask for some of the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "RNDIS_OID_GEN_MAXIMUM_FRAME_SIZE",
                "RNDIS_OID_802_3_PERMANENT_ADDRESS",
                "RNDIS_OID_GEN_FRIENDLY_NAME",
                "OID_TCP_OFFLOAD_HARDWARE_CAPABILITIES",
                "RNDIS_OID_GEN_MEDIA_CONNECT_STATUS",
                "RNDIS_OID_GEN_LINK_SPEED",
                "OID_GEN_RECEIVE_SCALE_CAPABILITIES"
            })
    void answersWhatLinuxAsksFor(final String name) {
        assertThat(guest.query(oid(name)).word(12)).isZero();
        assertThat(ScriptedGuest.info(guest.query(oid(name)))).isNotEmpty();
    }

    /** What Microsoft's own OpenVMM answers beyond that, by which Windows makes do. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                Oid.GEN_SUPPORTED_LIST,
                Oid.GEN_HARDWARE_STATUS,
                Oid.GEN_MEDIA_SUPPORTED,
                Oid.GEN_MEDIA_IN_USE,
                Oid.GEN_MAXIMUM_LOOKAHEAD,
                Oid.GEN_CURRENT_LOOKAHEAD,
                Oid.GEN_MAXIMUM_TOTAL_SIZE,
                Oid.GEN_TRANSMIT_BLOCK_SIZE,
                Oid.GEN_RECEIVE_BLOCK_SIZE,
                Oid.GEN_TRANSMIT_BUFFER_SPACE,
                Oid.GEN_RECEIVE_BUFFER_SPACE,
                Oid.GEN_VENDOR_ID,
                Oid.GEN_VENDOR_DESCRIPTION,
                Oid.GEN_VENDOR_DRIVER_VERSION,
                Oid.GEN_DRIVER_VERSION,
                Oid.GEN_CURRENT_PACKET_FILTER,
                Oid.GEN_MAC_OPTIONS,
                Oid.GEN_MAXIMUM_SEND_PACKETS,
                Oid.GEN_XMIT_OK,
                Oid.GEN_RCV_OK,
                Oid.GEN_XMIT_ERROR,
                Oid.GEN_RCV_ERROR,
                Oid.GEN_RCV_NO_BUFFER,
                Oid.GEN_LINK_STATE,
                Oid.GEN_MAX_LINK_SPEED,
                Oid.ETHERNET_CURRENT_ADDRESS,
                Oid.ETHERNET_MAXIMUM_LIST_SIZE,
                Oid.ETHERNET_RCV_ERROR_ALIGNMENT,
                Oid.ETHERNET_XMIT_ONE_COLLISION,
                Oid.ETHERNET_XMIT_MORE_COLLISIONS,
                Oid.TCP_OFFLOAD_CURRENT_CONFIG,
                Oid.OFFLOAD_ENCAPSULATION
            })
    void answersWhatWindowsAsksFor(final int oid) {
        assertThat(guest.query(oid).word(12)).isZero();
        assertThat(ScriptedGuest.info(guest.query(oid))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Oid.GEN_CURRENT_PACKET_FILTER,
                Oid.TCP_OFFLOAD_PARAMETERS,
                Oid.OFFLOAD_ENCAPSULATION,
                Oid.GEN_RNDIS_CONFIG_PARAMETER,
                Oid.GEN_NETWORK_LAYER_ADDRESSES,
                Oid.GEN_RECEIVE_SCALE_PARAMETERS
            })
    void takesWhatGuestsSet(final int oid) {
        assertThat(guest.set(oid, new byte[0])).isNotEqualTo(RndisStatus.NOT_SUPPORTED);
    }

    private static String hex(final byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    @Test
    void tellsTheLinkInBitsASecond() {
        final String up =
                "80 01 28 00 01 00 00 00 00 00 00 00 00 00 00 00 00 e4 0b 54 02 00 00 00 00 e4 0b"
                        + " 54 02 00 00 00 00 00 00 00 00 00 00 00";
        assertThat(hex(ScriptedGuest.info(guest.query(Oid.GEN_LINK_STATE)))).isEqualTo(up);
        assertThat(hex(ScriptedGuest.info(guest.query(Oid.GEN_MAX_LINK_SPEED))))
                .isEqualTo("00 e4 0b 54 02 00 00 00 00 e4 0b 54 02 00 00 00");
        port.linkUp = false;
        guest.settle();
        assertThat(hex(ScriptedGuest.info(guest.query(Oid.GEN_LINK_STATE))))
                .isEqualTo(up.replaceFirst("28 00 01", "28 00 02"));
        assertThat(hex(ScriptedGuest.info(guest.query(Oid.OFFLOAD_ENCAPSULATION))))
                .isEqualTo(
                        "a8 01 1c 00 01 00 00 00 02 00 00 00 0e 00 00 00"
                                + " 01 00 00 00 02 00 00 00 0e 00 00 00");
    }

    private static byte[] parameter(final String name, final String value) {
        final byte[] nameBytes = RndisConfigParameter.name(name);
        final byte[] valueBytes = RndisConfigParameter.name(value);
        final int header = RndisConfigParameter.HEADER_BYTES;
        final UnsafeBuffer content =
                new UnsafeBuffer(new byte[header + nameBytes.length + valueBytes.length]);
        content.putInt(0, header, LITTLE_ENDIAN);
        content.putInt(4, nameBytes.length, LITTLE_ENDIAN);
        content.putInt(8, RndisConfigParameter.TYPE_STRING, LITTLE_ENDIAN);
        content.putInt(12, header + nameBytes.length, LITTLE_ENDIAN);
        content.putInt(16, valueBytes.length, LITTLE_ENDIAN);
        content.putBytes(header, nameBytes);
        content.putBytes(header + nameBytes.length, valueBytes);
        return content.byteArray();
    }

    private int set(final String name, final String value) {
        return guest.set(Oid.GEN_RNDIS_CONFIG_PARAMETER, parameter(name, value));
    }

    private boolean[] told() {
        final boolean[] told = new boolean[SUMS.length];
        final byte[][] frames = {
            TestFrames.tcp4(1, 10), TestFrames.udp4(20), TestFrames.tcp6(1, 10)
        };
        for (int i = 0; i < frames.length; i++) {
            guest.received.clear();
            final FrameMetadata metadata = port.arrive(frames[i]);
            metadata.checksumValidated();
            guest.settle();
            told[i] = guest.received.getFirst().info().hasChecksum();
        }
        return told;
    }

    /** Windows tells what its user has chosen by name: 1 is sending, 2 receiving, 3 both. */
    @ParameterizedTest
    @CsvSource({"0,false", "1,false", "2,true", "3,true"})
    void takesTheChecksumsThatAWindowsUserHasChosen(final String value, final boolean expected) {
        for (final String name : SUMS) {
            assertThat(set(name, value)).isZero();
        }
        assertThat(told()).containsExactly(expected, expected, expected, false);
        assertThat(set(SUMS[0], "0")).isZero();
        assertThat(told()).containsExactly(false, expected, expected, false);
    }

    @Test
    void takesSettingsThatMeanNothingToIt() {
        assertThat(set("*LsoV2IPv4", "1")).isZero();
        assertThat(set("*JumboPacket", "9014")).isZero();
        assertThat(set("RscEnabled", "")).isZero();
        assertThat(told()).containsExactly(false, false, false, false);
    }

    /** Row 31: a letter below the digits, or above them, is none. */
    @ParameterizedTest
    @ValueSource(strings = {"", "4", "9", "/", ":", " ", "\u0000", "-1", "\u0132", "\uff12"})
    void refusesChecksumsThatAreNoChoice(final String value) {
        for (final String name : SUMS) {
            assertThat(set(name, value)).isEqualTo(RndisStatus.INVALID_DATA);
        }
    }

    /** Row 27: names and values that lie outside, whatever they are called. */
    @Test
    void refusesSettingsWhosePartsLieOutside() {
        for (int word = 0; word < 20; word += 4) {
            for (final int value : new int[] {-1, 1 << 31, 1000, 256, 19, 1}) {
                final UnsafeBuffer content = new UnsafeBuffer(parameter("Anything", "12"));
                content.putInt(word, value, LITTLE_ENDIAN);
                assertThat(guest.set(Oid.GEN_RNDIS_CONFIG_PARAMETER, content.byteArray()))
                        .as("word=%d value=%d", word, value)
                        .isEqualTo(RndisStatus.INVALID_DATA);
            }
        }
    }

    /** A query beside RNDIS is answered in its own form, as OpenVMM does: not supported. */
    @Test
    void answersAQueryBesideRndisThatItKnowsNothing() {
        guest.nvsp.put(NvspMessageType.OID_QUERY_EX, 0x0008_0180, Oid.GEN_LINK_STATE);
        final HostPackets.Answer answer = guest.ask();
        assertThat(answer.word(0)).isEqualTo(NvspMessageType.OID_QUERY_EX_COMPLETE);
        assertThat(answer.word(4)).isEqualTo(RndisStatus.NOT_SUPPORTED);
        assertThat(answer.word(8)).isZero();
        assertThat(bench.refusals(NetvspRefusal.OBJECT)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, -1})
    void answersThatThereIsNoPacketDirect(final int operation) {
        guest.nvsp.put(NvspMessageType.PD_API, operation, 77);
        final HostPackets.Answer answer = guest.ask();
        assertThat(answer.word(0)).isEqualTo(NvspMessageType.PD_API);
        assertThat(answer.word(4)).isEqualTo(operation);
        assertThat(answer.word(8)).isEqualTo(RndisStatus.NOT_SUPPORTED);
        for (int at = 12; at < NvspMessage.BYTES; at++) {
            assertThat(answer.bytes()[at]).as("nothing is granted: byte %d", at).isZero();
        }
    }

    @Test
    void knowsNeitherBeforeTheirVersion() {
        guest.guest.close();
        bench.turn(50);
        final ScriptedGuest old = new ScriptedGuest(bench).ready(NvspVersion.V4);
        for (final int type : new int[] {NvspMessageType.OID_QUERY_EX, NvspMessageType.PD_API}) {
            old.nvsp.put(type, 1, 0);
            final HostPackets.Answer answer = old.ask();
            assertThat(answer.word(0)).isEqualTo(NvspMessageType.SEND_RNDIS_PACKET_COMPLETE);
            assertThat(answer.word(4)).isEqualTo(2);
        }
    }
}
