package io.ringside.netvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.NetFrame;
import io.ringside.netvsc.frontend.NetvscFeatures;
import io.ringside.netvsc.frontend.NetvscRefusal;
import io.ringside.netvsc.protocol.NdisOffload;
import io.ringside.netvsc.protocol.NvspCapability;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.netvsc.protocol.OffloadParameters;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.RndisCompletion;
import io.ringside.netvsc.protocol.RndisRequest;
import io.ringside.netvsc.protocol.RssParameters;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.testkit.WireFacts;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** How a guest comes to an agreement, with hosts that offer less, and with some that lie. */
final class HandshakeTest {
    @Test
    void takesEveryVersionThatTheHostHas() {
        for (final NvspVersion version : NvspVersion.values()) {
            try (RawHost host = new RawHost(RawHost.SMALL)) {
                host.answers.newest = version;
                host.serve();
                assertThat(host.guest.isReady()).as("%s", version).isTrue();
                assertThat(host.guest.version()).isEqualTo(version);
                assertThat(host.said.contains("SendNdisConfig"))
                        .as("%s", version)
                        .isEqualTo(version != NvspVersion.V1);
                assertThat(host.said.contains("Query 0x00010203"))
                        .as("%s", version)
                        .isEqualTo(version.isAtLeast(NvspVersion.V5));
                assertThat(host.guest.limits().checksumIpv4()).isTrue();
                assertThat(host.guest.limits().segmentsTcpIpv6()).isTrue();
            }
        }
    }

    @Test
    void goesDownTheVersionsAndGivesUpAfterTheLast() {
        try (RawHost host = new RawHost(RawHost.SMALL)) {
            final List<Integer> offered = new ArrayList<>();
            while (host.takeRequest()) {
                offered.add(host.heard.highestVersion());
                assertThat(host.heard.lowestVersion()).isEqualTo(host.heard.highestVersion());
                host.message.putInitComplete(0, 0, NvspStatus.FAIL);
                host.reply();
            }
            assertThat(offered)
                    .containsExactly(0x60001, 0x60000, 0x50000, 0x40000, 0x30002, 0x00002);
            assertThat(host.guest.isClosed()).isTrue();
            assertThat(host.guest.counters().refusals(NetvscRefusal.HANDSHAKE)).isEqualTo(1);
        }
    }

    @Test
    void tellsWhatItCanDoByTheVersion() {
        final long[] expected = {
            -1,
            NvspCapability.IEEE_8021Q,
            NvspCapability.IEEE_8021Q,
            NvspCapability.IEEE_8021Q | NvspCapability.TEAMING,
            NvspCapability.IEEE_8021Q | NvspCapability.TEAMING,
            NvspCapability.IEEE_8021Q | NvspCapability.TEAMING | NvspCapability.RSC
        };
        for (final NvspVersion version : NvspVersion.values()) {
            if (!version.hasNdisConfig()) {
                continue;
            }
            try (RawHost host = new RawHost(RawHost.SMALL.withMtu(9000))) {
                host.answers.newest = version;
                host.serveUntil(NvspMessageType.SEND_NDIS_CONFIG);
                assertThat(host.heard.configuredFrameBytes()).isEqualTo(9014);
                assertThat(host.heard.capability())
                        .as("%s", version)
                        .isEqualTo(expected[version.ordinal()]);
                host.serveUntil(NvspMessageType.SEND_NDIS_VERSION);
                assertThat(host.heard.ndisMajor()).isEqualTo(6);
                assertThat(host.heard.ndisMinor())
                        .isEqualTo(version.isAtLeast(NvspVersion.V5) ? 30 : 1);
            }
        }
    }

