package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.frontend.NetfrontRefusal;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.GsoType;
import io.ringside.xen.netfront.protocol.HashControl;
import io.ringside.xen.netfront.protocol.RxResponse;
import io.ringside.xen.netfront.protocol.Wakeups;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets from a backend that cannot be: each is counted, and none is an exception. */
final class HostilePacketsTest {
    private static final NetfrontOptions OPTIONS =
            NetfrontOptions.PLAIN.withOffloads(NetOffloads.ALL);

    private final NetBench bench = new NetBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static void assertClosed(final Netfront front, final NetfrontRefusal reason) {
        assertThat(front.isClosed()).isTrue();
        assertThat(front.isReady()).isFalse();
        assertThat(front.counters().refusals(reason)).isEqualTo(1);
    }

    /** Row 42: what is received is answered in the slot of its request, with its number. */
    @Test
    void closesOverAPacketInAnotherOnesSlot() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        back.receive(1, 0, 0, 60);
        back.pushRx();
        bench.step(front);
        assertThat(workload.received).isEmpty();
        assertClosed(front, NetfrontRefusal.ID);
    }

    /** Rows 21, 37 and 43: lengths and offsets that leave the page, and none at all. */
    @ParameterizedTest
    @CsvSource({
        "0,4097,LENGTH",
        "1,4096,LENGTH",
        "4096,1,LENGTH",
        "65535,1,LENGTH",
        "65535,32767,LENGTH",
        "0,13,PACKET_BYTES",
        "0,0,PACKET_BYTES",
        "4096,0,PACKET_BYTES",
        "4083,13,PACKET_BYTES"
    })
    void dropsAPacketThatDoesNotLieInItsPage(
            final int offset, final int status, final NetfrontRefusal reason) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        back.receive(0, offset, 0, status);
        back.deliver(Workload.pattern(60, 2), 0, 60, 0, 0);
        back.pushRx();
        bench.step(front);
        assertThat(workload.received).hasSize(1);
        assertThat(workload.received.get(0).bytes()).isEqualTo(Workload.pattern(60, 2));
        assertThat(front.counters().refusals(reason)).isEqualTo(1);
        assertThat(front.counters().refusals()).isEqualTo(1);
        assertThat(front.counters().receiveErrors()).isEqualTo(1);
    }

    /** The backend's own errors are no breach, but a packet with one of them is none. */
    @ParameterizedTest
    @ValueSource(ints = {-1, -2, -32768})
    void dropsAPacketThatTheBackendCouldNotGive(final int status) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        back.deliver(Workload.pattern(60, 2), 0, 60, 0, RxResponse.MORE_DATA);
        back.receive(1, 0, RxResponse.MORE_DATA, status);
        back.receive(2, 0, 0, 60);
        back.deliver(Workload.pattern(60, 2), 0, 60, 0, 0);
        back.pushRx();
        bench.step(front);
        assertThat(workload.received).hasSize(1);
        assertThat(front.counters().refusals()).isZero();
        assertThat(front.counters().receiveErrors()).isEqualTo(1);
    }

    /** Row 19: pieces are counted apart from their bytes. */
    @Test
    void dropsAPacketOfMorePiecesThanAnybodySends() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        for (final int pieces : new int[] {19, 20, 200}) {
            for (int i = 0; i < pieces; i++) {
                final int more = i + 1 == pieces ? 0 : RxResponse.MORE_DATA;
                back.deliver(Workload.pattern(200, 1), i, 1, i, more);
            }
            back.pushRx();
            bench.step(front);
        }
        assertThat(workload.received).hasSize(1);
        assertThat(workload.received.get(0).bytes())
                .isEqualTo(Arrays.copyOf(Workload.pattern(200, 1), 19));
        assertThat(front.counters().refusals(NetfrontRefusal.PIECES)).isEqualTo(2);
        assertThat(front.counters().receiveErrors()).isEqualTo(2);
    }

    /** Row 19: and bytes are counted apart from pieces. */
    @Test
    void dropsAPacketLongerThanAny() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        for (int i = 0; i < 17; i++) {
            back.receive(i, 0, i == 16 ? 0 : RxResponse.MORE_DATA, i == 16 ? 1 : 4096);
        }
        back.pushRx();
        bench.step(front);
        assertThat(workload.received).isEmpty();
        assertThat(front.counters().refusals(NetfrontRefusal.PACKET_BYTES)).isEqualTo(1);
    }

    /** Pieces, cuts and checksums that were not asked for. */
    @Test
    void dropsWhatItDidNotAskFor() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, NetfrontOptions.PLAIN);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        back.deliver(Workload.pattern(60, 1), 0, 30, 0, RxResponse.MORE_DATA);
        back.deliver(Workload.pattern(60, 1), 30, 30, 0, 0);
        back.deliver(Frames.tcp(4, 60, true), 0, 114, 0, RxResponse.EXTRA_INFO);
        back.receiveExtra().putGso(0, GsoType.TCP_IPV4, 30);
        back.deliver(Frames.tcp(4, 60, true), 0, 114, 0, RxResponse.EXTRA_INFO);
        back.receiveExtra().putHash(0, HashControl.IPV4, 1, 7);
        back.deliver(Frames.tcp(4, 60, true), 0, 114, 0, RxResponse.EXTRA_INFO);
        back.receiveExtra().putXdp(0, 16);
        back.pushRx();
        bench.step(front);
        assertThat(workload.received).isEmpty();
        assertThat(front.counters().refusals(NetfrontRefusal.PIECES)).isEqualTo(1);
        assertThat(front.counters().refusals(NetfrontRefusal.EXTRA_INFO)).isEqualTo(3);
        assertThat(front.isReady()).isTrue();
    }

    /** Malformed extra records: unknown, told twice, without an end, with fields that cannot be. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void dropsAPacketWithExtrasThatCannotBe(final int fault) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS.withXdpHeadroomBytes(16));
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        back.deliver(Frames.tcp(4, 60, true), 0, 114, 0, RxResponse.EXTRA_INFO);
        switch (fault) {
            case 0 -> back.receiveExtra().putGso(0, 3, 30);
            case 1 -> back.receiveExtra().putGso(0, GsoType.NONE, 30);
            case 2 -> back.receiveExtra().putGso(0, GsoType.TCP_IPV4, 0);
            case 3 -> {
                back.receiveExtra().putGso(ExtraInfo.MORE, GsoType.TCP_IPV4, 30);
                back.receiveExtra().putGso(0, GsoType.TCP_IPV4, 30);
            }
            case 4 -> back.receiveExtra().putMulticast(ExtraInfo.MULTICAST_ADD, 0, 1);
            case 5 -> back.receiveExtra().putMulticast(ExtraInfo.NONE, 0, 0);
            case 6 -> back.receiveExtra().putMulticast(6, 0, 0);
            case 7 -> back.receiveExtra().putMulticast(255, 0xfe, 0);
            case 8 -> back.receiveExtra().putXdp(0, 4096);
            default -> {
                for (int i = 0; i < 100; i++) {
                    back.receiveExtra().putXdp(ExtraInfo.MORE, 16);
                }
                back.receiveExtra().putXdp(0, 16);
            }
        }
        back.deliver(Workload.pattern(60, 2), 0, 60, 0, 0);
        back.pushRx();
        bench.step(front);
        assertThat(workload.received).hasSize(1);
        assertThat(workload.received.get(0).bytes()).isEqualTo(Workload.pattern(60, 2));
        assertThat(front.counters().refusals(NetfrontRefusal.EXTRA_INFO)).isEqualTo(1);
        assertThat(front.counters().refusals()).isEqualTo(1);
    }

    /** Row 33: a packet that is to be cut without the headers for it. */
    @Test
    void dropsALargePacketThatCannotBeCut() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        final byte[] good = Frames.tcp(4, 2000, true);
        final int[][] changes = {{14, 0x44}, {20, 0x20}, {23, 17}, {46, 0x40}, {12, 0x11}};
        int refused = 0;
        for (final int[] change : changes) {
            final byte[] bad = good.clone();
            bad[change[0]] = (byte) change[1];
            large(back, bad, bad.length, GsoType.TCP_IPV4, 0);
            refused++;
        }
        for (final int lengthBytes : new int[] {14, 34, 53}) {
            large(back, good, lengthBytes, GsoType.TCP_IPV4, 0);
            refused++;
        }
        large(back, good, good.length, GsoType.TCP_IPV6, 0);
        refused++;
        large(back, good, good.length, GsoType.TCP_IPV4, RxResponse.CHECKSUM_BLANK);
        back.pushRx();
        bench.step(front);
        assertThat(front.counters().refusals(NetfrontRefusal.EXTRA_INFO)).isEqualTo(refused);
        assertThat(front.counters().refusals()).isEqualTo(refused);
        assertThat(workload.received).hasSize(1);
        assertThat(workload.received.get(0).bytes()).isEqualTo(good);
    }

    private static void large(
            final RawNetback back,
            final byte[] bytes,
            final int lengthBytes,
            final int gsoType,
            final int flags) {
        back.deliver(bytes, 0, lengthBytes, 0, RxResponse.EXTRA_INFO | flags);
        back.receiveExtra().putGso(0, gsoType, 1000);
    }

    /** The older way to tell how a packet is to be cut, which nobody asked for. */
    @Test
    void dropsAPacketThatIsToldOfByAPrefix() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        back.receive(0, 1000, RxResponse.GSO_PREFIX | RxResponse.MORE_DATA, 0);
        back.deliver(Frames.tcp(4, 2000, true), 0, 2054, 0, RxResponse.CHECKSUM_BLANK);
        back.deliver(Workload.pattern(60, 2), 0, 60, 0, 0);
        back.pushRx();
        bench.step(front);
        assertThat(workload.received).hasSize(1);
        assertThat(workload.received.get(0).bytes()).isEqualTo(Workload.pattern(60, 2));
        assertThat(front.counters().refusals(NetfrontRefusal.EXTRA_INFO)).isEqualTo(1);
    }

    /** A checksum that is to be done where there is none: also row 32, headers cut by pieces. */
    @Test
    void dropsABlankChecksumThatIsNowhere() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = RawNetback.connect(bench, front);
        final int blank = RxResponse.CHECKSUM_BLANK | RxResponse.DATA_VALIDATED;
        final byte[] tcp = Frames.tcp(4, 60, true);
        final byte[] other = tcp.clone();
        other[23] = 1;
        back.deliver(Workload.pattern(60, 1), 0, 60, 0, blank);
        back.deliver(tcp, 0, 51, 0, blank);
        back.deliver(other, 0, 114, 0, blank);
        back.deliver(tcp, 0, 13, 0, blank | RxResponse.MORE_DATA);
        back.deliver(tcp, 13, 38, 0, RxResponse.MORE_DATA);
        back.deliver(tcp, 51, 63, 0, 0);
        back.pushRx();
        bench.step(front);
        assertThat(front.counters().refusals(NetfrontRefusal.CHECKSUM)).isEqualTo(3);
        assertThat(workload.received).hasSize(1);
        assertThat(workload.received.get(0).bytes()).isEqualTo(tcp);
        assertThat(workload.received.get(0).frame().metadata().checksumStartBytes()).isEqualTo(34);
    }
}
