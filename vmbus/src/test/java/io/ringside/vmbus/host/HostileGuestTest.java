package io.ringside.vmbus.host;

import static io.ringside.vmbus.host.ServerBench.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.protocol.ChannelMessage.CloseChannel;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlBody;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlHeader;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTeardown;
import io.ringside.vmbus.protocol.ChannelMessage.InitiateContact;
import io.ringside.vmbus.protocol.ChannelMessage.ModifyChannel;
import io.ringside.vmbus.protocol.ChannelMessage.OpenChannel;
import io.ringside.vmbus.protocol.ChannelMessage.RelidReleased;
import io.ringside.vmbus.protocol.ChannelMessage.RequestOffers;
import io.ringside.vmbus.protocol.ChannelMessage.TlConnectRequest;
import io.ringside.vmbus.protocol.ChannelMessage.Unload;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.PageNumbers;
import io.ringside.vmbus.protocol.TargetInfo;
import io.ringside.vmbus.protocol.UserData;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A guest that sends the host's state machine what it should not. */
class HostileGuestTest {
    private static final int PAGE = ServerBench.PAGE;

    private final ServerBench bench = new ServerBench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void refusesContactThatCannotBe() {
        final long target = TargetInfo.of(2, 0, 0);
        refuseContact("parameter", VmbusVersion.V5_3, 2, target, 0);
        refuseContact("parameter", VmbusVersion.V5_3, -1, target, 0);
        refuseContact("parameter", VmbusVersion.V5_3, 0, TargetInfo.of(3, 0, 0), 0);
        refuseContact("parameter", VmbusVersion.V5_3, 0, TargetInfo.of(2, 2, 0), 0);
        refuseContact("parameter", VmbusVersion.V5_3, 0, target, PAGE + 8);
        refuseContact("parameter", VmbusVersion.V5_3, 0, target, (long) ServerBench.FRAMES * PAGE);
        refuseContact("parameter", VmbusVersion.V5_3, 0, target, -PAGE);
        refuseContact("parameter", VmbusVersion.V4_1, 0, 0, 0);
        refuseContact("parameter", VmbusVersion.V4_1, 0, Long.MIN_VALUE, 0);
        refuseContact("version", 5 << 16 | 4, 0, target, 0);
        refuseContact("version", 0, 0, target, 0);
        refuseContact("version", -1, 0, target, 0);
        assertThat(bench.connections).isZero();
        bench.connect(VmbusVersion.V5_3);
    }

    private void refuseContact(
            final String why,
            final int version,
            final int vp,
            final long target,
            final long monitorPage) {
        assertThat(
                        bench.receive(
                                new InitiateContact(
                                        version, vp, target, 0, monitorPage, Guid.NONE)))
                .isEqualTo(why + " 15");
        assertThat(bench.control.state()).isInstanceOf(ServerState.Disconnected.class);
    }

    @Test
    void refusesWhatTheVersionDoesNotHave() {
        bench.offer();
        bench.list(VmbusVersion.V2_4);
        assertThat(bench.receive(new Unload())).isEqualTo("version");
        assertThat(bench.receive(new TlConnectRequest(Guid.NONE, Guid.NONE))).isEqualTo("version");
        assertThat(bench.receive(new ModifyChannel(1, 0))).isEqualTo("version");
        // Contact anew is what every version has.
        assertThat(bench.receive(ServerBench.contact(VmbusVersion.V4_1))).isEqualTo("none 15");
        assertThat(bench.receive(new ModifyChannel(1, 0)))
                .as("no answer")
                .isEqualTo("channel state");
    }

    @Test
    void refusesRingsThatCannotBe() {
        bench.offer();
        bench.list(VmbusVersion.V5_3);
        assertThat(bench.receive(header(1, 5, 8, 6))).isEqualTo("none 10");
        for (final int downstream : new int[] {0, 1, 5, 6, 7, -1, Integer.MIN_VALUE}) {
            assertThat(bench.receive(new OpenChannel(1, 1, 5, 0, downstream, UserData.NONE)))
                    .as("downstream=%d", downstream)
                    .isEqualTo("parameter 6");
        }
        for (final int processor : new int[] {2, -1}) {
            assertThat(bench.receive(new OpenChannel(1, 1, 5, processor, 3, UserData.NONE)))
                    .isEqualTo("parameter 6");
        }
        assertThat(bench.receive(new GpadlHeader(1, 6, 40, 1, 3 * PAGE + 8, 0, pages(4, 8))))
                .isEqualTo("none 10");
        assertThat(bench.receive(ServerBench.open(1, 6))).as("not whole").isEqualTo("parameter 6");
        assertThat(bench.receive(new GpadlHeader(1, 7, 40, 1, 3 * PAGE, 8, pages(4, 8))))
                .isEqualTo("none 10");
        assertThat(bench.receive(ServerBench.open(1, 7)))
                .as("not at its start")
                .isEqualTo("parameter 6");
        assertThat(bench.control.gpadls().isInUse(1)).as("nothing stays mapped").isFalse();
    }

