package io.ringside.perf.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.perf.trace.TraceEvent.Sender;
import io.ringside.ringbuf.vmbus.ControlPage;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.testkit.Seed;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.protocol.ChannelMessage;
import io.ringside.vmbus.protocol.ChannelMessage.CloseChannel;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlBody;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlHeader;
import io.ringside.vmbus.protocol.ChannelMessage.OpenChannel;
import io.ringside.vmbus.protocol.PageNumbers;
import io.ringside.vmbus.protocol.UserData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that are not ours: whatever they write is told, and nothing of it does harm. */
class ForeignPeerTest {
    private static final int RELID = 3;
    private static final int GPADL = 77;
    private static final int[] FRAMES = {4, 5, 6, 10, 11, 12};
    private static final int DOWNSTREAM = 3;

    private final InProcessMemory memory = InProcessMemory.anonymous(32);
    private final List<TraceEvent> events = new ArrayList<>();
    private final ChannelRings rings =
            new ChannelRings(memory, VstorDecoder::new, new TraceRecorder(events::add));
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[256]);

    @AfterEach
    void close() {
        rings.close();
        memory.close();
    }

    @Test
    void findsTheRingsOfAListInTwoMessages() {
        try (Channel guest = open();
                Channel host = Channel.ofHost(memory, FRAMES, DOWNSTREAM, () -> {})) {
            guest.send(PacketType.IN_BAND, 1, 5, payload, 0, VstorPacket.BYTES);
            host.send(PacketType.IN_BAND, 0, 6, payload, 0, VstorPacket.BYTES);
            rings.look();
            rings.look();
        }
        assertThat(events)
                .extracting(TraceEvent::sender)
                .containsExactly(Sender.GUEST, Sender.HOST);
        assertThat(StorvscTraceTest.value(events.get(0), "vmpacket_descriptor", "trans_id"))
                .isEqualTo("0x5");
        assertThat(events.get(0).name()).isEqualTo("[0]");
        assertThat(events.get(0).explanation()).contains("not published");
    }

    @Test
    void tellsAnAnswerToNothing() {
        try (Channel guest = open()) {
            payload.putInt(0, 1);
            guest.send(PacketType.COMPLETION, 0, 99, payload, 0, VstorPacket.BYTES);
            rings.look();
        }
        assertThat(events.getFirst().explanation()).contains("nothing that was asked");
    }

    @Test
    void tellsABrokenRingOnceAndLooksNoMore() {
        try (Channel guest = open()) {
            final UnsafeBuffer page = new UnsafeBuffer(0, 0);
            memory.wrap(page, (long) FRAMES[0] << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
            new ControlPage(page).writeIndexRelease(0x7fff_fff8);
            rings.look();
            rings.look();
            assertThat(guest.isBroken()).isFalse();
        }
        assertThat(events).extracting(TraceEvent::name).containsExactly("broken ring");
        assertThat(StorvscTraceTest.value(events.getFirst(), "ring", "rule"))
                .isEqualTo("write index");
    }

    @Test
    void opensNothingThatIsNotThere() {
        tell(list(PageNumbers.ofAny(4, 5, 6, 10, 11, Long.MAX_VALUE)));
        tell(opened(GPADL, DOWNSTREAM));
        tell(list(PageNumbers.ofAny(4, 5, 6, 10, 11, 32)));
        tell(opened(GPADL, DOWNSTREAM));
        tell(list(PageNumbers.of(FRAMES)));
        tell(opened(GPADL + 1, DOWNSTREAM));
        for (final int downstream : new int[] {-1, 0, 1, 5, 6, Integer.MAX_VALUE}) {
            tell(opened(GPADL, downstream));
        }
        tell(new GpadlBody(1, GPADL + 2, PageNumbers.of(1)));
        tell(new CloseChannel(RELID));
        rings.look();
        assertThat(events).isEmpty();
    }

    @Test
    void looksNoMoreAtAChannelThatIsClosed() {
        try (Channel guest = open()) {
            tell(new CloseChannel(RELID));
            guest.send(PacketType.IN_BAND, 0, 1, payload, 0, VstorPacket.BYTES);
            rings.look();
        }
        assertThat(events).isEmpty();
    }

    /** Packets of any type, length and content. */
    @Test
    void tellsAnyPacketWithoutHarm() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        try (Channel guest = open();
                Channel host = Channel.ofHost(memory, FRAMES, DOWNSTREAM, () -> {})) {
            for (int i = 0; i < 5000; i++) {
                final byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                if (bytes.length > 0 && random.nextBoolean()) {
                    bytes[0] = (byte) random.nextInt(14);
                    Arrays.fill(bytes, 1, Math.min(4, bytes.length), (byte) 0);
                }
                final Channel from = random.nextBoolean() ? guest : host;
                final Channel to = from == guest ? host : guest;
                payload.putBytes(0, bytes);
                final int type = random.nextBoolean() ? PacketType.IN_BAND : PacketType.COMPLETION;
                from.send(type, 1, random.nextInt(4), payload, 0, bytes.length);
                rings.look();
                assertThat(to.incoming().next()).as("%s", seed).isZero();
                to.commitRead();
                assertThat(events).as("%s", seed).hasSize(i + 1);
            }
        }
    }

    private Channel open() {
        Channel.initialise(memory, FRAMES, DOWNSTREAM);
        tell(list(PageNumbers.of(4, 5, 6, 10)));
        tell(new GpadlBody(1, GPADL, PageNumbers.of(11, 12)));
        tell(opened(GPADL, DOWNSTREAM));
        return Channel.ofGuest(memory, FRAMES, DOWNSTREAM, () -> {});
    }

    private void tell(final ChannelMessage message) {
        rings.follow(message);
    }

    private static GpadlHeader list(final PageNumbers pages) {
        return new GpadlHeader(RELID, GPADL, 56, 1, 6 * GuestMemory.PAGE_BYTES, 0, pages);
    }

    private static OpenChannel opened(final int gpadl, final int downstream) {
        return new OpenChannel(RELID, 1, gpadl, 0, downstream, UserData.NONE);
    }
}