    /** Row 43: pieces, offsets, sizes and counts that are not inside of the receive buffer. */
    @Test
    void refusesAReceiveBufferThatIsDividedWrongly() {
        final int[][] bad = {
            {2, 1, 2048, 32},
            {1, 0, 2048, 32},
            {1, 2, 2048, 32},
            {1, 1, 67, 32},
            {1, 1, 2048, 33},
            {1, 1, 2048, 0},
            {1, 1, -2048, 32},
            {1, 1, 65537, 1},
            {1, 1, 0, 32},
            {1, 1, 0x10000, 0x10000},
            {1, 1, 2048, -1}
        };
        for (final int[] told : bad) {
            try (RawHost host = new RawHost(RawHost.SMALL)) {
                host.serveUntil(NvspMessageType.SEND_RECEIVE_BUFFER);
                host.message.putReceiveBufferComplete(told[0], told[1], told[2], told[3]);
                host.reply();
                assertThat(host.guest.isClosed())
                        .as("%d %d %d", told[1], told[2], told[3])
                        .isTrue();
            }
        }
        try (RawHost host = new RawHost(RawHost.SMALL)) {
            host.serveUntil(NvspMessageType.SEND_RECEIVE_BUFFER);
            host.message.putReceiveBufferComplete(1, 1, 2048, 16);
            host.out.putInt(12, 2048); // It would start behind the first section.
            host.reply();
            assertThat(host.guest.isClosed()).isTrue();
        }
    }

    @Test
    void refusesASendBufferThatIsDividedWrongly() {
        for (final int sectionBytes : new int[] {0, 67, 65537, -1, 0x8000_0000}) {
            try (RawHost host = new RawHost(RawHost.SMALL)) {
                host.serveUntil(NvspMessageType.SEND_SEND_BUFFER);
                host.message.putSendBufferComplete(NvspStatus.SUCCESS, sectionBytes);
                host.reply();
                assertThat(host.guest.isClosed()).as("%d", sectionBytes).isTrue();
            }
        }
    }

    /** Row 37: an answer that is cut short is dropped; the whole one still counts. */
    @Test
    void waitsForTheWholeAnswer() {
        try (RawHost host = new RawHost(RawHost.SMALL)) {
            host.serveUntil(NvspMessageType.SEND_RECEIVE_BUFFER);
            final long asked = host.id;
            host.message.putReceiveBufferComplete(1, 1, 2048, 32);
            host.send(PacketType.COMPLETION, asked, 24);
            assertThat(host.guest.counters().refusals(NetvscRefusal.PACKET_LENGTH)).isEqualTo(1);
            assertThat(host.guest.isClosed()).isFalse();
            host.answerIt();
            host.serve();
            assertThat(host.guest.isReady()).isTrue();
        }
    }

    @Test
    void refusesAnAnswerToAnotherMessage() {
        try (RawHost host = new RawHost(RawHost.SMALL)) {
            host.serveUntil(NvspMessageType.SEND_RECEIVE_BUFFER);
            host.message.putSendBufferComplete(NvspStatus.SUCCESS, 6144);
            host.reply();
            assertThat(host.guest.isClosed()).isTrue();
        }
    }

    @Test
    void refusesAHostWithoutAnAddress() {
        try (RawHost host = new RawHost(RawHost.SMALL)) {
            host.serveUntilOid(Oid.ETHERNET_PERMANENT_ADDRESS);
            host.message.putRndisPacketComplete(NvspStatus.SUCCESS);
            host.reply();
            final int requestId = host.request.wrap(host.data, 0, host.dataBytes).requestId();
            new RndisCompletion().wrap(host.section(0), 0, 64).putQuery(requestId, 0, 5);
            host.deliver(0, RndisCompletion.INFO_OFFSET + 5);
            assertThat(host.guest.isClosed()).isTrue();
        }
    }

