package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.netvsc.protocol.NdisOffload;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.PacketFilter;
import io.ringside.netvsc.protocol.RndisConfigParameter;
import io.ringside.netvsc.protocol.RndisMessageType;
import io.ringside.netvsc.protocol.RndisRequest;
import io.ringside.netvsc.protocol.RndisStatus;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The hand-shake, RNDIS requests, and what a guest is told unasked. */
final class ControlTest {
    private VspBench bench = VspBench.usual();

    @AfterEach
    void close() {
        bench.close();
    }

    private ScriptedGuest ready() {
        return new ScriptedGuest(bench).ready();
    }

    @ParameterizedTest
    @EnumSource(NvspVersion.class)
    void agreesOnTheNewestVersionThatBothSpeak(final NvspVersion newest) {
        bench.close();
        bench = new VspBench(NetvspOptions.DEFAULTS.withNewest(newest), new RecordingPort());
        final ScriptedGuest guest = new ScriptedGuest(bench);
        for (final NvspVersion version : NvspVersion.values()) {
            if (!newest.isAtLeast(version)) {
                guest.nvsp.putInit(version.word());
                assertThat(guest.ask().word(12)).isEqualTo(NvspStatus.PROTOCOL_TOO_NEW);
            }
        }
        guest.nvsp.putInit(1);
        assertThat(guest.ask().word(12)).isEqualTo(NvspStatus.PROTOCOL_TOO_OLD);
        guest.nvsp.putInit(newest.word());
        guest.packet.putInt(8, 0xFFFF_FFFF);
        final HostPackets.Answer answer = guest.ask();
        assertThat(answer.bytes()).hasSize(40);
        assertThat(answer.word(0)).isEqualTo(2);
        assertThat(answer.word(4)).isEqualTo(newest.word());
        assertThat(answer.word(12)).isEqualTo(1);
        guest.nvsp.putInit(newest.word());
        assertThat(guest.ask().word(12)).as("once is enough").isEqualTo(NvspStatus.FAIL);
    }

    @Test
    void dividesTheBuffersAsTheGuestExpects() {
        final ScriptedGuest guest = ready();
        assertThat(guest.sectionBytes).isEqualTo(1728);
        assertThat(guest.sectionCount).isEqualTo(GuestBuffers.RECEIVE_PAGES * 4096 / 1728);
    }

    @Test
    void makesSectionsThatHoldTheFramesOfALargeMtu() {
        bench.close();
        bench = new VspBench(NetvspOptions.DEFAULTS.withMtuBytes(9000), new RecordingPort());
        final ScriptedGuest guest = new ScriptedGuest(bench);
        guest.nvsp.putInit(NvspVersion.V6_1.word());
        guest.ask();
        guest.nvsp.putNdisConfig(9014, ScriptedGuest.CAPABILITY);
        guest.say();
        guest.giveBuffers();
        guest.initialise();
        guest.filter(0x20);
        assertThat(guest.sectionBytes).isEqualTo(9216);
        assertThat(guest.query(Oid.GEN_MAXIMUM_FRAME_SIZE).word(24)).isEqualTo(9000);
        final byte[] frame = TestFrames.plain(TestFrames.GUEST, 9014, 1);
        bench.recorder().arrive(frame);
        guest.settle();
        assertThat(guest.received.getFirst().frame()).isEqualTo(frame);
    }

    @Test
    void answersAnInitializeAsLinuxReadsIt() {
        final ScriptedGuest guest = new ScriptedGuest(bench).connect(NvspVersion.V6_1);
        final HostPackets.Received answer = guest.control.getFirst();
        assertThat(answer.bytes()).hasSize(52);
        final int[] words = {
            RndisMessageType.INITIALIZE_COMPLETE, 52, 1, 0, 1, 0, 1, 0, 8, 1 << 20, 3, 0, 0
        };
        for (int i = 0; i < words.length; i++) {
            assertThat(answer.word(i * 4)).as("word %d", i).isEqualTo(words[i]);
        }
    }

