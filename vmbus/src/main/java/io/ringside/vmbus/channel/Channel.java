package io.ringside.vmbus.channel;

import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.memory.PageView;
import io.ringside.ringbuf.vmbus.ControlPage;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.OutgoingRing;
import io.ringside.ringbuf.vmbus.RingStatus;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One end of an open channel: what goes out, what comes in, and how the peer is woken.
 *
 * <p>Both ends use it the same way. Stage packets with {@link #outgoing} and publish them with
 * {@link #commit}, or do both at once with {@link #send}; take packets from {@link #incoming} and
 * give their room back with {@link #commitRead}. The peer is signalled where the ring's rules say
 * so: when it may be asleep, or waits for room.
 *
 * <p>Errors: a peer that breaks a ring makes {@link #isBroken} true, and every later call answers
 * {@link RingStatus#BROKEN}; the driver then closes its end. Use after {@link #close} is our own
 * fault, caught by bounds checks. Threads: one, that of the driver's half.
 */
public final class Channel implements AutoCloseable {
    /** The least pages of one ring: its control page and one of data. */
    public static final int LEAST_RING_PAGES = 2;

    private static final int VIEWS = 4;
    private static final int UPSTREAM = 0;
    private static final int DOWNSTREAM = 2;

    private final PageView[] views;
    private final OutgoingRing outgoing;
    private final IncomingRing incoming;
    private final Doorbell peer;
    private long signals;

    private Channel(final PageView[] views, final boolean guest, final Doorbell peer) {
        this.views = views;
        this.peer = peer;
        final int out = guest ? UPSTREAM : DOWNSTREAM;
        final int in = guest ? DOWNSTREAM : UPSTREAM;
        final UnsafeBuffer outgoingData = views[out + 1].buffer();
        final UnsafeBuffer incomingData = views[in + 1].buffer();
        outgoing = new OutgoingRing(views[out].buffer(), outgoingData, outgoingData.capacity() / 2);
        incoming = new IncomingRing(views[in].buffer(), incomingData, incomingData.capacity() / 2);
    }

    /** Control page and data, twice in a row, of both rings; all of them or none. */
    private static PageView[] map(
            final GuestMemory memory, final int[] frames, final int downstreamPage) {
        final PageView[] views = new PageView[VIEWS];
        int mapped = 0;
        try {
            views[mapped] = memory.map(frames[0]);
            mapped++;
            views[mapped] = memory.mapMirrored(Arrays.copyOfRange(frames, 1, downstreamPage));
            mapped++;
            views[mapped] = memory.map(frames[downstreamPage]);
            mapped++;
            views[mapped] =
                    memory.mapMirrored(
                            Arrays.copyOfRange(frames, downstreamPage + 1, frames.length));
            return views;
        } catch (final IllegalStateException e) {
            for (int i = 0; i < mapped; i++) {
                views[i].close();
            }
            throw e;
        }
    }

    /**
     * The guest's end, over its own pages, which it has initialised.
     *
     * @param frames both rings, the guest-to-host ring first
     * @param downstreamPage the page of that list where the host-to-guest ring starts
     * @param peer signals the host
     */
    public static Channel ofGuest(
            final GuestMemory memory,
            final int[] frames,
            final int downstreamPage,
            final Doorbell peer) {
        return new Channel(map(memory, frames, downstreamPage), true, peer);
    }

    /**
     * The host's end, over pages of the guest whose existence was checked. The host honours {@code
     * pending_send_sz}; apart from that bit the pages are left as the guest made them.
     *
     * @param frames both rings, the guest-to-host ring first
     * @param downstreamPage the page of that list where the host-to-guest ring starts
     * @param peer signals the guest
     */
    public static Channel ofHost(
            final GuestMemory memory,
            final int[] frames,
            final int downstreamPage,
            final Doorbell peer) {
        final Channel channel = new Channel(map(memory, frames, downstreamPage), false, peer);
        channel.incoming.honourPendingSend();
        return channel;
    }

    /**
     * Makes the two rings of a new channel, empty, with {@code pending_send_sz} honoured by both
     * ends. The guest alone does this, before the host knows of the pages.
     */
    public static void initialise(
            final GuestMemory memory, final int[] frames, final int downstreamPage) {
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        for (final int frame : frames) {
            memory.wrap(page, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
            page.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
        }
        honourPendingSend(memory, page, frames[0]);
        honourPendingSend(memory, page, frames[downstreamPage]);
    }

    private static void honourPendingSend(
            final GuestMemory memory, final UnsafeBuffer page, final int frame) {
        memory.wrap(page, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        new ControlPage(page).featureBitsRelease(ControlPage.FEATURE_PENDING_SEND);
    }

    /** The ring that this end writes. */
    public OutgoingRing outgoing() {
        return outgoing;
    }

    /** The ring that this end reads. */
    public IncomingRing incoming() {
        return incoming;
    }

    /**
     * Sends one packet without a header, at once.
     *
     * @param type a {@link io.ringside.ringbuf.vmbus.PacketType}
     * @return a {@link RingStatus}; nothing is sent unless it is {@link RingStatus#OK}
     */
    public int send(
            final int type,
            final int flags,
            final long transactionId,
            final DirectBuffer payload,
            final int payloadOffset,
            final int payloadBytes) {
        final int status =
                outgoing.write(type, flags, transactionId, payload, payloadOffset, payloadBytes);
        if (status == RingStatus.OK) {
            commit();
        }
        return status;
    }

    /**
     * Sends one packet with a header, at once.
     *
     * @param headerBytes a multiple of 8
     * @return a {@link RingStatus}; nothing is sent unless it is {@link RingStatus#OK}
     */
    public int send(
            final int type,
            final int flags,
            final long transactionId,
            final DirectBuffer header,
            final int headerOffset,
            final int headerBytes,
            final DirectBuffer payload,
            final int payloadOffset,
            final int payloadBytes) {
        final int status =
                outgoing.write(
                        type,
                        flags,
                        transactionId,
                        header,
                        headerOffset,
                        headerBytes,
                        payload,
                        payloadOffset,
                        payloadBytes);
        if (status == RingStatus.OK) {
            commit();
        }
        return status;
    }

    /** Publishes what was staged, and signals the peer if it may be asleep. */
    public void commit() {
        if (outgoing.commit()) {
            signal();
        }
    }

    /** Gives back the room of what was taken, and signals the peer if it waits for that. */
    public void commitRead() {
        if (incoming.commitRead()) {
            signal();
        }
    }

    /** Signals the peer whatever the rings say. */
    public void signal() {
        signals++;
        peer.ring();
    }

    /** How often this end has signalled the other. */
    public long signals() {
        return signals;
    }

    /** Whether the peer did to either ring what cannot be. */
    public boolean isBroken() {
        return outgoing.isBroken() || incoming.isBroken();
    }

    /** Unmaps the rings. The pages belong to the guest. */
    @Override
    public void close() {
        for (final PageView view : views) {
            view.close();
        }
    }
}
