package io.ringside.vmbus.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.vmbus.host.ServerState.Contact;
import io.ringside.vmbus.protocol.ChannelMessage;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlHeader;
import io.ringside.vmbus.protocol.ChannelMessage.InitiateContact;
import io.ringside.vmbus.protocol.ChannelMessage.OpenChannel;
import io.ringside.vmbus.protocol.ChannelMessage.RequestOffers;
import io.ringside.vmbus.protocol.ControlRefusal;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.PageNumbers;
import io.ringside.vmbus.protocol.UserData;
import io.ringside.vmbus.protocol.VmbusVersion;
import io.ringside.vmbus.synic.EventPort;
import java.util.ArrayList;
import java.util.List;

/** The host's state machine without any transport: messages in, messages out. */
final class ServerBench implements HostLink, AutoCloseable {
    static final int FRAMES = 64;
    static final int PAGE = 4096;

    final InProcessMemory memory = InProcessMemory.anonymous(FRAMES);
    final ServerControl control;
    final List<ChannelMessage> sent = new ArrayList<>();
    int connections;
    int openPorts;
    int guestSignals;

    ServerBench() {
        this(ServerOptions.DEFAULTS);
    }

    ServerBench(final ServerOptions options) {
        control =
                new ServerControl(
                        this, memory, 2, options, new Vcpu("host", CrossingCosts.COUNTS, () -> 0));
    }

    /** A message of the guest, and the numbers of the messages that answer it. */
    String receive(final ChannelMessage message) {
        sent.clear();
        final int refusal = control.receive(message);
        final StringBuilder answer = new StringBuilder(ControlRefusal.name(refusal));
        for (final ChannelMessage reply : sent) {
            answer.append(' ').append(reply.type());
        }
        return answer.toString();
    }

    HostChannel offer() {
        return offer(1);
    }

    HostChannel offer(final int instance) {
        return control.offer(ChannelOffer.of(DeviceType.SCSI, new Guid(instance, 9)), () -> {});
    }

    static InitiateContact contact(final int version) {
        final long target = VmbusVersion.hasMessageConnection(version) ? 2 : PAGE;
        return new InitiateContact(version, 0, target, 2 * PAGE, 3 * PAGE, Guid.NONE);
    }

    void connect(final int version) {
        assertThat(receive(contact(version))).isEqualTo("none 15");
    }

    void list(final int version) {
        connect(version);
        assertThat(receive(new RequestOffers())).startsWith("none");
    }

    /** Whole pages from a frame on, in one message. */
    static GpadlHeader header(
            final int relid, final int handle, final int firstFrame, final int pages) {
        final int[] frames = new int[pages];
        for (int i = 0; i < pages; i++) {
            frames[i] = firstFrame + i;
        }
        return new GpadlHeader(
                relid, handle, 8 + 8 * pages, 1, pages * PAGE, 0, PageNumbers.of(frames));
    }

    static OpenChannel open(final int relid, final int handle) {
        return new OpenChannel(relid, relid, handle, 1, 2, UserData.NONE);
    }

    @Override
    public void send(final Contact contact, final ChannelMessage message) {
        sent.add(message);
    }

    @Override
    public void connected(final Contact contact) {
        connections++;
    }

    @Override
    public void disconnected() {
        connections--;
    }

    @Override
    public Doorbell signal(final Contact contact, final HostChannel channel) {
        return () -> guestSignals++;
    }

    @Override
    public EventPort openPort(final int connectionId, final Doorbell driver) {
        openPorts++;
        return new EventPort() {
            @Override
            public boolean take() {
                return false;
            }

            @Override
            public boolean isSignalled() {
                return false;
            }

            @Override
            public long signals() {
                return 0;
            }

            @Override
            public void close() {
                openPorts--;
            }
        };
    }

    @Override
    public int allocateMonitor(final int connectionId, final int latency100Nanos) {
        return 5;
    }

    @Override
    public void freeMonitor(final int monitorId) {
        assertThat(monitorId).isEqualTo(5);
    }

    @Override
    public Doorbell server() {
        return () -> {};
    }

    @Override
    public void close() {
        memory.close();
    }
}