    @Test
    void answersEveryObjectOfItsOwnList() {
        final ScriptedGuest guest = ready();
        final UnsafeBuffer list =
                new UnsafeBuffer(ScriptedGuest.info(guest.query(Oid.GEN_SUPPORTED_LIST)));
        for (int at = 0; at < list.capacity(); at += 4) {
            final int oid = list.getInt(at, LITTLE_ENDIAN);
            final int queried = guest.query(oid).word(12);
            final int set = guest.set(oid, new byte[0]);
            assertThat(queried == 0 || set != RndisStatus.NOT_SUPPORTED).as(Oid.name(oid)).isTrue();
        }
    }

    @Test
    void tellsWhatTheCardIs() {
        final ScriptedGuest guest = ready();
        assertThat(info(guest, Oid.ETHERNET_PERMANENT_ADDRESS)).isEqualTo("00 15 5d 00 00 01");
        assertThat(info(guest, Oid.GEN_MAXIMUM_FRAME_SIZE)).isEqualTo("dc 05 00 00");
        assertThat(info(guest, Oid.GEN_MAXIMUM_TOTAL_SIZE)).isEqualTo("ea 05 00 00");
        assertThat(info(guest, Oid.GEN_LINK_SPEED)).isEqualTo("00 e1 f5 05");
        assertThat(info(guest, Oid.GEN_MEDIA_CONNECT_STATUS)).isEqualTo("00 00 00 00");
        assertThat(info(guest, Oid.GEN_CURRENT_PACKET_FILTER)).isEqualTo("20 00 00 00");
        assertThat(info(guest, Oid.GEN_DRIVER_VERSION)).isEqualTo("1e 06");
        assertThat(
                        new String(
                                ScriptedGuest.info(guest.query(Oid.GEN_FRIENDLY_NAME)),
                                StandardCharsets.UTF_16LE))
                .isEqualTo(ObjectQueries.NAME);
        bench.recorder().linkUp = false;
        guest.settle();
        assertThat(info(guest, Oid.GEN_MEDIA_CONNECT_STATUS)).isEqualTo("01 00 00 00");
    }

    private static String info(final ScriptedGuest guest, final int oid) {
        return HexFormat.ofDelimiter(" ").formatHex(ScriptedGuest.info(guest.query(oid)));
    }

    @Test
    void offersOffloadsInTheSizeThatTheGuestKnows() {
        final ScriptedGuest guest = ready();
        byte[] offer = ScriptedGuest.info(guest.query(Oid.TCP_OFFLOAD_HARDWARE_CAPABILITIES));
        assertThat(offer).hasSize(NdisOffload.BYTES);
        final NdisOffload read = new NdisOffload().wrap(new UnsafeBuffer(offer), 0, offer.length);
        assertThat(read.objectType()).isEqualTo(NdisOffload.OBJECT_TYPE);
        assertThat(read.sendChecksumIpv4() & 0x14).isEqualTo(0x14);
        assertThat(read.sendChecksumIpv6() & 0x15).isEqualTo(0x15);
        assertThat(read.largeSendIpv4Bytes()).isEqualTo(OffloadState.MOST_LARGE_SEND_BYTES);
        assertThat(read.largeSendIpv6Options() & 5).isEqualTo(5);
        assertThat(read.coalescesIpv4()).isTrue();
        guest.guest.close();
        bench.turn(50);
        final ScriptedGuest old = new ScriptedGuest(bench).ready(NvspVersion.V4);
        offer = ScriptedGuest.info(old.query(Oid.TCP_OFFLOAD_HARDWARE_CAPABILITIES));
        assertThat(offer).hasSize(NdisOffload.BYTES_6_1);
    }

    @Test
    void refusesObjectsThatItDoesNotKnow() {
        final ScriptedGuest guest = ready();
        assertThat(guest.query(0x1234_5678).word(12)).isEqualTo(RndisStatus.NOT_SUPPORTED);
        assertThat(guest.set(0x1234_5678, new byte[4])).isEqualTo(RndisStatus.NOT_SUPPORTED);
        assertThat(guest.query(Oid.GEN_RNDIS_CONFIG_PARAMETER).word(12))
                .isEqualTo(RndisStatus.NOT_SUPPORTED);
        assertThat(bench.refusals(NetvspRefusal.OBJECT)).isEqualTo(3);
    }

