package io.ringside.vmbus.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.protocol.ChannelMessage;
import io.ringside.vmbus.protocol.ChannelMessage.AllOffersDelivered;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlCreated;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTorndown;
import io.ringside.vmbus.protocol.ChannelMessage.ModifyResponse;
import io.ringside.vmbus.protocol.ChannelMessage.OfferChannel;
import io.ringside.vmbus.protocol.ChannelMessage.OpenResult;
import io.ringside.vmbus.protocol.ChannelMessage.RescindOffer;
import io.ringside.vmbus.protocol.ChannelMessage.TlConnectResult;
import io.ringside.vmbus.protocol.ChannelMessage.UnloadResponse;
import io.ringside.vmbus.protocol.ChannelMessage.VersionResponse;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.Offer;
import io.ringside.vmbus.protocol.UserData;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A host that sends the guest's state machine what it should not. */
class HostileHostTest {
    private static final int RING = GuestGpadls.FIRST_HANDLE;
    private static final int FAILED = 0xc000_0001;

    private final ClientBench bench = new ClientBench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void refusesOffersThatCannotBe() {
        connect();
        for (final int relid : new int[] {0, -1, 2048, Integer.MAX_VALUE}) {
            assertThat(bench.receive(new OfferChannel(ClientBench.offer(relid))))
                    .as("relid=%d", relid)
                    .isEqualTo("parameter");
        }
        final Offer monitored =
                new Offer(
                        DeviceType.SCSI, Guid.NONE, 0, 0, UserData.NONE, 0, 7, 128, true, 0x10007);
        assertThat(bench.receive(new OfferChannel(monitored))).isEqualTo("parameter");
        assertThat(bench.offered).isEmpty();
        for (int relid = 1; relid < 2048; relid++) {
            assertThat(bench.receive(new OfferChannel(ClientBench.offer(relid)))).isEqualTo("none");
        }
        assertThat(bench.receive(new OfferChannel(ClientBench.offer(1))))
                .isEqualTo("channel state");
    }

    @Test
    void givesUpOnAHostThatDeclinesEverything() {
        bench.control.connect();
        int answers = 0;
        while (bench.control.state() instanceof ClientState.Contacting) {
            assertThat(bench.receive(new VersionResponse(false, 0, 0, 0))).isEqualTo("none");
            answers++;
        }
        assertThat(answers).isEqualTo(11);
        assertThat(new HashSet<>(bench.versions)).as("each once").hasSize(11);
        assertThat(bench.receive(new VersionResponse(true, 0, 0, 0))).isEqualTo("connection state");
    }

    @Test
    void getsItsPagesBackWhenTheHostRefuses() {
        final GuestChannel channel = offered();
        final int before = bench.frames.usedCount();
        channel.open(OpenRequest.ofPages(3, 3));
        assertThat(bench.frames.usedCount() - before).isEqualTo(6);
        assertThat(bench.receive(new GpadlCreated(1, RING, FAILED))).isEqualTo("none");
        assertThat(channel.isClosed()).isTrue();
        assertThat(channel.lastStatus()).isEqualTo(FAILED);
        assertThat(bench.frames.usedCount()).isEqualTo(before);

        channel.open(OpenRequest.ofPages(3, 3));
        assertThat(bench.receive(new GpadlCreated(1, RING + 1, 0))).isEqualTo("none 5");
        assertThat(bench.receive(new OpenResult(1, 1, FAILED))).isEqualTo("none 11");
        assertThat(channel.isClosed()).isFalse();
        assertThat(bench.frames.usedCount() - before).as("the host still has them").isEqualTo(6);
        assertThat(bench.receive(new GpadlTorndown(RING + 1))).isEqualTo("none");
        assertThat(channel.isClosed()).isTrue();
        assertThat(bench.frames.usedCount()).isEqualTo(before);
    }

    @Test
    void takesNoAnswerForAnotherQuestion() {
        final GuestChannel channel = offered();
        assertThat(bench.receive(new OfferChannel(ClientBench.offer(2)))).isEqualTo("none");
        channel.open(OpenRequest.ofPages(2, 2));
        assertThat(bench.receive(new GpadlCreated(2, RING, 0))).isEqualTo("unknown gpadl");
        assertThat(bench.receive(new GpadlCreated(1, RING + 1, 0))).isEqualTo("unknown gpadl");
        assertThat(bench.receive(new OpenResult(1, 1, 0)))
                .as("not asked")
                .isEqualTo("channel state");
        assertThat(bench.receive(new GpadlCreated(1, RING, 0))).isEqualTo("none 5");
        assertThat(bench.receive(new GpadlCreated(1, RING, FAILED))).isEqualTo("gpadl state");
        assertThat(bench.receive(new OpenResult(1, 2, 0))).isEqualTo("channel state");
        assertThat(bench.receive(new OpenResult(2, 2, 0))).isEqualTo("channel state");
        assertThat(bench.receive(new GpadlTorndown(RING))).isEqualTo("gpadl state");
        assertThat(bench.receive(new OpenResult(1, 1, 0))).isEqualTo("none");
        assertThat(channel.channel()).isNotNull();
        assertThat(bench.receive(new ModifyResponse(1, 0))).isEqualTo("channel state");
        bench.control.connectService(Guid.NONE, DeviceType.TIME);
        assertThat(bench.receive(new TlConnectResult(Guid.NONE, DeviceType.SCSI, 0)))
                .isEqualTo("channel state");
        assertThat(bench.receive(new TlConnectResult(Guid.NONE, DeviceType.TIME, 5)))
                .isEqualTo("none");
        assertThat(bench.control.serviceStatus()).isEqualTo(5);
    }

