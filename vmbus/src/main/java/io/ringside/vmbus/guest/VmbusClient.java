package io.ringside.vmbus.guest;

import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.vmbus.guest.ClientState.Disconnected;
import io.ringside.vmbus.protocol.ChannelMessage;
import io.ringside.vmbus.protocol.ChannelMessage.InitiateContact;
import io.ringside.vmbus.protocol.ConnectionId;
import io.ringside.vmbus.protocol.EventFlags;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.HvStatus;
import io.ringside.vmbus.protocol.MessageReader;
import io.ringside.vmbus.protocol.MessageWriter;
import io.ringside.vmbus.protocol.MonitorPage;
import io.ringside.vmbus.protocol.Offer;
import io.ringside.vmbus.protocol.RefusalCounts;
import io.ringside.vmbus.protocol.SynicRegister;
import io.ringside.vmbus.protocol.TargetInfo;
import io.ringside.vmbus.protocol.VmbusVersion;
import io.ringside.vmbus.synic.SynIc;
import java.util.ArrayDeque;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The guest's end of the bus: finds the host's devices, opens their channels, runs their handlers.
 *
 * <p>{@link #connect} begins; the rest happens in {@link #doWork}, which never waits. Whoever runs
 * this agent runs the halves of processor 0 on the same thread. A further processor calls {@link
 * #dispatch} on its own.
 *
 * <p>Errors: nothing that a host does is an exception; {@link #refusals} counts what was refused.
 * Threads: one, that of the agent, except {@link #dispatch}.
 */
public final class VmbusClient implements Agent {
    private static final int MESSAGES_PER_WORK = 16;
    private static final int MONITOR_PAGES = 2;

    private final GuestSynIc synIc;
    private final GuestPages pages;
    private final ClientOptions options;
    private final OfferListener listener;
    private final Trace trace;
    private final ClientControl control;
    private final ArrayDeque<ChannelMessage> outbox = new ArrayDeque<>();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[MessageWriter.MAX_BYTES]);
    private final int[] frames;
    private final EventFlags fromHost;
    private final EventFlags toHost;
    private final MonitorPage toHostMonitor;
    private int connectionId = ConnectionId.MESSAGE;
    private volatile boolean interruptPageInUse;
    private long delayedPosts;
    private long droppedPosts;

    /**
     * A guest that has its SynIC set up, and is not connected.
     *
     * @param synIc the hypervisor below it
     * @param memory its memory
     * @param frames the free frames of that; two for each processor and four more are taken
     * @param listener hears of channels
     * @param trace is told of each {@code message} (type, refusal)
     */
    public VmbusClient(
            final SynIc synIc,
            final GuestMemory memory,
            final FrameAllocator frames,
            final ClientOptions options,
            final OfferListener listener,
            final Trace trace) {
        this.pages = new GuestPages(memory, frames);
        this.synIc = new GuestSynIc(synIc, pages);
        this.options = options;
        this.listener = listener;
        this.trace = trace;
        control = new ClientControl(new Link(), options, pages);
        this.frames = pages.allocate(MONITOR_PAGES + 1);
        for (final int frame : this.frames) {
            page(frame).setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
        }
        final UnsafeBuffer interruptPage = page(this.frames[0]);
        fromHost = new EventFlags().wrap(interruptPage, 0);
        toHost = new EventFlags().wrap(interruptPage, EventFlags.GUEST_TO_HOST_OFFSET);
        toHostMonitor = new MonitorPage(page(this.frames[MONITOR_PAGES]));
    }

    private UnsafeBuffer page(final int frame) {
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        pages.memory().wrap(page, address(frame), GuestMemory.PAGE_BYTES);
        return page;
    }

    private static long address(final int frame) {
        return (long) frame << GuestMemory.PAGE_SHIFT;
    }

    @Override
    public String roleName() {
        return "vmbus-client";
    }

    /** Makes contact with the host: the newest version first, then older ones. */
    public void connect() {
        control.connect();
    }

    /**
     * Leaves the host; all channels end. From 3.0 on.
     *
     * @throws IllegalStateException if there is no connection, or its version has no UNLOAD
     */
    public void unload() {
        control.unload();
    }

    /** Where it stands with its host. */
    public ClientState state() {
        return control.state();
    }

    /** The features that both ends have, see {@link TargetInfo}. */
    public int features() {
        return control.features();
    }

    /** The channels that are offered, as far as their classes are allowed. */
    public List<GuestChannel> channels() {
        final List<GuestChannel> channels = control.channels().all();
        channels.removeIf(channel -> !options.allows(channel.offer().deviceType()));
        return channels;
    }

    /** Asks the host to connect us to one of its services; it may answer with a refusal. */
    public void connectService(final Guid endpoint, final Guid service) {
        control.connectService(endpoint, service);
    }

    /** What the host answered last to that: a {@link io.ringside.vmbus.protocol.ReplyStatus}. */
    public int serviceStatus() {
        return control.serviceStatus();
    }

    /** What was refused, and why. */
    public RefusalCounts refusals() {
        return control.refusals();
    }

    /** How many lists of pages the host has, rings among them. */
    public int gpadlCount() {
        return control.channels().gpadls().count();
    }

    /** How many pairs of rings the host has yet to let go of. */
    public int keptRings() {
        return control.channels().keptRings();
    }

    /** Signals for channels that nobody listens to. */
    public long strayEvents() {
        return synIc.strayEvents();
    }

    /** How often the host had no room for a message. */
    public long delayedPosts() {
        return delayedPosts;
    }

    /** How many messages the hypervisor would never take. */
    public long droppedPosts() {
        return droppedPosts;
    }

    @Override
    public int doWork() {
        int work = flush();
        if (synIc.takeInterrupt(0)) {
            work += 1 + receive() + dispatchEvents(0);
        }
        return work + flush();
    }

    /**
     * Runs the handlers of the channels whose host has signalled a processor; for processor 0,
     * {@link #doWork} does it.
     *
     * @return how much there was to do
     */
    public int dispatch(final int processor) {
        return synIc.takeInterrupt(processor) ? 1 + dispatchEvents(processor) : 0;
    }

    private int dispatchEvents(final int processor) {
        // The flags first: what the host marks in the page from here on interrupts anew.
        final int ran = synIc.dispatch(processor);
        return interruptPageInUse ? ran + synIc.run(fromHost) : ran;
    }

    private int receive() {
        int taken = 0;
        int length = synIc.takeMessage(message);
        while (length != GuestSynIc.NONE) {
            final ChannelMessage received = MessageReader.read(message, 0, length);
            final int refusal = control.receive(received);
            if (trace.isOn()) {
                trace.event(roleName(), "message", received.type(), refusal);
            }
            taken++;
            // What comes from here on interrupts anew.
            length = taken < MESSAGES_PER_WORK ? synIc.takeMessage(message) : GuestSynIc.NONE;
        }
        return taken;
    }

    /** Posts what waits, in order, until the host has no room. */
    private int flush() {
        int posted = 0;
        ChannelMessage next = outbox.peek();
        while (next != null) {
            final int length = MessageWriter.write(next, synIc.payload(), synIc.payloadOffset());
            final int status = synIc.post(connectionOf(next), length);
            if (HvStatus.isTransient(status)) {
                delayedPosts++;
                break;
            }
            outbox.remove();
            if (status == HvStatus.SUCCESS) {
                posted++;
            } else {
                droppedPosts++;
                control.unreachable();
            }
            next = outbox.peek();
        }
        return posted;
    }

    private int connectionOf(final ChannelMessage next) {
        if (next instanceof InitiateContact contact) {
            return VmbusVersion.hasMessageConnection(contact.version())
                    ? ConnectionId.MESSAGE_5
                    : ConnectionId.MESSAGE;
        }
        return connectionId;
    }

    /**
     * Turns the SynIC off and gives its pages back. Those that the host has been told of stay taken
     * unless it was left by {@link #unload} before: it may still write there.
     */
    @Override
    public void onClose() {
        synIc.close();
        if (state() instanceof Disconnected) {
            pages.free(frames);
        }
    }

    /** The state machine itself, for tests that know no transport. */
    ClientControl control() {
        return control;
    }

    /** What the state machine asks for. */
    private final class Link implements GuestLink {
        @Override
        public void send(final ChannelMessage outgoing) {
            outbox.add(outgoing);
        }

        @Override
        public void contact(final int version) {
            final boolean paged = !VmbusVersion.hasMessageConnection(version);
            final int features = VmbusVersion.hasFeatures(version) ? options.features() : 0;
            send(
                    new InitiateContact(
                            version,
                            0,
                            paged
                                    ? address(frames[0])
                                    : TargetInfo.of(SynicRegister.VMBUS_SINT, 0, features),
                            address(frames[1]),
                            address(frames[MONITOR_PAGES]),
                            options.clientId()));
        }

        @Override
        public void accepted(final int version, final int messageConnectionId) {
            connectionId =
                    VmbusVersion.hasMessageConnection(version)
                            ? messageConnectionId
                            : ConnectionId.MESSAGE;
            interruptPageInUse = !VmbusVersion.hasChannelEventFlags(version);
        }

        @Override
        public void offered(final GuestChannel channel) {
            if (options.allows(channel.offer().deviceType())) {
                listener.offered(channel);
            }
        }

        @Override
        public int processorCount() {
            return synIc.processorCount();
        }

        @Override
        public Doorbell signal(final GuestChannel channel) {
            final Offer offer = channel.offer();
            final boolean paged = !VmbusVersion.hasMessageConnection(state().version());
            if (offer.isMonitored()) {
                return () -> {
                    if (paged) {
                        toHost.setVolatile(offer.relid());
                    }
                    toHostMonitor.setPendingVolatile(offer.monitorId());
                };
            }
            if (offer.dedicatedInterrupt()) {
                return () -> synIc.signal(channel.targetVp(), offer.connectionId());
            }
            return () -> {
                toHost.setVolatile(offer.relid());
                synIc.signal(channel.targetVp(), ConnectionId.EVENT);
            };
        }

        @Override
        public void handler(final int relid, final Runnable handler) {
            synIc.handler(relid, handler);
        }

        @Override
        public void forget(final int relid) {
            synIc.forget(relid);
        }
    }
}