    @Test
    void handsOverOnlyFramesThatTheGuestWants() {
        final ScriptedGuest guest = new ScriptedGuest(bench).connect(NvspVersion.V6_1);
        final long[] to = {
            TestFrames.GUEST, TestFrames.OTHER, TestFrames.EVERYBODY, 0x01_00_5E_00_00_01L
        };
        final int[][] wanted = {
            {0, 0, 0, 0, 0},
            {PacketFilter.DIRECTED, 1, 0, 0, 0},
            {PacketFilter.BROADCAST, 0, 0, 1, 0},
            {PacketFilter.MULTICAST, 0, 0, 0, 1},
            {PacketFilter.ALL_MULTICAST, 0, 0, 0, 1},
            {PacketFilter.DIRECTED | PacketFilter.BROADCAST, 1, 0, 1, 0},
            {PacketFilter.PROMISCUOUS, 1, 1, 1, 1}
        };
        final byte[] group = {1, 0, 0x5E, 0, 0, 1, 1, 0, 0x5E, 0, 0, 2};
        assertThat(guest.set(Oid.ETHERNET_MULTICAST_LIST, group)).isZero();
        assertThat(ScriptedGuest.info(guest.query(Oid.ETHERNET_MULTICAST_LIST))).isEqualTo(group);
        for (final int[] row : wanted) {
            guest.filter(row[0]);
            for (int i = 0; i < to.length; i++) {
                guest.received.clear();
                bench.recorder().arrive(TestFrames.plain(to[i], 64, i));
                guest.settle();
                assertThat(guest.received).as("filter=%d i=%d", row[0], i).hasSize(row[i + 1]);
            }
        }
        assertThat(bench.host.counters().framesUnwanted()).isEqualTo(18);
    }

    @Test
    void takesListsOfGroupsAndNothingElse() {
        final ScriptedGuest guest = ready();
        assertThat(guest.set(Oid.ETHERNET_MULTICAST_LIST, new byte[5]))
                .isEqualTo(RndisStatus.INVALID_LENGTH);
        assertThat(guest.set(Oid.ETHERNET_MULTICAST_LIST, new byte[6]))
                .isEqualTo(RndisStatus.INVALID_DATA);
        assertThat(guest.set(Oid.ETHERNET_MULTICAST_LIST, new byte[33 * 6]))
                .isEqualTo(RndisStatus.MULTICAST_FULL);
        assertThat(guest.set(Oid.ETHERNET_MULTICAST_LIST, new byte[0])).isZero();
        assertThat(guest.set(Oid.GEN_CURRENT_PACKET_FILTER, new byte[3]))
                .isEqualTo(RndisStatus.INVALID_LENGTH);
        assertThat(guest.set(Oid.GEN_CURRENT_PACKET_FILTER, new byte[] {0, 0, 0, 1}))
                .isEqualTo(RndisStatus.NOT_SUPPORTED);
    }

    @Test
    void takesAnotherAddressFromTheGuest() {
        final ScriptedGuest guest = ready();
        guest.filter(PacketFilter.DIRECTED);
        final UnsafeBuffer content = new UnsafeBuffer(new byte[RndisConfigParameter.ADDRESS_BYTES]);
        new RndisConfigParameter()
                .wrap(content, 0, content.capacity())
                .putAddress(0x02_AB_CD_EF_01_23L);
        assertThat(guest.set(Oid.GEN_RNDIS_CONFIG_PARAMETER, content.byteArray())).isZero();
        assertThat(info(guest, Oid.ETHERNET_CURRENT_ADDRESS)).isEqualTo("02 ab cd ef 01 23");
        assertThat(info(guest, Oid.ETHERNET_PERMANENT_ADDRESS)).isEqualTo("00 15 5d 00 00 01");
        bench.recorder().arrive(TestFrames.plain(TestFrames.GUEST, 64, 1));
        bench.recorder().arrive(TestFrames.plain(0x02_AB_CD_EF_01_23L, 64, 2));
        guest.settle();
        assertThat(guest.received).hasSize(1);
    }

