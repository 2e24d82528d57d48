package io.ringside.perf.trace;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.perf.trace.TraceEvent.Carrier;
import io.ringside.perf.trace.TraceEvent.Sender;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.PacketDescriptor;
import io.ringside.ringbuf.vmbus.Refusal;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.protocol.ChannelMessage;
import io.ringside.vmbus.protocol.ChannelMessage.CloseChannel;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlBody;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlHeader;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTorndown;
import io.ringside.vmbus.protocol.ChannelMessage.OpenChannel;
import io.ringside.vmbus.protocol.ChannelMessage.RescindOffer;
import io.ringside.vmbus.protocol.PageNumbers;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The rings of every open channel, found as the messages of the control plane tell of them: which
 * pages a GPADL has, and which GPADL a channel is opened with.
 *
 * <p>Threads: one.
 */
final class ChannelRings implements AutoCloseable {
    private final GuestMemory memory;
    private final Supplier<PacketDecoder> decoders;
    private final TraceRecorder recorder;
    private final Map<Integer, IntArrayList> gpadls = new HashMap<>();
    private final Map<Integer, OpenRings> open = new TreeMap<>(); // by relid, in a fixed order
    private final UnsafeBuffer bytes;

    ChannelRings(
            final GuestMemory memory,
            final Supplier<PacketDecoder> decoders,
            final TraceRecorder recorder) {
        this.memory = memory;
        this.decoders = decoders;
        this.recorder = recorder;
        this.bytes = new UnsafeBuffer(new byte[GuestMemory.PAGE_BYTES]);
    }

    /** A message has passed, in either direction. */
    void follow(final ChannelMessage message) {
        if (message instanceof GpadlHeader header) {
            gpadls.put(header.gpadl(), new IntArrayList());
            add(header.gpadl(), header.pages());
        } else if (message instanceof GpadlBody body) {
            add(body.gpadl(), body.pages());
        } else if (message instanceof OpenChannel opened) {
            open(opened);
        } else if (message instanceof CloseChannel closed) {
            close(closed.relid());
        } else if (message instanceof RescindOffer rescinded) {
            close(rescinded.relid());
        } else if (message instanceof GpadlTorndown torndown) {
            gpadls.remove(torndown.gpadl());
        }
    }

    private void add(final int gpadl, final PageNumbers pages) {
        final IntArrayList frames = gpadls.get(gpadl);
        if (frames == null) {
            return;
        }
        for (int i = 0; i < pages.count(); i++) {
            final long page = pages.page(i);
            if (page < 0 || page >= memory.frameCount()) {
                gpadls.remove(gpadl); // No such page: nothing can be opened with it.
                return;
            }
            frames.addInt((int) page);
        }
    }

    private void open(final OpenChannel opened) {
        final IntArrayList frames = gpadls.get(opened.ringGpadl());
        final int downstream = opened.downstreamPage();
        if (frames == null
                || downstream < Channel.LEAST_RING_PAGES
                || downstream > frames.size() - Channel.LEAST_RING_PAGES) {
            return; // The host will refuse it.
        }
        close(opened.relid());
        final int[] up = new int[downstream];
        final int[] down = new int[frames.size() - downstream];
        for (int i = 0; i < frames.size(); i++) {
            if (i < downstream) {
                up[i] = frames.getInt(i);
            } else {
                down[i - downstream] = frames.getInt(i);
            }
        }
        open.put(
                opened.relid(),
                new OpenRings(new RingTap(memory, up), new RingTap(memory, down), decoders.get()));
    }

    private void close(final int relid) {
        final OpenRings rings = open.remove(relid);
        if (rings != null) {
            rings.close();
        }
    }

    /** Tells of every packet that was published since the last look. */
    void look() {
        for (final Map.Entry<Integer, OpenRings> entry : open.entrySet()) {
            final OpenRings rings = entry.getValue();
            rings.upBroken = look(Sender.GUEST, rings.up, rings.decoder, rings.upBroken);
            rings.downBroken = look(Sender.HOST, rings.down, rings.decoder, rings.downBroken);
        }
    }

    /** Whether the ring is broken now. */
    private boolean look(
            final Sender sender,
            final RingTap ring,
            final PacketDecoder decoder,
            final boolean wasBroken) {
        if (wasBroken) {
            return true;
        }
        int status = ring.next();
        while (status == RingStatus.OK) {
            packet(sender, ring.packet(), decoder);
            status = ring.next();
        }
        if (status == RingStatus.BROKEN) {
            broken(sender, ring.packet());
            return true;
        }
        return false;
    }

    private void packet(
            final Sender sender, final IncomingRing packet, final PacketDecoder decoder) {
        final int bodyBytes = packet.headerBytes() + packet.payloadBytes();
        final int packetBytes = PacketDescriptor.BYTES + bodyBytes;
        final UnsafeBuffer whole =
                packetBytes <= bytes.capacity() ? bytes : new UnsafeBuffer(new byte[packetBytes]);
        PacketText.putDescriptor(whole, packet);
        whole.putBytes(PacketDescriptor.BYTES, packet.buffer(), packet.headerOffset(), bodyBytes);
        recorder.event(
                sender, Carrier.PACKET, decoder.decode(sender, packet), whole, 0, packetBytes);
    }

    private void broken(final Sender sender, final IncomingRing packet) {
        recorder.signal(
                sender,
                new Decoded(
                        "broken ring",
                        new FieldList().in("ring").text("rule", Refusal.name(packet.refusal()), ""),
                        "The ring holds what no packet can be: its reader must close it."));
    }

    @Override
    public void close() {
        for (final OpenRings rings : open.values()) {
            rings.close();
        }
        open.clear();
    }

    /** Both rings of one channel, and what speaks its protocol. */
    private static final class OpenRings {
        private final RingTap up;
        private final RingTap down;
        private final PacketDecoder decoder;
        private boolean upBroken;
        private boolean downBroken;

        OpenRings(final RingTap up, final RingTap down, final PacketDecoder decoder) {
            this.up = up;
            this.down = down;
            this.decoder = decoder;
        }

        void close() {
            up.close();
            down.close();
        }
    }
}
