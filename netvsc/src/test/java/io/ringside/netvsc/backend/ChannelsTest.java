package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.RndisStatus;
import io.ringside.netvsc.protocol.RssCapabilities;
import io.ringside.netvsc.protocol.RssParameters;
import io.ringside.testkit.WireFacts;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.OpenRequest;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.protocol.Guid;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several channels, and how frames are spread over them. */
final class ChannelsTest {
    static final int HASHES =
            RssParameters.HASH_TOEPLITZ
                    | RssParameters.HASH_IPV4
                    | RssParameters.HASH_TCP_IPV4
                    | RssParameters.HASH_IPV6
                    | RssParameters.HASH_TCP_IPV6;

    private final VspBench bench = VspBench.usual();
    private final ScriptedGuest guest = new ScriptedGuest(bench).ready();

    @AfterEach
    void close() {
        assertThat(bench.recorder().lent).isEmpty();
        bench.close();
    }

    static UnsafeBuffer key() {
        return new UnsafeBuffer(
                HexFormat.of()
                        .parseHex((String) WireFacts.load("hv-netvsc").value("rssDefaultKey")));
    }

    /** Parameters whose table goes round so many channels. */
    static UnsafeBuffer parameters(final int flags, final int entries, final int channels) {
        final UnsafeBuffer content = new UnsafeBuffer(new byte[RssParameters.bytes(entries)]);
        final RssParameters parameters =
                new RssParameters()
                        .wrap(content, 0, content.capacity())
                        .put(flags, HASHES, entries, key());
        for (int i = 0; i < entries; i++) {
            parameters.putEntry(i, i % channels);
        }
        return content;
    }

    private void spread(final int channels) {
        final byte[] content = parameters(0, 128, channels).byteArray();
        assertThat(guest.set(Oid.GEN_RECEIVE_SCALE_PARAMETERS, content)).isZero();
    }

    /** How many frames came by each channel. */
    private Map<Integer, Integer> channelsOf(final int from) {
        final Map<Integer, Integer> counts = new TreeMap<>();
        for (final HostPackets.Transfer transfer :
                guest.transfers.subList(from, guest.transfers.size())) {
            counts.merge(transfer.index(), transfer.ranges(), Integer::sum);
        }
        return counts;
    }

    private Map<Integer, Integer> arrive(final int flows) {
        final int before = guest.transfers.size();
        for (int i = 0; i < flows; i++) {
            bench.recorder().arrive(TestFrames.tcp4(i, 10));
        }
        guest.settle();
        return channelsOf(before);
    }

    @Test
    void tellsHowManyChannelsAndEntriesThereAre() {
        final byte[] info = ScriptedGuest.info(guest.query(Oid.GEN_RECEIVE_SCALE_CAPABILITIES));
        final RssCapabilities capabilities = new RssCapabilities().wrap(new UnsafeBuffer(info), 0);
        assertThat(capabilities.objectType()).isEqualTo(RssCapabilities.OBJECT_TYPE);
        assertThat(capabilities.queues()).isEqualTo(8);
        assertThat(capabilities.entries()).isEqualTo(128);
    }

    @Test
    void spreadsReceivedFramesByTheTableOnceThereIsOne() {
        assertThat(guest.subChannels(3)).isEqualTo(3);
        assertThat(bench.host.openChannels()).isEqualTo(4);
        assertThat(arrive(100)).containsOnlyKeys(0);
        assertThat(
                        guest.set(
                                Oid.GEN_RECEIVE_SCALE_PARAMETERS,
                                parameters(RssParameters.DISABLE, 128, 4).byteArray()))
                .isZero();
        assertThat(arrive(100)).containsOnlyKeys(0);
        spread(4);
        guest.received.clear();
        assertThat(arrive(400)).containsOnlyKeys(0, 1, 2, 3);
        assertThat(guest.received.getFirst().info().hasHash()).isTrue();
        spread(2);
        assertThat(arrive(100)).containsOnlyKeys(0, 1);
        spread(1);
        assertThat(arrive(100)).containsOnlyKeys(0);
    }

