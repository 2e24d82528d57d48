package io.ringside.netvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.frontend.NetvscOptions;
import io.ringside.netvsc.frontend.NetvscRefusal;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.RndisPacket;
import io.ringside.netvsc.protocol.VlanInfo;
import io.ringside.ringbuf.vmbus.ControlPage;
import io.ringside.ringbuf.vmbus.PacketType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that misuses what it shares with the guest: rings, receive buffer, send buffer. */
final class HostileHostRingTest {
    private static final int RING_PAGES = RawHost.SMALL.ringPages();
    private static final int PACKETS_PER_WORK = 128;

    private static NetFrame submit(final RawHost host) {
        final NetFrame frame = FrontendTest.frame(host, 60, 1);
        assertThat(host.guest.submit(0, frame)).isTrue();
        return frame;
    }

    private static void assertClosed(final RawHost host, final List<NetFrame> underWay) {
        host.turn();
        assertThat(host.guest.isClosed()).isTrue();
        assertThat(host.guest.counters().refusals(NetvscRefusal.RING)).isEqualTo(1);
        assertThat(host.transmitted).containsExactlyInAnyOrderElementsOf(underWay);
        assertThat(underWay).allMatch(frame -> frame.status() == NetStatus.GONE);
    }

    /** Rows 1 and 38: a message that the host rewrites once the guest has looked at it. */
    @Test
    void goesOnWhereTheLengthsThatItReadHaveLed() {
        try (RawHost host = RawHost.ready(RawHost.SMALL)) {
            final UnsafeBuffer section = host.section(1);
            final int first = putTagged(section, 0, 60, 7);
            final int second = putTagged(section, first, 80, 9);
            host.meanwhile =
                    () -> {
                        section.setMemory(0, 60, (byte) 0xff);
                        host.meanwhile = () -> {};
                    };
            final long id = host.deliver(1, first + second);
            assertThat(host.received).hasSize(2);
            assertThat(host.received.get(0).totalBytes()).isEqualTo(60);
            assertThat(host.received.get(0).metadata().vlanTag()).isEqualTo(7);
            assertThat(host.received.get(1).totalBytes()).isEqualTo(80);
            assertThat(host.received.get(1).metadata().vlanTag()).isEqualTo(9);
            host.completions.clear();
            host.received.forEach(host.guest::giveBack);
            host.guest.commit();
            assertThat(host.take()).isTrue();
            assertThat(host.completions).containsExactly(id + ":108:1");
        }
    }

    private static int putTagged(
            final UnsafeBuffer to, final int at, final int frameBytes, final int tag) {
        final int messageBytes = RndisPacket.HEADER_BYTES + 16 + frameBytes;
        RndisPacket.put(to, at, 16, frameBytes, messageBytes);
        PerPacketInfo.put(
                to, at + RndisPacket.HEADER_BYTES, PerPacketInfo.VLAN, VlanInfo.ofTag(tag));
        return messageBytes;
    }