    /** Row 39: the number of an RNDIS question is looked at, too. */
    @Test
    void dropsAnAnswerToAnotherQuestion() {
        try (RawHost host = new RawHost(RawHost.SMALL)) {
            host.serveUntilOid(Oid.ETHERNET_PERMANENT_ADDRESS);
            final int requestId = host.request.wrap(host.data, 0, host.dataBytes).requestId();
            new RndisCompletion().wrap(host.section(0), 0, 64).putQuery(requestId - 1, 0, 6);
            host.deliver(0, RndisCompletion.INFO_OFFSET + 6);
            assertThat(host.guest.counters().refusals(NetvscRefusal.ANSWER)).isEqualTo(1);
            host.takeRequest();
            assertThat(host.guest.isClosed()).isFalse();
        }
    }

    @Test
    void doesWithoutOffloadsThatTheHostDoesNotHave() {
        try (RawHost host = new RawHost(RawHost.SMALL)) {
            host.answers.offload = told -> {};
            host.serve();
            assertThat(host.guest.isReady()).isTrue();
            assertThat(host.guest.limits().checksumIpv4()).isFalse();
            assertThat(host.guest.limits().segmentsTcpIpv4()).isFalse();
        }
    }

    /** Row 44: cutting frames is offered only together with their sums. */
    @Test
    void offersNoCuttingWithoutSums() {
        try (RawHost host = new RawHost(RawHost.SMALL)) {
            host.answers.offload =
                    told -> told.putLargeSendIpv4(60_000, 2).putLargeSendIpv6(60_000, 2, 5);
            host.serve();
            assertThat(host.guest.limits().segmentsTcpIpv4()).isFalse();
            assertThat(host.guest.limits().segmentsTcpIpv6()).isFalse();
            assertThat(host.guest.limits().maxFrameBytes()).isZero();
        }
    }

    @Test
    void setsTheOffloadsThatItTakes() {
        try (RawHost host = new RawHost(RawHost.SMALL)) {
            host.serveUntilOid(Oid.TCP_OFFLOAD_HARDWARE_CAPABILITIES);
            assertThat(host.data.getByte(RndisRequest.INFO_OFFSET) & 0xff)
                    .isEqualTo(NdisOffload.OBJECT_TYPE);
            assertThat(host.data.getByte(RndisRequest.INFO_OFFSET + 1)).isEqualTo((byte) 3);
            host.answerIt();
            host.serveUntilOid(Oid.TCP_OFFLOAD_PARAMETERS);
            final OffloadParameters set =
                    new OffloadParameters().wrap(host.data, RndisRequest.INFO_OFFSET, 28);
            assertThat(set.checksumTcpIpv4()).isEqualTo(OffloadParameters.SUMS_BOTH);
            assertThat(set.checksumUdpIpv6()).isEqualTo(OffloadParameters.SUMS_BOTH);
            assertThat(set.largeSendIpv4()).isEqualTo(OffloadParameters.ON);
            assertThat(set.largeSend1()).isEqualTo(OffloadParameters.OFF);
            assertThat(set.coalescingIpv4()).isEqualTo(OffloadParameters.ON);
        }
    }

    @Test
    void setsNothingOfWhatItDoesNotWant() {
        try (RawHost host = new RawHost(RawHost.SMALL.withFeatures(NetvscFeatures.NONE))) {
            host.serveUntilOid(Oid.TCP_OFFLOAD_PARAMETERS);
            final OffloadParameters set =
                    new OffloadParameters().wrap(host.data, RndisRequest.INFO_OFFSET, 28);
            assertThat(set.checksumTcpIpv4()).isEqualTo(OffloadParameters.SUMS_OFF);
            assertThat(set.largeSendIpv6()).isEqualTo(OffloadParameters.OFF);
            assertThat(set.coalescingIpv6()).isEqualTo(OffloadParameters.OFF);
            host.answerIt();
            host.serve();
            assertThat(host.guest.limits().vlanTags()).isFalse();
            assertThat(host.guest.limits().checksumIpv6()).isFalse();
        }
    }