    /** The addresses, ports and hash that Microsoft gives as an example. */
    @Test
    void hashesAsTheSpecificationSays() {
        guest.subChannels(3);
        spread(4);
        final byte[] frame = TestFrames.tcp4(2794, 10);
        final UnsafeBuffer bytes = new UnsafeBuffer(frame);
        bytes.putBytes(26, new byte[] {66, 9, (byte) 149, (byte) 187});
        bytes.putBytes(30, new byte[] {(byte) 161, (byte) 142, 100, 80});
        bytes.putShort(36, (short) 1766, java.nio.ByteOrder.BIG_ENDIAN);
        bench.recorder().arrive(frame);
        guest.settle();
        assertThat(guest.received.getLast().info().hash()).isEqualTo(0x51ccc178);
        assertThat(guest.transfers.getLast().index()).isEqualTo((0x51ccc178 & 127) % 4);
    }

    @Test
    void keepsOneFlowInItsOrderOnOneChannel() {
        guest.subChannels(7);
        spread(8);
        final int before = guest.transfers.size();
        for (int i = 0; i < 200; i++) {
            bench.recorder().arrive(TestFrames.tcp4(77, i + 1));
        }
        guest.settle();
        assertThat(channelsOf(before)).hasSize(1);
        for (int i = 0; i < 200; i++) {
            assertThat(guest.received.get(i).frame()).hasSize(54 + i + 1);
        }
    }

    @Test
    void sendsByTheFirstChannelWhatWouldGoByOneThatIsClosed() {
        guest.subChannels(3);
        spread(4);
        guest.guest.subChannels().get(1).close();
        bench.turn(50);
        guest.channels.remove(2);
        final int before = guest.transfers.size();
        for (int i = 0; i < 100; i++) {
            bench.recorder().arrive(TestFrames.tcp4(i, 10));
        }
        bench.turn(50);
        guest.take();
        int frames = 0;
        for (final HostPackets.Transfer transfer :
                guest.transfers.subList(before, guest.transfers.size())) {
            frames += transfer.ranges();
        }
        assertThat(frames).isEqualTo(100);
    }

    @Test
    void takesFramesByEveryChannelAndAnswersThere() {
        guest.subChannels(3);
        for (int i = 0; i < 4; i++) {
            final int at = i * GuestBuffers.SECTION_BYTES;
            final byte[] frame = TestFrames.plain(TestFrames.OTHER, 60, i);
            final int length = GuestBuffers.putFrame(guest.buffers.sections(), at, frame) - at;
            assertThat(guest.sendSection(i, i, length)).isEqualTo(1);
            assertThat(bench.recorder().sent.get(i).bytes()).isEqualTo(frame);
        }
    }

    @Test
    void tellsOverWhichChannelsTheGuestShouldSpreadWhatItSends() {
        guest.subChannels(3);
        assertThat(guest.told).isNotEmpty();
        final HostPackets.Answer table = guest.told.getLast();
        assertThat(table.id()).isZero();
        assertThat(table.word(0)).isEqualTo(NvspMessageType.SEND_INDIRECTION_TABLE);
        assertThat(table.word(4)).isEqualTo(16);
        assertThat(table.word(8)).isEqualTo(40);
        for (int i = 0; i < 16; i++) {
            assertThat(table.word(40 + i * 4)).isEqualTo(i % 4);
        }
    }

    /** Row 35: a guest that asks for as many channels as there can be, or more. */
    @Test
    void grantsAsManyChannelsAsThereAreAndNoMore() {
        assertThat(guest.subChannels(0xFFFF_FFFF)).isEqualTo(7);
        assertThat(bench.host.openChannels()).isEqualTo(8);
        guest.nvsp.putSubChannelRequest(1);
        assertThat(guest.ask().word(4)).isEqualTo(2);
        assertThat(bench.refusals(NetvspRefusal.SUB_CHANNELS)).isEqualTo(1);
        spread(8);
        assertThat(guest.set(Oid.GEN_RECEIVE_SCALE_PARAMETERS, parameters(0, 128, 9).byteArray()))
                .isEqualTo(RndisStatus.INVALID_DATA);
    }