    @Test
    void refusesRingsWhoseIndicesCannotBe() {
        final HostChannel channel = bench.offer();
        bench.list(VmbusVersion.V5_3);
        assertThat(bench.receive(header(1, 5, 8, 4))).isEqualTo("none 10");
        final UnsafeBuffer control = new UnsafeBuffer(0, 0);
        bench.memory.wrap(control, 8 * PAGE, PAGE);
        for (final int index : new int[] {4, PAGE, -8, Integer.MAX_VALUE}) {
            control.putInt(4, index); // The read index of the ring that the host reads.
            assertThat(bench.receive(ServerBench.open(1, 5)))
                    .as("threats, row 43: index=%d", index)
                    .isEqualTo("parameter 6");
            assertThat(channel.channel()).isNull();
        }
        control.putInt(4, 0);
        assertThat(bench.receive(ServerBench.open(1, 5))).isEqualTo("none 6");
        final Channel rings = Objects.requireNonNull(channel.channel());
        control.putInt(0, 4096 + 8);
        assertThat(rings.incoming().bytesToRead()).isZero();
        assertThat(rings.isBroken()).as("threats, rows 2 and 41").isTrue();
        assertThat(bench.receive(new CloseChannel(1))).isEqualTo("none");
        channel.release();
        assertThat(bench.control.tick()).isPositive();
    }

    @Test
    void holdsAgainstAnyMessages() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final List<HostChannel> channels = new ArrayList<>();
        for (int step = 0; step < 30_000; step++) {
            if (random.nextInt(50) == 0 && channels.size() < 4) {
                channels.add(bench.offer(step));
            }
            if (random.nextInt(100) == 0 && !channels.isEmpty()) {
                channels.get(random.nextInt(channels.size())).revoke();
            }
            for (final HostChannel channel : channels) {
                if (channel.mustRelease() && random.nextInt(4) == 0) {
                    channel.release();
                    bench.control.tick();
                }
            }
            channels.removeIf(channel -> channel.state() instanceof HostChannelState.Gone);
            assertThat(anything(random)).as("%s", seed).isNotEmpty();
            assertThat(bench.control.gpadls().pages()).as("%s", seed).isBetween(0, 8 * 30);
            assertThat(bench.connections).as("%s", seed).isBetween(0, 1);
            assertThat(bench.openPorts).as("%s", seed).isEqualTo(bench.control.channels().count());
        }
        endAll(channels);
        assertThat(bench.control.gpadls().pages()).as("threats, row 34: %s", seed).isZero();
        assertThat(bench.openPorts).as("%s", seed).isZero();
    }

    private void endAll(final List<HostChannel> channels) {
        bench.receive(ServerBench.contact(VmbusVersion.V5_3));
        for (final HostChannel channel : channels) {
            channel.revoke();
            if (channel.mustRelease()) {
                channel.release();
            }
        }
        bench.control.tick();
        bench.receive(new Unload());
        bench.control.tick();
    }

    private String anything(final SplittableRandom random) {
        final int relid = random.nextInt(-1, 7);
        final int handle = random.nextInt(8);
        return bench.receive(
                switch (random.nextInt(12)) {
                    case 0 -> {
                        final int version = VmbusVersion.at(random.nextInt(VmbusVersion.count()));
                        yield random.nextInt(20) == 0
                                ? ServerBench.contact(version)
                                : new RequestOffers();
                    }
                    case 1 -> random.nextInt(40) == 0 ? new Unload() : new RequestOffers();
                    case 2, 3 -> header(relid, handle, random.nextInt(8, 20), random.nextInt(1, 8));
                    case 4 ->
                            new GpadlHeader(
                                    relid, handle, 8 + 8 * 30, 1, 30 * PAGE, 0, pages(26, 8));
                    case 5 -> new GpadlBody(random.nextInt(3), handle, pages(random.nextInt(9), 8));
                    case 6 -> new GpadlTeardown(relid, handle);
                    case 7, 8 ->
                            new OpenChannel(
                                    relid,
                                    relid,
                                    handle,
                                    random.nextInt(3),
                                    random.nextInt(-1, 6),
                                    UserData.NONE);
                    case 9 -> new CloseChannel(relid);
                    case 10 ->
                            random.nextBoolean()
                                    ? new RelidReleased(relid)
                                    : new ModifyChannel(relid, random.nextInt(4));
                    default -> new TlConnectRequest(Guid.NONE, Guid.NONE);
                });
    }

    private static PageNumbers pages(final int count, final int first) {
        final int[] frames = new int[count];
        for (int i = 0; i < count; i++) {
            frames[i] = first + i;
        }
        return PageNumbers.of(frames);
    }
}