    @Test
    void setsReceiveScalingTwiceWithTheKeyThatEverybodyUses() {
        try (RawHost host = new RawHost(RawHost.SMALL.withSubChannels(3, 1))) {
            host.answers.queues = 3;
            host.serveUntilOid(Oid.GEN_RECEIVE_SCALE_PARAMETERS);
            assertThat(host.said).contains("SubChannel");
            final RssParameters off = parameters(host);
            assertThat(off.isSound()).isTrue();
            assertThat(off.flags()).isEqualTo(RssParameters.DISABLE);
            host.answerIt();
            host.serveUntilOid(Oid.GEN_RECEIVE_SCALE_PARAMETERS);
            final RssParameters on = parameters(host);
            assertThat(on.flags()).isZero();
            assertThat(on.hashInfo()).isEqualTo(0x1701);
            assertThat(on.entries()).isEqualTo(128);
            for (int i = 0; i < 128; i++) {
                assertThat(on.channel(i)).isEqualTo(i % 3);
            }
            final UnsafeBuffer key = new UnsafeBuffer(new byte[40]);
            on.copyKey(key);
            assertThat(HexFormat.of().formatHex(key.byteArray()))
                    .isEqualTo(WireFacts.load("hv-netvsc").value("rssDefaultKey"));
            host.answerIt();
            host.serve();
            assertThat(host.guest.isReady()).isTrue();
            assertThat(host.guest.limits().queues()).isEqualTo(3);
        }
    }

    private static RssParameters parameters(final RawHost host) {
        return new RssParameters()
                .wrap(
                        host.data,
                        RndisRequest.INFO_OFFSET,
                        host.dataBytes - RndisRequest.INFO_OFFSET);
    }

    /** Row 35: more channels than asked for are refused; fewer, and none, are made do with. */
    @Test
    void refusesMoreChannelsThanItAskedFor() {
        final int[] granted = {4, -1, 0, 1};
        final boolean[] isFine = {false, false, true, true};
        for (int i = 0; i < granted.length; i++) {
            try (RawHost host = new RawHost(RawHost.SMALL.withSubChannels(3, 1))) {
                host.answers.queues = 4;
                host.serveUntil(NvspMessageType.SUB_CHANNEL);
                assertThat(host.heard.channelCount()).isEqualTo(3);
                host.message.putSubChannelComplete(NvspStatus.SUCCESS, granted[i]);
                if (granted[i] == 1) {
                    host.subChannels.add(
                            host.server.offer(host.channel.offered().subChannel(1), () -> {}));
                }
                host.reply();
                host.serve();
                assertThat(host.guest.isReady()).as("%d", granted[i]).isEqualTo(isFine[i]);
                if (isFine[i]) {
                    assertThat(host.guest.limits().queues()).isEqualTo(1 + granted[i]);
                }
            }
        }
    }

    @Test
    void doesWithoutChannelsThatTheHostRefuses() {
        try (RawHost host = new RawHost(RawHost.SMALL.withSubChannels(3, 1))) {
            host.answers.queues = 4;
            host.serveUntil(NvspMessageType.SUB_CHANNEL);
            host.message.putSubChannelComplete(NvspStatus.FAIL, 0);
            host.reply();
            host.serve();
            assertThat(host.guest.isReady()).isTrue();
            assertThat(host.guest.limits().queues()).isEqualTo(1);
            assertThat(host.guest.submit(0, new NetFrame(1).addSegment(4096, 60))).isTrue();
        }
    }

    @Test
    void setsItsFilterAnewAfterAReset() {
        try (RawHost host = RawHost.ready(RawHost.SMALL)) {
            host.said.clear();
            host.guest.reset();
            host.guest.keepalive();
            host.serve();
            assertThat(host.said)
                    .filteredOn(said -> !"SendRndisPacket".equals(said))
                    .containsExactly("Reset", "Set 0x0001010E", "Keepalive");
            assertThat(host.guest.isReady()).isTrue();
            assertThat(host.guest.counters().refusals()).isZero();
        }
    }
}