    /** Row 31: letters that are no digits, and lengths that lie. */
    @Test
    void refusesAddressesThatAreNone() {
        final ScriptedGuest guest = ready();
        final UnsafeBuffer good = new UnsafeBuffer(new byte[RndisConfigParameter.ADDRESS_BYTES]);
        new RndisConfigParameter().wrap(good, 0, good.capacity()).putAddress(0x02_AB_CD_EF_01_23L);
        for (int value = 0; value < 0x10000; value += value < 0x100 ? 1 : 0x3F) {
            if (value >= 0x80 || Character.digit(value, 16) < 0) {
                final UnsafeBuffer content = new UnsafeBuffer(good.byteArray().clone());
                content.putShort(RndisConfigParameter.ADDRESS_BYTES - 2, (short) value);
                content.putShort(
                        RndisConfigParameter.ADDRESS_BYTES - 4, (short) value, LITTLE_ENDIAN);
                assertThat(guest.set(Oid.GEN_RNDIS_CONFIG_PARAMETER, content.byteArray()))
                        .as("value=%d", value)
                        .isEqualTo(RndisStatus.INVALID_DATA);
            }
        }
        for (int word = 0; word < 20; word += 4) {
            for (final int value : new int[] {-1, 1 << 31, 1000, 71, 19, 1}) {
                final UnsafeBuffer content = new UnsafeBuffer(good.byteArray().clone());
                content.putInt(word, value, LITTLE_ENDIAN);
                assertThat(guest.set(Oid.GEN_RNDIS_CONFIG_PARAMETER, content.byteArray()))
                        .as("word=%d value=%d", word, value)
                        .isEqualTo(RndisStatus.INVALID_DATA);
            }
        }
        assertThat(guest.set(Oid.GEN_RNDIS_CONFIG_PARAMETER, new byte[19]))
                .isEqualTo(RndisStatus.INVALID_LENGTH);
        assertThat(info(guest, Oid.ETHERNET_CURRENT_ADDRESS)).isEqualTo("00 15 5d 00 00 01");
    }

    @Test
    void tellsThatTheLinkWentAndCame() {
        final ScriptedGuest guest = ready();
        guest.control.clear();
        bench.recorder().linkUp = false;
        guest.settle();
        assertThat(guest.control).hasSize(1);
        assertThat(guest.lastControl().word(0)).isEqualTo(RndisMessageType.INDICATE_STATUS);
        assertThat(guest.lastControl().word(8)).isEqualTo(RndisStatus.MEDIA_DISCONNECT);
        bench.recorder().linkUp = true;
        guest.settle();
        assertThat(guest.control).hasSize(3);
        assertThat(guest.control.get(1).word(8)).isEqualTo(RndisStatus.MEDIA_CONNECT);
        assertThat(guest.control.get(2).word(8)).isEqualTo(RndisStatus.LINK_SPEED_CHANGE);
        assertThat(guest.control.get(2).word(20)).isEqualTo(100_000_000);
        assertThat(bench.host.counters().indications()).isEqualTo(3);
    }

    @Test
    void answersKeepalivesAndResets() {
        final ScriptedGuest guest = ready();
        new RndisRequest().wrap(guest.packet, 64, 64).putKeepalive(77);
        assertThat(guest.sendControl(64, 12).word(4)).isEqualTo(1);
        assertThat(guest.lastControl().word(0)).isEqualTo(RndisMessageType.KEEPALIVE_COMPLETE);
        assertThat(guest.lastControl().word(8)).isEqualTo(77);
        new RndisRequest().wrap(guest.packet, 64, 64).putReset();
        assertThat(guest.sendControl(64, 12).word(4)).isEqualTo(1);
        assertThat(guest.lastControl().word(0)).isEqualTo(RndisMessageType.RESET_COMPLETE);
        assertThat(guest.lastControl().word(12)).as("addressing reset").isEqualTo(1);
        assertThat(guest.query(Oid.GEN_CURRENT_PACKET_FILTER).word(24)).isZero();
    }

