package io.ringside.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.vmbus.TestBus.Pair;
import io.ringside.vmbus.channel.GpadlView;
import io.ringside.vmbus.guest.GuestGpadl;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.host.HostChannel;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.EventFlags;
import io.ringside.vmbus.protocol.SynicRegister;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Threats, rows 8 and 34: whatever is connected and torn down again and again leaves nothing. */
class LeakTest {
    private static final int ROUNDS = 1_000;

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[16]);

    @Test
    void leavesNothingWhenAChannelComesAndGoes() {
        try (TestBus bus = new TestBus()) {
            bus.connect();
            final String before = bus.figures();
            for (int round = 0; round < ROUNDS; round++) {
                final HostChannel host =
                        bus.offer(
                                ChannelOffer.of(DeviceType.SCSI, TestBus.instance(1))
                                        .monitored(round % 100));
                final Pair pair = use(bus, host);
                pair.guest().close();
                bus.settle();
                host.release();
                bus.settle();
                assertThat(pair.guest().isClosed()).isTrue();
                host.revoke();
                bus.settle();
                assertThat(bus.figures()).as("round=%d", round).isEqualTo(before);
            }
            assertThat(bus.client.refusals().total() + bus.server.refusals().total()).isZero();
        }
    }

    @Test
    void leavesNothingWhenAGuestComesAndGoes() {
        try (TestBus bus = new TestBus()) {
            final HostChannel host = bus.offer(1);
            final int frames = bus.frames.usedCount();
            bus.connect();
            final String before = bus.figures();
            for (int round = 0; round < ROUNDS; round++) {
                final Pair pair = use(bus, host);
                bus.client.unload();
                bus.settle();
                pair.guest().release();
                host.release();
                bus.settle();
                assertThat(bus.frames.usedCount()).as("round=%d", round).isEqualTo(frames);
                bus.connect();
                assertThat(bus.figures()).as("round=%d", round).isEqualTo(before);
            }
        }
    }

    private Pair use(final TestBus bus, final HostChannel host) {
        final Pair pair = bus.open(host);
        final int[] frames = {bus.frames.allocate(), bus.frames.allocate()};
        final GuestGpadl shared = pair.guest().share(frames);
        bus.settle();
        final var gpadl = Objects.requireNonNull(host.gpadl(shared.handle()));
        try (GpadlView view = Objects.requireNonNull(gpadl.map())) {
            assertThat(view.buffer().capacity()).isEqualTo(8192);
        }
        assertThat(pair.guestEnd().send(PacketType.IN_BAND, 0, 1, payload, 0, 16)).isZero();
        final int[] woken = new int[1];
        pair.guest().handler(() -> woken[0]++);
        assertThat(pair.hostEnd().send(PacketType.IN_BAND, 0, 1, payload, 0, 16)).isZero();
        bus.settle();
        assertThat(woken[0]).isEqualTo(1);
        pair.guest().unshare(shared);
        bus.settle();
        assertThat(shared.isGone()).isTrue();
        for (final int frame : frames) {
            bus.frames.free(frame);
        }
        assertThat(isAnyEventFlagSet(bus)).isFalse();
        return pair;
    }

    /** The event flags of SINT 2 on processor 0, wherever the guest has placed them. */
    private static boolean isAnyEventFlagSet(final TestBus bus) {
        final long register = bus.partition.readRegister(0, SynicRegister.EVENT_PAGE);
        final UnsafeBuffer page = bus.page((int) (register >>> 12));
        final EventFlags flags = new EventFlags().wrap(page, 2 * EventFlags.BYTES);
        for (int flag = 0; flag < EventFlags.COUNT; flag++) {
            if (flags.isSetVolatile(flag)) {
                return true;
            }
        }
        return false;
    }
}