    /** Row 35: other devices have taken nearly all of the numbers that a bus has for channels. */
    @Test
    void grantsNoMoreChannelsThanTheBusHasNumbersFor() {
        for (int i = 0; bench.server.freeChannelCount() > 2; i++) {
            final Guid other = new Guid(1, i);
            bench.server.offer(ChannelOffer.of(other, other), () -> {});
        }
        assertThat(guest.subChannels(7)).isEqualTo(2);
        assertThat(bench.server.freeChannelCount()).isZero();
    }

    /** Row 30: no channels, an empty table, a table of zeros, and sizes that divide nothing. */
    @Test
    void refusesATableThatCannotBeAndKeepsTheOldOne() {
        guest.nvsp.putSubChannelRequest(0);
        assertThat(guest.ask().word(4)).isEqualTo(2);
        guest.subChannels(3);
        spread(4);
        final UnsafeBuffer good = parameters(0, 128, 2);
        final int[][] wrong = {
            {12, 0}, {12, 2}, {12, 12}, {12, 516}, {12, 0xFFFF}, {16, 0}, {16, 39}, {16, -1},
            {16, 41 + 512}, {20, 0}, {20, 39}, {20, 41}, {24, 8}, {24, -1}, {24, 553}, {8, 2},
            {8, 0x8001}, {0, 136}
        };
        for (final int[] change : wrong) {
            final UnsafeBuffer content = new UnsafeBuffer(good.byteArray().clone());
            if (change[0] == 16 || change[0] == 24 || change[0] == 8) {
                content.putInt(change[0], change[1], LITTLE_ENDIAN);
            } else if (change[0] == 0) {
                content.putByte(0, (byte) change[1]);
            } else {
                content.putShort(change[0], (short) change[1], LITTLE_ENDIAN);
            }
            assertThat(guest.set(Oid.GEN_RECEIVE_SCALE_PARAMETERS, content.byteArray()))
                    .as("at %d: %d", change[0], change[1])
                    .isEqualTo(RndisStatus.INVALID_DATA);
        }
        for (int length = 0; length < 40; length++) {
            assertThat(
                            guest.set(
                                    Oid.GEN_RECEIVE_SCALE_PARAMETERS,
                                    java.util.Arrays.copyOf(good.byteArray(), length)))
                    .isEqualTo(RndisStatus.INVALID_LENGTH);
        }
        assertThat(arrive(400)).containsOnlyKeys(0, 1, 2, 3);
        final byte[] zeros = new byte[RssParameters.bytes(128)];
        assertThat(guest.set(Oid.GEN_RECEIVE_SCALE_PARAMETERS, zeros))
                .isEqualTo(RndisStatus.INVALID_DATA);
        assertThat(arrive(400)).containsOnlyKeys(0, 1, 2, 3);
    }

    @Test
    void keepsWhatTheGuestDoesNotChange() {
        guest.subChannels(3);
        assertThat(
                        guest.set(
                                Oid.GEN_RECEIVE_SCALE_PARAMETERS,
                                parameters(RssParameters.KEY_UNCHANGED, 128, 4).byteArray()))
                .as("there is no key yet")
                .isEqualTo(RndisStatus.INVALID_DATA);
        spread(4);
        final UnsafeBuffer other = parameters(RssParameters.TABLE_UNCHANGED, 128, 1);
        assertThat(guest.set(Oid.GEN_RECEIVE_SCALE_PARAMETERS, other.byteArray())).isZero();
        assertThat(arrive(400)).containsOnlyKeys(0, 1, 2, 3);
    }