    @Test
    void forgetsEverythingWhenRndisIsHalted() {
        final ScriptedGuest guest = ready();
        new RndisRequest().wrap(guest.packet, 64, 64).putHalt(5);
        assertThat(guest.sendControl(64, 12).word(4)).isEqualTo(1);
        assertThat(bench.host.isReady()).isFalse();
        assertThat(guest.sendFrames(0, TestFrames.plain(TestFrames.OTHER, 60, 1))).isEqualTo(2);
        bench.recorder().arrive(TestFrames.plain(TestFrames.GUEST, 60, 1));
        guest.settle();
        assertThat(guest.received).isEmpty();
        guest.initialise();
        assertThat(guest.query(Oid.GEN_CURRENT_PACKET_FILTER).word(24)).isZero();
        assertThat(bench.host.connections()).isEqualTo(2);
    }

    @Test
    void answersASwitchOfTheDataPathWithoutPayload() {
        final ScriptedGuest guest = ready();
        guest.nvsp.putSwitchDataPath(NvspMessage.PATH_SYNTHETIC);
        assertThat(guest.ask().bytes()).isEmpty();
        assertThat(bench.host.counters().refusals()).isZero();
        guest.nvsp.putSwitchDataPath(NvspMessage.PATH_VF);
        assertThat(guest.ask().bytes()).isEmpty();
        assertThat(bench.refusals(NetvspRefusal.STATE)).isEqualTo(1);
    }

    @Test
    void givesBuffersBackWhenTheGuestRevokesThem() {
        final ScriptedGuest guest = ready();
        bench.recorder().arrive(TestFrames.plain(TestFrames.GUEST, 60, 1));
        guest.completes = false;
        guest.settle();
        guest.nvsp.putRevokeReceiveBuffer(NvspMessage.RECEIVE_BUFFER_ID);
        guest.say();
        guest.nvsp.putRevokeSendBuffer(NvspMessage.SEND_BUFFER_ID);
        guest.say();
        guest.guest.unshare(guest.receiveGpadl);
        guest.guest.unshare(guest.sendGpadl);
        bench.turn(50);
        assertThat(guest.receiveGpadl.isGone()).isTrue();
        assertThat(guest.sendGpadl.isGone()).isTrue();
        guest.complete(0, guest.transfers.getLast().id());
        guest.settle();
        assertThat(bench.refusals(NetvspRefusal.COMPLETION)).isEqualTo(1);
        assertThat(guest.sendFrames(0, TestFrames.plain(TestFrames.OTHER, 60, 1))).isEqualTo(2);
        assertThat(bench.refusals(NetvspRefusal.SECTION)).isEqualTo(1);
    }

    @Test
    void letsGoOfBuffersThatAreTornDownWithoutAWord() {
        final ScriptedGuest guest = ready();
        guest.guest.unshare(guest.receiveGpadl);
        guest.guest.unshare(guest.sendGpadl);
        bench.recorder().arrive(TestFrames.plain(TestFrames.GUEST, 60, 1));
        bench.turn(50);
        assertThat(guest.receiveGpadl.isGone()).isTrue();
        assertThat(guest.sendGpadl.isGone()).isTrue();
        assertThat(bench.host.inFlight()).isZero();
    }

    @Test
    void servesTheNextGuestAsIfTheLastHadNotBeen() {
        for (int life = 0; life < 5; life++) {
            final ScriptedGuest guest = ready();
            guest.completes = false;
            bench.recorder().arrive(TestFrames.plain(TestFrames.GUEST, 60, life));
            guest.settle();
            assertThat(guest.received).hasSize(1);
            guest.guest.close();
            bench.turn(50);
            assertThat(guest.guest.isClosed()).isTrue();
            assertThat(bench.host.isReady()).isFalse();
        }
        assertThat(bench.server.gpadlCount()).isEqualTo(10);
    }

    @Test
    void isGoneWhenItIsRevoked() {
        final ScriptedGuest guest = ready();
        guest.subChannels(2);
        bench.host.revoke();
        bench.turn(100);
        assertThat(guest.guest.isRescinded()).isTrue();
        assertThat(bench.host.openChannels()).isZero();
        assertThat(bench.host.isReady()).isFalse();
    }
}
