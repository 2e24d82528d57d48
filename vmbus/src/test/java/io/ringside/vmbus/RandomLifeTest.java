package io.ringside.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.testkit.Seed;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.channel.Gpadl;
import io.ringside.vmbus.channel.GpadlView;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.ClientState;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.GuestGpadl;
import io.ringside.vmbus.guest.OpenRequest;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.host.HostChannel;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.UserData;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Two honest ends that do whatever they like, in any order and a step at a time: nothing that is
 * sent is lost or comes in another order while a channel is open, and in the end nothing is left.
 */
class RandomLifeTest {
    private static final int STEPS = 20_000;
    private static final int DEVICES = 4;

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[256]);
    private final List<HostChannel> hosts = new ArrayList<>();
    private final List<GuestChannel> guests = new ArrayList<>();
    private final List<GuestGpadl> shared = new ArrayList<>();
    private final List<GpadlView> views = new ArrayList<>();
    private long packets;
    private int next;

    @Test
    void leavesNothingBehindWhateverHappens() {
        final int version = VmbusVersion.at(random.nextInt(3, VmbusVersion.count()));
        try (TestBus bus =
                new TestBus(
                        2,
                        4096,
                        ServerOptions.DEFAULTS.withNewest(version),
                        ClientOptions.DEFAULTS,
                        guests::add)) {
            final int frames = bus.frames.usedCount();
            final int ports = bus.partition.openPorts();
            for (int step = 0; step < STEPS; step++) {
                act(bus);
                final int ends = random.nextInt(4);
                if ((ends & 1) != 0) {
                    bus.client.doWork();
                    bus.client.dispatch(1);
                }
                if ((ends & 2) != 0) {
                    bus.server.doWork();
                }
                tidy(bus);
            }
            finish(bus);
            assertThat(bus.frames.usedCount()).as("frames: %s", seed).isEqualTo(frames);
            assertThat(bus.partition.openPorts()).as("ports: %s", seed).isEqualTo(ports);
            assertThat(bus.partition.allocatedMonitors()).as("%s", seed).isZero();
            assertThat(bus.server.gpadlCount()).as("%s", seed).isZero();
            assertThat(bus.server.gpadlPages()).as("%s", seed).isZero();
            assertThat(bus.client.gpadlCount()).as("%s", seed).isZero();
            assertThat(bus.client.keptRings()).as("%s", seed).isZero();
            assertThat(packets).as("%s", seed).isPositive();
        }
    }

    private void act(final TestBus bus) {
        switch (random.nextInt(16)) {
            case 0 -> {
                if (hosts.size() < DEVICES) {
                    final ChannelOffer offer =
                            ChannelOffer.of(DeviceType.SCSI, TestBus.instance(next++));
                    hosts.add(bus.offer(random.nextBoolean() ? offer : offer.monitored(0)));
                }
            }
            case 1 -> {
                if (random.nextInt(8) == 0 && !hosts.isEmpty()) {
                    hosts.get(random.nextInt(hosts.size())).revoke();
                }
            }
            case 2 -> {
                if (bus.client.state() instanceof ClientState.Disconnected) {
                    bus.client.connect();
                } else if (random.nextInt(40) == 0
                        && bus.client.state() instanceof ClientState.Connected) {
                    bus.client.unload();
                }
            }
            case 3, 4 -> poke(bus);
            case 5 -> share(bus);
            case 6 -> unshare();
            case 7 -> view();
            case 8 -> {
                if (!views.isEmpty()) {
                    views.remove(random.nextInt(views.size())).close();
                }
            }
            default -> speak();
        }
    }

    /** Opens or closes one channel. */
    private void poke(final TestBus bus) {
        if (guests.isEmpty()) {
            return;
        }
        final GuestChannel guest = guests.get(random.nextInt(guests.size()));
        if (guest.isClosed() && bus.client.state() instanceof ClientState.Connected) {
            guest.open(new OpenRequest(3, 2, random.nextInt(2), UserData.NONE));
        } else if (guest.channel() != null && random.nextInt(4) == 0) {
            guest.close();
        }
    }

    private void share(final TestBus bus) {
        if (guests.isEmpty() || !(bus.client.state() instanceof ClientState.Connected)) {
            return;
        }
        final GuestChannel guest = guests.get(random.nextInt(guests.size()));
        if (!guest.isRescinded() && !guest.isReleased() && shared.size() < 8) {
            final int[] frames = new int[random.nextInt(1, 60)];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = bus.frames.allocate();
            }
            shared.add(guest.share(frames));
        }
    }

    private void unshare() {
        if (shared.isEmpty()) {
            return;
        }
        final GuestGpadl gpadl = shared.get(random.nextInt(shared.size()));
        for (final GuestChannel guest : guests) {
            if (gpadl.isCreated()
                    && guest.relid() == gpadl.relid()
                    && !guest.isRescinded()
                    && !guest.isReleased()) {
                guest.unshare(gpadl);
            }
        }
    }

    private void view() {
        for (final HostChannel host : hosts) {
            for (final GuestGpadl gpadl : shared) {
                final Gpadl held = host.gpadl(gpadl.handle());
                final GpadlView view = held == null ? null : held.map();
                if (view != null) {
                    views.add(view);
                    return;
                }
            }
        }
    }

    /** Sends numbered packets both ways, and takes them. */
    private void speak() {
        for (final HostChannel host : hosts) {
            final Channel end = host.channel();
            if (end != null) {
                exchange(end);
            }
        }
        for (final GuestChannel guest : guests) {
            final Channel end = guest.channel();
            if (end != null) {
                exchange(end);
            }
        }
    }

    private void exchange(final Channel end) {
        if (random.nextBoolean()) {
            final long number = end.outgoing().isBroken() ? -1 : packets++;
            payload.putLong(0, number);
            final int bytes = random.nextInt(8, 257);
            assertThat(end.send(PacketType.IN_BAND, 0, number, payload, 0, bytes))
                    .as("%s", seed)
                    .isIn(RingStatus.OK, RingStatus.NO_ROOM);
        }
        long last = -1;
        while (random.nextInt(4) != 0 && end.incoming().nextCopied() == RingStatus.OK) {
            final long number = end.incoming().transactionId();
            assertThat(number).as("order: %s", seed).isGreaterThan(last);
            assertThat(end.incoming().buffer().getLong(end.incoming().payloadOffset()))
                    .as("%s", seed)
                    .isEqualTo(number);
            last = number;
        }
        end.commitRead();
        assertThat(end.isBroken()).as("%s", seed).isFalse();
    }

    /** What every half does when it is told to let go. */
    private void tidy(final TestBus bus) {
        for (final HostChannel host : hosts) {
            if (host.mustRelease() && random.nextInt(3) == 0) {
                host.release();
            }
        }
        hosts.removeIf(HostChannel::isGone);
        for (final GuestChannel guest : guests) {
            if (guest.isRescinded() && random.nextInt(3) == 0) {
                guest.release();
            }
        }
        guests.removeIf(GuestChannel::isReleased);
        views.removeIf(view -> {
            final boolean wanted = view.gpadl().isTornDown() && random.nextInt(3) == 0;
            if (wanted) {
                view.close();
            }
            return wanted;
        });
        shared.removeIf(gpadl -> {
            if (gpadl.isGone()) {
                for (final int frame : gpadl.frames()) {
                    bus.frames.free(frame);
                }
            }
            return gpadl.isGone();
        });
    }

    private void finish(final TestBus bus) {
        for (int round = 0; round < 1_000; round++) {
            for (final GpadlView view : views) {
                view.close();
            }
            views.clear();
            for (final HostChannel host : hosts) {
                host.revoke();
            }
            bus.client.doWork();
            bus.client.dispatch(1);
            bus.server.doWork();
            tidy(bus);
        }
        if (bus.client.state() instanceof ClientState.Connected) {
            bus.client.unload();
        }
        for (int round = 0; round < 100; round++) {
            bus.client.doWork();
            bus.server.doWork();
            tidy(bus);
        }
        assertThat(bus.client.state()).as("%s", seed).isInstanceOf(ClientState.Disconnected.class);
        assertThat(guests).as("%s", seed).isEmpty();
        assertThat(shared).as("%s", seed).isEmpty();
    }
}