    @Test
    void breaksAChannelWhoseIndicesCannotBe() {
        final GuestChannel channel = offered();
        channel.open(OpenRequest.ofPages(2, 2));
        assertThat(bench.receive(new GpadlCreated(1, RING, 0))).isEqualTo("none 5");
        assertThat(bench.receive(new OpenResult(1, 1, 0))).isEqualTo("none");
        final Channel rings = Objects.requireNonNull(channel.channel());
        final int[] frames = ((GuestChannelState.Open) channel.state()).rings().gpadl().frames();
        final UnsafeBuffer control = new UnsafeBuffer(0, 0);
        bench.memory.wrap(control, frames[2] * 4096L, 4096);
        control.putInt(0, 12);
        assertThat(rings.incoming().bytesToRead()).isZero();
        assertThat(rings.isBroken()).as("threats, row 43").isTrue();
        channel.close();
        assertThat(bench.receive(new GpadlTorndown(RING))).isEqualTo("none");
        assertThat(channel.isClosed()).isTrue();
    }

    @Test
    void holdsAgainstAnyMessages() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        connect();
        for (int step = 0; step < 30_000; step++) {
            assertThat(bench.receive(anything(random))).as("%s", seed).isNotEmpty();
            bench.offered.removeIf(GuestChannel::isReleased);
            for (final GuestChannel channel : bench.offered) {
                drive(channel, random);
            }
            assertThat(bench.frames.usedCount()).as("%s", seed).isLessThanOrEqualTo(5 * 4);
        }
        bench.control.unload();
        for (final GuestChannel channel : bench.offered) {
            if (channel.isRescinded()) {
                channel.release();
            }
        }
        assertThat(bench.receive(new UnloadResponse())).isEqualTo("none");
        assertThat(bench.frames.usedCount()).as("%s", seed).isZero();
    }

    private static void drive(final GuestChannel channel, final SplittableRandom random) {
        if (channel.isRescinded()) {
            channel.release();
        } else if (random.nextInt(8) != 0) {
            return;
        } else if (channel.isClosed()) {
            channel.open(OpenRequest.ofPages(2, 2));
        } else if (channel.channel() != null) {
            channel.close();
        }
    }

    private static ChannelMessage anything(final SplittableRandom random) {
        final int relid = random.nextInt(7) - 1;
        final int handle = RING + random.nextInt(2_000);
        final int status = random.nextInt(3) == 0 ? FAILED : 0;
        return switch (random.nextInt(8)) {
            case 0 ->
                    relid > 5
                            ? new AllOffersDelivered()
                            : new OfferChannel(ClientBench.offer(Math.min(relid, 5)));
            case 1 -> random.nextInt(4) == 0 ? new RescindOffer(relid) : new AllOffersDelivered();
            case 2, 3 -> new GpadlCreated(relid, handle, status);
            case 4 -> new OpenResult(relid, relid, status);
            case 5 -> new GpadlTorndown(handle);
            case 6 -> new ModifyResponse(relid, status);
            default -> new VersionResponse(random.nextBoolean(), 0, 1, -1);
        };
    }

    private void connect() {
        bench.control.connect();
        assertThat(bench.receive(new VersionResponse(true, 0, 4, -1))).isEqualTo("none 3");
        assertThat(bench.control.features()).as("none were asked for").isZero();
    }

    private GuestChannel offered() {
        connect();
        assertThat(bench.receive(new OfferChannel(ClientBench.offer(1)))).isEqualTo("none");
        return bench.offered.getFirst();
    }

    @Test
    void keepsDevicesThatItDoesNotTrustFromItsDrivers() {
        final ClientOptions careful =
                new ClientOptions(
                        ClientOptions.DEFAULTS.oldestVersion(),
                        ClientOptions.DEFAULTS.newestVersion(),
                        0,
                        Guid.NONE,
                        Set.of(DeviceType.NETWORK));
        assertThat(careful.allows(DeviceType.NETWORK)).as("threats, row 38").isTrue();
        assertThat(careful.allows(DeviceType.SCSI)).isFalse();
        assertThat(ClientOptions.DEFAULTS.allows(DeviceType.SCSI)).isTrue();
    }
}