    /** Row 34: sub-channels asked for again and again, while resets go on. */
    @Test
    void outlivesStormsOfSubChannelsAndResets() {
        for (int round = 0; round < 30; round++) {
            final ScriptedGuest now = round == 0 ? guest : again();
            assertThat(now.subChannels(round % 7 + 1)).isEqualTo(round % 7 + 1);
            for (int i = 0; i < 5; i++) {
                now.nvsp.putSubChannelRequest(3);
                assertThat(now.ask().word(4)).isEqualTo(2);
                bench.recorder().arrive(TestFrames.tcp4(i, 10));
                bench.round();
            }
            now.settle();
            for (final GuestChannel sub : now.guest.subChannels()) {
                if (round % 2 == 0) {
                    sub.close();
                    bench.round();
                }
            }
            now.guest.close();
            bench.turn(round % 3);
            bench.turn(60);
            for (final GuestChannel sub : now.guest.subChannels()) {
                sub.release();
            }
            bench.turn(60);
            assertThat(bench.host.openChannels()).isZero();
            assertThat(bench.server.channelCount()).isEqualTo(1);
            now.free();
        }
        final ScriptedGuest last = again();
        assertThat(last.sendFrames(0, TestFrames.plain(TestFrames.OTHER, 60, 1))).isEqualTo(1);
    }

    private ScriptedGuest again() {
        return new ScriptedGuest(bench).ready();
    }

    @Test
    void hasNoSubChannelsBeforeVersion5() {
        guest.guest.close();
        bench.turn(50);
        final ScriptedGuest old = new ScriptedGuest(bench).ready(NvspVersion.V4);
        assertThat(old.subChannels(1)).isZero();
        assertThat(bench.refusals(NetvspRefusal.STATE)).isEqualTo(1);
    }

    @Test
    void takesNoHandshakeAndNoRequestOnASubChannel() {
        guest.subChannels(1);
        guest.nvsp.putInit(NvspVersion.V6_1.word());
        assertThat(guest.send(1, 6, 40).word(4)).isEqualTo(2);
        guest.nvsp.putRndisPacket(1, 0, 24);
        assertThat(guest.send(1, 6, 40).word(4)).isEqualTo(2);
        assertThat(bench.refusals(NetvspRefusal.STATE)).isEqualTo(2);
        assertThat(guest.guest.isClosed()).isFalse();
        final GuestChannel sub = guest.guest.subChannels().getFirst();
        sub.close();
        bench.turn(50);
        sub.open(OpenRequest.ofPages(9, 9));
        bench.turn(50);
        assertThat(bench.host.openChannels()).isEqualTo(2);
    }

    /** A channel that is not read holds up nobody else, and loses its own frames alone. */
    @Test
    void dropsForAChannelWithoutRoomOnly() {
        guest.subChannels(1, 2);
        spread(2);
        guest.completes = false;
        int first = 0;
        int second = 0;
        for (int i = 0; i < 4000 && bench.host.counters().framesDropped() == 0; i++) {
            bench.recorder().arrive(TestFrames.tcp4(i, 10));
            bench.host.doWork();
            final int before = guest.transfers.size();
            guest.take(0); // The other one is not read.
            for (int t = before; t < guest.transfers.size(); t++) {
                guest.complete(0, guest.transfers.get(t).id());
                first += guest.transfers.get(t).ranges();
            }
        }
        assertThat(bench.host.counters().framesDropped()).isPositive();
        final long arrived = bench.host.counters().framesReceived();
        assertThat(first).isPositive();
        guest.settle();
        for (final HostPackets.Transfer transfer : guest.transfers) {
            second += transfer.index() == 1 ? transfer.ranges() : 0;
        }
        assertThat(first + second).isGreaterThanOrEqualTo((int) arrived);
        guest.transfers.stream()
                .filter(t -> t.index() == 1)
                .forEach(t -> guest.complete(1, t.id()));
        guest.settle();
        assertThat(bench.host.inFlight()).isZero();
    }
}
