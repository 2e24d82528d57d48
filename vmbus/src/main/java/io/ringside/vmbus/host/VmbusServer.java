package io.ringside.vmbus.host;

import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import io.ringside.ringbuf.memory.PageView;
import io.ringside.vmbus.host.ServerState.Connected;
import io.ringside.vmbus.host.ServerState.Contact;
import io.ringside.vmbus.protocol.ChannelMessage;
import io.ringside.vmbus.protocol.ConnectionId;
import io.ringside.vmbus.protocol.EventFlags;
import io.ringside.vmbus.protocol.MessageReader;
import io.ringside.vmbus.protocol.MessageWriter;
import io.ringside.vmbus.protocol.MonitorPage;
import io.ringside.vmbus.protocol.RefusalCounts;
import io.ringside.vmbus.protocol.VmbusVersion;
import io.ringside.vmbus.synic.EventPort;
import io.ringside.vmbus.synic.MessagePort;
import io.ringside.vmbus.synic.SynIcPorts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The host's end of the bus for one guest: offers devices, and serves the control plane.
 *
 * <p>A driver's half calls {@link #offer} and is given a {@link HostChannel}. Messages are handled
 * one by one; while the guest leaves too many answers unread, no more of its messages are taken in,
 * so that it hurts only itself.
 *
 * <p>Errors: nothing that a guest does is an exception; {@link #refusals} counts what was refused.
 * Threads: one, that of the agent; it may be the halves' too.
 */
public final class VmbusServer implements Agent {
    private static final int INBOX_CAPACITY = 64;
    private static final int MESSAGES_PER_WORK = 16;
    private static final int OUTBOX_LIMIT = 64;
    private static final int PORT_ID = 1;
    private static final int SHARED_EVENT_FLAG = 0;

    private final SynIcPorts synIc;
    private final GuestMemory memory;
    private final Doorbell doorbell;
    private final Trace trace;
    private final ServerControl control;
    private final List<MessagePort> inboxes = new ArrayList<>();
    private final EventPort sharedEvents;
    private final ArrayDeque<Outgoing> outbox = new ArrayDeque<>();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[MessageWriter.MAX_BYTES]);
    private @Nullable PageView monitorView;
    private @Nullable PageView interruptView;
    private @Nullable InterruptRows interruptRows;

    /**
     * A host without devices, which waits for its guest.
     *
     * @param synIc the hypervisor below the guest
     * @param memory the guest's memory
     * @param vcpu counts the pages that the host maps
     * @param doorbell wakes the thread that runs this agent
     * @param trace is told of each {@code message} (type, refusal)
     */
    public VmbusServer(
            final SynIcPorts synIc,
            final GuestMemory memory,
            final Vcpu vcpu,
            final Doorbell doorbell,
            final ServerOptions options,
            final Trace trace) {
        this.synIc = synIc;
        this.memory = memory;
        this.doorbell = doorbell;
        this.trace = trace;
        control = new ServerControl(new Link(), memory, synIc.processorCount(), options, vcpu);
        openInbox(ConnectionId.MESSAGE);
        openInbox(ConnectionId.MESSAGE_5);
        final int other = options.messageConnectionId();
        if (other != ConnectionId.MESSAGE && other != ConnectionId.MESSAGE_5) {
            openInbox(other);
        }
        sharedEvents = synIc.openEventPort(ConnectionId.EVENT, doorbell);
    }

    private void openInbox(final int connectionId) {
        inboxes.add(synIc.openMessagePort(connectionId, INBOX_CAPACITY, doorbell));
    }

    @Override
    public String roleName() {
        return "vmbus-server";
    }

    /**
     * Offers a channel; the guest is told if it is listening, or as soon as it does.
     *
     * @param driver wakes the driver's half: the guest has signalled, or the state has changed
     * @throws IllegalArgumentException if the device has a channel of that index already
     */
    public HostChannel offer(final ChannelOffer offer, final Doorbell driver) {
        return control.offer(offer, driver);
    }

    /**
     * Whether an offered device has sub-channels, be they such that were taken away and that the
     * guest has yet to give the numbers back for: those cannot be offered again before.
     */
    public boolean hasSubChannels(final ChannelOffer offer) {
        return control.channels().hasSubChannels(offer);
    }

    /** The version in use; 0 while no guest is there. */
    public int version() {
        return control.state() instanceof Connected connected ? connected.contact().version() : 0;
    }

    /** Where it stands with its guest. */
    public ServerState state() {
        return control.state();
    }

    /** What was refused, and why. */
    public RefusalCounts refusals() {
        return control.refusals();
    }

    /** How many channels are offered or on their way out. */
    public int channelCount() {
        return control.channels().count();
    }

    /** How many more can be offered now. */
    public int freeChannelCount() {
        return EventFlags.COUNT - 1 - channelCount(); // Number 0 is no channel's.
    }

    /** How many lists of pages the guest has, unfinished ones and those on their way out too. */
    public int gpadlCount() {
        return control.gpadls().finishedCount() + control.gpadls().unfinishedCount();
    }

    /** How many pages all those lists have. */
    public int gpadlPages() {
        return control.gpadls().pages();
    }

    /** How many messages the guest has yet to take. */
    public int waitingMessages() {
        return outbox.size();
    }

    @Override
    public int doWork() {
        int work = control.tick();
        for (int i = 0; i < inboxes.size(); i++) {
            work += receive(inboxes.get(i));
        }
        if (sharedEvents.take()) {
            work += wakeSharedChannels();
        }
        return work + flush();
    }

    private int receive(final MessagePort inbox) {
        int taken = 0;
        while (taken < MESSAGES_PER_WORK && outbox.size() < OUTBOX_LIMIT) {
            final int length = inbox.take(message, 0);
            if (length == MessagePort.NONE) {
                break;
            }
            final ChannelMessage received = MessageReader.read(message, 0, length);
            final int refusal = control.receive(received);
            if (trace.isOn()) {
                trace.event(roleName(), "message", received.type(), refusal);
            }
            taken++;
        }
        return taken;
    }

    private int flush() {
        int sent = 0;
        Outgoing next = outbox.peek();
        while (next != null) {
            final int length = MessageWriter.write(next.message(), message, 0);
            final Contact to = next.to();
            if (!synIc.postMessage(to.messageVp(), to.sint(), PORT_ID, message, 0, length)) {
                break;
            }
            outbox.remove();
            sent++;
            next = outbox.peek();
        }
        return sent;
    }

    /** Guests of the oldest versions mark their channels in the interrupt page. */
    private int wakeSharedChannels() {
        final InterruptRows rows = interruptRows;
        if (rows == null) {
            return 0;
        }
        int woken = 0;
        for (int word = 0; word < EventFlags.WORDS; word++) {
            long bits = rows.toHost().takeWordVolatile(word);
            while (bits != 0) {
                final int relid = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
                final HostChannel channel = control.channels().find(relid);
                if (channel != null) {
                    channel.sharedSignal();
                    woken++;
                }
            }
        }
        return woken;
    }

    /** Stops listening. The halves have let go before; messages not yet taken are gone. */
    @Override
    public void onClose() {
        for (final MessagePort inbox : inboxes) {
            inbox.close();
        }
        sharedEvents.close();
        outbox.clear();
        dropPages();
    }

    private void dropPages() {
        synIc.monitor(null);
        interruptRows = null;
        if (monitorView != null) {
            monitorView.close();
            monitorView = null;
        }
        if (interruptView != null) {
            interruptView.close();
            interruptView = null;
        }
    }

    /** The state machine itself, for tests that know no transport. */
    ServerControl control() {
        return control;
    }

    /** A message on its way out. */
    private record Outgoing(Contact to, ChannelMessage message) {}

    /** The two halves of the interrupt page. */
    private record InterruptRows(EventFlags toGuest, EventFlags toHost) {}

    /** What the state machine asks for. */
    private final class Link implements HostLink {
        @Override
        public void send(final Contact contact, final ChannelMessage outgoing) {
            outbox.add(new Outgoing(contact, outgoing));
        }

        @Override
        public void connected(final Contact contact) {
            if (contact.monitorPage2() != 0) {
                monitorView = page(contact.monitorPage2());
                synIc.monitor(new MonitorPage(monitorView.buffer()));
            }
            if (contact.interruptPage() != 0) {
                interruptView = page(contact.interruptPage());
                final UnsafeBuffer page = interruptView.buffer();
                interruptRows =
                        new InterruptRows(
                                new EventFlags().wrap(page, 0),
                                new EventFlags().wrap(page, EventFlags.GUEST_TO_HOST_OFFSET));
            }
        }

        private PageView page(final long address) {
            return memory.map((int) (address >>> GuestMemory.PAGE_SHIFT));
        }

        @Override
        public void disconnected() {
            outbox.clear();
            dropPages();
        }

        @Override
        public Doorbell signal(final Contact contact, final HostChannel channel) {
            final InterruptRows rows = interruptRows;
            if (VmbusVersion.hasChannelEventFlags(contact.version()) || rows == null) {
                return () -> synIc.signalEvent(channel.targetVp(), contact.sint(), channel.relid());
            }
            return () -> {
                rows.toGuest().setVolatile(channel.relid());
                synIc.signalEvent(contact.messageVp(), contact.sint(), SHARED_EVENT_FLAG);
            };
        }

        @Override
        public EventPort openPort(final int connectionId, final Doorbell driver) {
            return synIc.openEventPort(connectionId, driver);
        }

        @Override
        public int allocateMonitor(final int connectionId, final int latency100Nanos) {
            return synIc.allocateMonitor(connectionId, latency100Nanos);
        }

        @Override
        public void freeMonitor(final int monitorId) {
            synIc.freeMonitor(monitorId);
        }

        @Override
        public Doorbell server() {
            return doorbell;
        }
    }
}
