package io.ringside.storvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.backend.StorvspOptions;
import io.ringside.storvsc.frontend.Storvsc;
import io.ringside.storvsc.frontend.StorvscDisk;
import io.ringside.storvsc.frontend.StorvscOptions;
import io.ringside.storvsc.frontend.StorvscRefusal;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.protocol.VmbusVersion;
import org.junit.jupiter.api.Test;

/** A controller that is let go, or taken away, at any moment: nothing stays behind. */
final class StorLifeTest {
    private static final StorvscOptions THREE_CHANNELS =
            StorvscOptions.DEFAULTS.withSubChannels(2, 2);
    private static final int LONGER_THAN_A_CONNECTION = 80;
    private static final int ROUNDS = 300;

    @Test
    void leavesNothingBehindWheneverTheGuestShutsDown() {
        for (int after = 0; after <= LONGER_THAN_A_CONNECTION; after++) {
            try (StorBench bench = new StorBench(2, StorvspOptions.DEFAULTS);
                    RamStore store = RamStore.zeroed(64)) {
                bench.host.add(0, 0, bench.disk("a", store));
                bench.connect();
                final int frames = bench.frames.usedCount();
                final Storvsc guest = bench.start(THREE_CHANNELS);
                turn(bench, after);
                guest.shutdown();
                turn(bench, ROUNDS);
                assertGone(bench, frames, after);
                bench.join(THREE_CHANNELS);
                assertServes(bench, after);
            }
        }
    }

    @Test
    void leavesNothingBehindWheneverTheHostTakesTheControllerAway() {
        for (int after = 0; after <= LONGER_THAN_A_CONNECTION; after++) {
            try (StorBench bench = new StorBench(2, StorvspOptions.DEFAULTS);
                    RamStore store = RamStore.zeroed(64)) {
                bench.host.add(0, 0, bench.disk("a", store));
                bench.connect();
                final int frames = bench.frames.usedCount();
                final Storvsc guest = bench.start(THREE_CHANNELS);
                turn(bench, after);
                bench.host.revoke();
                turn(bench, ROUNDS);
                assertThat(guest.isClosed()).as("after %d", after).isTrue();
                assertThat(bench.server.channelCount()).as("after %d", after).isZero();
                assertThat(bench.frames.usedCount()).as("after %d", after).isEqualTo(frames);
            }
        }
    }

    /** The host may write to the pages of a request until it has let go of the channel. */
    @Test
    void endsARequestOnlyWhenTheHostUsesItsPagesNoMore() {
        try (StorBench bench = StorBench.usual();
                RamStore store = RamStore.zeroed(64)) {
            final HeldStore held = new HeldStore(store);
            bench.host.add(0, 0, bench.disk("a", held));
            bench.connect();
            final int frames = bench.frames.usedCount();
            final Storvsc guest = bench.join(StorvscOptions.DEFAULTS);
            final StorvscDisk disk = bench.diskOf(0, 0);
            final BlockStatus[] status = new BlockStatus[1];
            disk.completionsTo(request -> status[0] = request.status());
            assertThat(
                            disk.submit(
                                    new BlockRequest(1)
                                            .reset(BlockOperation.READ, 0)
                                            .addSegment(2000L << GuestMemory.PAGE_SHIFT, 512)))
                    .isTrue();
            disk.commit();
            bench.idle();
            bench.page(2000).setMemory(0, 512, (byte) 0x5a);
            guest.shutdown();
            bench.idle();
            assertThat(guest.isClosed()).isTrue();
            assertThat(disk.isReady()).isFalse();
            assertThat(status[0]).as("the store has it still").isNull();
            assertThat(bench.frames.usedCount()).isGreaterThan(frames);
            held.let(1);
            bench.idle();
            assertThat(bench.page(2000).getByte(0)).as("the host has written").isZero();
            assertThat(status[0]).isEqualTo(BlockStatus.ERROR);
            assertThat(bench.frames.usedCount()).isEqualTo(frames);
        }
    }

    @Test
    void closesWhenTheHostDoesNotOpenTheChannel() {
        final ServerOptions noRoom =
                new ServerOptions(VmbusVersion.V0_13, VmbusVersion.NEWEST, 4, 16, 8);
        try (StorBench bench = new StorBench(1, StorvspOptions.DEFAULTS, noRoom)) {
            bench.connect();
            final int frames = bench.frames.usedCount();
            final Storvsc guest = bench.join(StorvscOptions.DEFAULTS);
            assertThat(guest.isClosed()).isTrue();
            assertThat(guest.counters().refusals(StorvscRefusal.HANDSHAKE)).isEqualTo(1);
            assertThat(bench.frames.usedCount()).isEqualTo(frames);
        }
    }

    private static void turn(final StorBench bench, final int rounds) {
        for (int i = 0; i < rounds; i++) {
            bench.round();
        }
    }

    private static void assertGone(final StorBench bench, final int frames, final int after) {
        assertThat(bench.host.isReady()).as("after %d", after).isFalse();
        assertThat(bench.server.channelCount()).as("after %d", after).isEqualTo(1);
        assertThat(bench.channel().isClosed()).as("after %d", after).isTrue();
        assertThat(bench.frames.usedCount()).as("after %d", after).isEqualTo(frames);
    }

    private static void assertServes(final StorBench bench, final int after) {
        assertThat(bench.run(bench.diskOf(0, 0), BlockOperation.READ, 0, 2000, 512))
                .as("after %d", after)
                .isEqualTo(BlockStatus.OK);
    }
}
