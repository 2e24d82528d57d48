package io.ringside.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.testkit.Seed;
import io.ringside.vmbus.TestBus.Pair;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.ClientState;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.GuestGpadl;
import io.ringside.vmbus.guest.OpenRequest;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.host.HostChannel;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.protocol.ChannelMessage.RelidReleased;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.HvStatus;
import io.ringside.vmbus.protocol.HypercallCode;
import io.ringside.vmbus.protocol.MessageType;
import io.ringside.vmbus.protocol.MessageWriter;
import io.ringside.vmbus.protocol.MonitorPage;
import io.ringside.vmbus.protocol.PostMessageInput;
import io.ringside.vmbus.protocol.ReplyStatus;
import io.ringside.vmbus.protocol.SynicRegister;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.Set;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Peers that flood, do not read, scribble over shared pages, or signal for nothing. */
class HostilePeerTest {
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[240]);

    @Test
    void listensNoMoreToAGuestThatDoesNotRead() {
        try (TestBus bus = new TestBus()) {
            bus.offer(1);
            bus.connect();
            final int frame = bus.frames.allocate();
            int posted = 0;
            while (posted < 100_000 && postConnect(bus, frame) == HvStatus.SUCCESS) {
                bus.server.doWork();
                posted++;
            }
            assertThat(posted).as("it is told to wait").isLessThan(1_000);
            assertThat(postConnect(bus, frame)).isEqualTo(HvStatus.INSUFFICIENT_BUFFERS);
            assertThat(bus.server.waitingMessages()).isLessThanOrEqualTo(64 + 16);
            bus.settle();
            assertThat(bus.server.waitingMessages()).isZero();
            assertThat(postConnect(bus, frame)).isEqualTo(HvStatus.SUCCESS);
        }
    }

    /** Asks for a socket, which is answered each time. */
    private static int postConnect(final TestBus bus, final int frame) {
        final UnsafeBuffer page = bus.page(frame);
        new PostMessageInput().wrap(page, 0).put(4, 40);
        page.setMemory(PostMessageInput.PAYLOAD_OFFSET, 40, (byte) 0);
        page.putInt(PostMessageInput.PAYLOAD_OFFSET, MessageType.TL_CONNECT_REQUEST);
        return (int)
                bus.partition.hypercall(
                        0, HypercallCode.POST_MESSAGE, (long) frame << GuestMemory.PAGE_SHIFT);
    }

    @Test
    void refusesSocketsInTheProtocolsWords() {
        try (TestBus bus = new TestBus()) {
            bus.connect();
            bus.client.connectService(TestBus.instance(1), TestBus.instance(2));
            bus.settle();
            assertThat(bus.client.serviceStatus()).isEqualTo(ReplyStatus.CONNECTION_REFUSED);
        }
        try (TestBus bus =
                new TestBus(
                        1,
                        ServerOptions.DEFAULTS.withNewest(VmbusVersion.V3_0),
                        ClientOptions.DEFAULTS)) {
            bus.connect();
            postConnect(bus, bus.frames.allocate());
            bus.settle();
            assertThat(bus.client.serviceStatus()).isZero();
        }
    }

    @Test
    void signalsOnlyWhatTheHostHasSaidWhateverTheMonitorPageSays() {
        try (TestBus bus = new TestBus()) {
            final HostChannel monitored =
                    bus.offer(ChannelOffer.of(DeviceType.SCSI, TestBus.instance(1)).monitored(0));
            final HostChannel other = bus.offer(2);
            final Pair pair = bus.open(monitored);
            for (int frame = 1; frame < bus.memory.frameCount(); frame++) {
                final MonitorPage page = new MonitorPage(bus.page(frame));
                if (page.connectionId(0) == monitored.offer().connectionId()) {
                    page.describe(0, other.offer().connectionId(), 0, 0);
                    page.describe(5, other.offer().connectionId(), 0, 0);
                    page.setPendingVolatile(5);
                    page.setPendingVolatile(127);
                }
            }
            pair.guestEnd().signal();
            assertThat(bus.poller.doWork()).isEqualTo(1);
            assertThat(monitored.takeSignal()).isTrue();
            assertThat(other.takeSignal()).isFalse();
        }
    }

    @Test
    void countsNeedlessSignals() {
        try (TestBus bus = new TestBus()) {
            final Pair pair = bus.open(bus.offer(1));
            final int rings = bus.driverRings;
            for (int i = 0; i < 1_000; i++) {
                pair.guestEnd().signal();
            }
            assertThat(pair.host().signals()).as("threats, row 40").isEqualTo(1_000);
            assertThat(bus.driverRings - rings).as("the half is woken once").isEqualTo(1);
            assertThat(pair.host().takeSignal()).isTrue();
            assertThat(pair.hostEnd().incoming().next()).isEqualTo(RingStatus.EMPTY);
        }
    }

    @Test
    void countsEventsOfChannelsThatAreNotThere() {
        try (TestBus bus = new TestBus()) {
            bus.connect();
            for (int flag = 0; flag < 2048; flag++) {
                bus.partition.signalEvent(0, SynicRegister.VMBUS_SINT, flag);
            }
            bus.client.doWork();
            assertThat(bus.client.strayEvents()).isEqualTo(2048);
            assertThat(bus.client.doWork()).isZero();
        }
    }

    @Test
    void holdsAgainstAnyBytesOfTheHost() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        try (TestBus bus = new TestBus()) {
            final Pair pair = bus.open(bus.offer(1));
            for (int step = 0; step < 20_000; step++) {
                final byte[] bytes = new byte[random.nextInt(241)];
                random.nextBytes(bytes);
                payload.wrap(bytes);
                if (bytes.length >= 8) {
                    payload.putInt(0, random.nextInt(MessageType.COUNT + 1));
                }
                bus.partition.postMessage(
                        0, SynicRegister.VMBUS_SINT, random.nextInt(), payload, 0, bytes.length);
                bus.client.doWork();
            }
            assertThat(bus.client.refusals().total()).as("%s", seed).isPositive();
            assertThat(bus.client.state()).as("%s", seed).isInstanceOf(ClientState.Connected.class);
            assertThat(pair.guest()).as("%s", seed).isNotNull();
        }
    }

    @Test
    void readsAMessageOnceWhateverTheHostDoesWithItAfterwards() {
        try (TestBus bus = new TestBus()) {
            bus.connect();
            final long register = bus.partition.readRegister(0, SynicRegister.MESSAGE_PAGE);
            final UnsafeBuffer page = bus.page((int) (register >>> GuestMemory.PAGE_SHIFT));
            final int slot = SynicRegister.VMBUS_SINT * 256;
            final int length = MessageWriter.write(new RelidReleased(1), payload, 0);
            bus.partition.postMessage(0, SynicRegister.VMBUS_SINT, 1, payload, 0, length);
            page.putByte(slot + 4, (byte) 255); // A length beyond the slot.
            bus.client.doWork();
            assertThat(bus.client.refusals().total()).as("threats, row 38").isEqualTo(1);
            assertThat(page.getInt(slot)).as("the slot is free").isZero();
        }
    }

    @Test
    void keepsDevicesThatTheGuestDoesNotTrustFromItsDrivers() {
        final ClientOptions careful =
                new ClientOptions(
                        VmbusVersion.V0_13,
                        VmbusVersion.NEWEST,
                        0,
                        Guid.NONE,
                        Set.of(DeviceType.NETWORK));
        try (TestBus bus = new TestBus(1, ServerOptions.DEFAULTS, careful)) {
            final HostChannel disk = bus.offer(1);
            final HostChannel card =
                    bus.offer(ChannelOffer.of(DeviceType.NETWORK, TestBus.instance(2)));
            bus.connect();
            assertThat(bus.client.channels()).as("threats, row 38").hasSize(1);
            assertThat(bus.guest(card).offer().deviceType()).isEqualTo(DeviceType.NETWORK);
            disk.revoke();
            bus.settle();
            assertThat(disk.isGone()).isTrue();
            assertThat(bus.server.channelCount()).as("its number is released").isEqualTo(1);
        }
    }

    @Test
    void offersSubChannelsAsTheHalvesAsk() {
        try (TestBus bus = new TestBus()) {
            final ChannelOffer device = ChannelOffer.of(DeviceType.NETWORK, TestBus.instance(1));
            final HostChannel host = bus.offer(device);
            final Pair primary = bus.open(host);
            assertThat(primary.guest().subChannels()).isEmpty();
            for (int index = 1; index <= 3; index++) {
                bus.offer(device.subChannel(index));
            }
            bus.offer(9);
            bus.settle();
            assertThat(primary.guest().subChannels()).hasSize(3);
            for (final GuestChannel sub : primary.guest().subChannels()) {
                sub.open(OpenRequest.ofPages(2, 2));
            }
            bus.settle();
            for (final GuestChannel sub : primary.guest().subChannels()) {
                assertThat(sub.channel()).as("%s", sub).isNotNull();
                assertThat(sub.offer().isSameDevice(host.offer())).isTrue();
            }
            // A list of pages of the device is known to each of its channels, and to no other.
            final GuestGpadl shared = primary.guest().share(bus.frames.allocate());
            bus.settle();
            assertThat(host.gpadl(shared.handle())).isNotNull();
            assertThat(primary.guestEnd().send(PacketType.IN_BAND, 0, 1, payload, 0, 8)).isZero();
        }
    }
}