    /** Row 1: what a packet names is looked at as it was taken, whatever the ring has by now. */
    @Test
    void takesTheRangesOfAPacketAsTheyWere() {
        try (RawHost host = RawHost.ready(RawHost.SMALL)) {
            final int lengthBytes = host.putFrame(1, 64, 1);
            host.putFrame(2, 64, 2);
            host.meanwhile =
                    () -> {
                        for (int page = 1; page < RING_PAGES; page++) {
                            host.ringPage(RING_PAGES + page)
                                    .setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0xff);
                        }
                        host.meanwhile = () -> {};
                    };
            host.deliverRanges(NvspMessage.RECEIVE_BUFFER_ID, 2048, lengthBytes, 4096, lengthBytes);
            // The ranges themselves lie in the ring: whatever they say by now is checked.
            assertThat(host.received).isNotEmpty();
            assertThat(host.guest.counters().refusals(NetvscRefusal.RANGE))
                    .isEqualTo(2 - host.received.size());
            assertThat(host.guest.isReady()).isTrue();
        }
    }

    /** Row 2: indices that cannot be, of the ring that the host writes. */
    @ParameterizedTest
    @ValueSource(ints = {1 << 20, -8, 4, Integer.MIN_VALUE})
    void closesOverAWriteIndexThatCannotBe(final int index) {
        try (RawHost host = RawHost.ready(RawHost.SMALL)) {
            final NetFrame frame = submit(host);
            host.guest.commit();
            new ControlPage(host.ringPage(RING_PAGES)).writeIndexRelease(index);
            assertClosed(host, List.of(frame));
        }
    }

    /** Row 2: the read index of the ring that the guest writes, looked at when room is needed. */
    @ParameterizedTest
    @ValueSource(ints = {1 << 20, -8, 4, Integer.MIN_VALUE})
    void closesOverAReadIndexThatCannotBe(final int index) {
        final NetvscOptions options =
                RawHost.SMALL.withMemory(2, 64 * 1024, 64 * 1024).withDepths(256, 16);
        try (RawHost host = RawHost.ready(options.withCopying(2048, 1, false))) {
            new ControlPage(host.ringPage(0)).readIndexRelease(index);
            final List<NetFrame> underWay = new ArrayList<>();
            for (int i = 0; i < 256; i++) {
                final NetFrame frame = FrontendTest.frame(host, 60, 1);
                if (host.guest.submit(0, frame)) {
                    underWay.add(frame);
                }
                host.guest.commit();
            }
            assertThat(underWay.size()).isPositive().isLessThan(256);
            assertClosed(host, underWay);
        }
    }

    /** Row 13: signals that bring nothing cost one look each, and change nothing. */
    @Test
    void bearsAStormOfSignals() {
        try (RawHost host = RawHost.ready(RawHost.SMALL)) {
            final long before = host.guest.counters().refusals();
            int work = 0;
            for (int i = 0; i < 100_000; i++) {
                host.rings().signal();
                host.client.doWork();
                work += host.guest.doWork();
            }
            assertThat(work).isZero();
            assertThat(host.guest.counters().refusals()).isEqualTo(before);
            final int lengthBytes = host.putFrame(1, 64, 1);
            host.deliver(1, lengthBytes);
            assertThat(host.received).hasSize(1);
        }
    }

    /** Row 13: packets that say nothing are taken a bounded number at a time, and counted. */
    @Test
    void takesABoundedNumberOfPacketsInOneTurn() {
        try (RawHost host = RawHost.ready(RawHost.SMALL)) {
            final long before = host.guest.counters().refusals(NetvscRefusal.PACKET);
            host.message.putInit(1);
            int sent = 0;
            while (host.rings().send(PacketType.IN_BAND, 0, 0, host.out, 0, NvspMessage.BYTES)
                    == 0) {
                sent++;
            }
            assertThat(sent).isGreaterThan(3 * PACKETS_PER_WORK);
            long seen = 0;
            while (seen < sent) {
                host.guest.doWork();
                final long now = host.guest.counters().refusals(NetvscRefusal.PACKET) - before;
                assertThat(now - seen).isBetween(1L, (long) PACKETS_PER_WORK);
                seen = now;
            }
            assertThat(host.guest.isReady()).isTrue();
        }
    }

    /** Row 16: what the guest's pages held before is not in what the host is given. */
    @Test
    void sharesRingsAndBuffersOfZeros() {
        try (RawHost host = new RawHost(RawHost.SMALL, (byte) 0x77)) {
            host.serveUntil(NvspMessageType.INIT);
            for (int page = 0; page < 2 * RING_PAGES; page++) {
                final UnsafeBuffer bytes = host.ringPage(page);
                for (int i = 0; i < GuestMemory.PAGE_BYTES; i++) {
                    assertThat(bytes.getByte(i))
                            .as("page %d byte %d", page, i)
                            .isNotEqualTo((byte) 0x77);
                }
            }
            host.answerIt();
            host.serveUntil(NvspMessageType.SEND_RNDIS_PACKET);
            for (final UnsafeBuffer buffer :
                    List.of(
                            Objects.requireNonNull(host.receiveView).buffer(),
                            Objects.requireNonNull(host.sendView).buffer())) {
                for (int i = 0; i < buffer.capacity(); i++) {
                    assertThat(buffer.getByte(i)).as("byte %d", i).isZero();
                }
            }
        }
    }

    /** Row 16: the pages of a long frame are named by the bytes of the frame, and no more. */
    @Test
    void namesNoByteBesideAFrame() {
        try (RawHost host = RawHost.ready(RawHost.SMALL.withCopying(0, 1, false))) {
            submit(host);
            host.guest.commit();
            assertThat(host.take()).isTrue();
            assertThat(host.type).isEqualTo(PacketType.GPA_DIRECT);
            assertThat(host.dataBytes).isEqualTo(RndisPacket.HEADER_BYTES + 60);
        }
    }

    /** Row 40: one signal for all that is committed together; none to a host that is awake. */
    @Test
    void signalsTheHostOnceForABatchIfItSleeps() {
        try (RawHost host = RawHost.ready(RawHost.SMALL)) {
            host.turn();
            for (int batch = 0; batch < 10; batch++) {
                final boolean sleeps = batch % 2 == 0;
                host.rings().incoming().nextCopied();
                if (sleeps) {
                    host.rings().incoming().unmask();
                } else {
                    host.rings().incoming().mask();
                }
                final long before = host.vcpu.count(Crossing.HYPERCALL);
                for (int i = 0; i < 20; i++) {
                    submit(host);
                }
                host.guest.commit();
                host.guest.doWork();
                assertThat(host.vcpu.count(Crossing.HYPERCALL) - before).isEqualTo(sleeps ? 1 : 0);
                while (host.takeFrom(host.rings())) {
                    host.message.putRndisPacketComplete(NvspStatus.SUCCESS);
                    host.reply();
                }
            }
            assertThat(host.transmitted).hasSize(200);
        }
    }
}
