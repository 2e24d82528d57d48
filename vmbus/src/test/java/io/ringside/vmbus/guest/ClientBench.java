package io.ringside.vmbus.guest;

import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.vmbus.protocol.ChannelMessage;
import io.ringside.vmbus.protocol.ControlRefusal;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.Offer;
import io.ringside.vmbus.protocol.UserData;
import java.util.ArrayList;
import java.util.List;

/** The guest's state machine without any transport: messages in, messages out. */
final class ClientBench implements GuestLink, AutoCloseable {
    final InProcessMemory memory = InProcessMemory.anonymous(64);
    final FrameAllocator frames = new FrameAllocator(memory);
    final ClientControl control;
    final List<ChannelMessage> sent = new ArrayList<>();
    final List<Integer> versions = new ArrayList<>();
    final List<GuestChannel> offered = new ArrayList<>();

    ClientBench() {
        this(ClientOptions.DEFAULTS);
    }

    ClientBench(final ClientOptions options) {
        control = new ClientControl(this, options, new GuestPages(memory, frames));
    }

    /** A message of the host, and the numbers of the messages that it brings about. */
    String receive(final ChannelMessage message) {
        sent.clear();
        final int refusal = control.receive(message);
        final StringBuilder answer = new StringBuilder(ControlRefusal.name(refusal));
        for (final ChannelMessage reply : sent) {
            answer.append(' ').append(reply.type());
        }
        return answer.toString();
    }

    static Offer offer(final int relid) {
        return new Offer(
                DeviceType.SCSI,
                new Guid(relid, 7),
                0,
                0,
                UserData.NONE,
                0,
                relid,
                Offer.NO_MONITOR,
                true,
                0x10000 + relid);
    }

    @Override
    public void send(final ChannelMessage message) {
        sent.add(message);
    }

    @Override
    public void contact(final int version) {
        versions.add(version);
    }

    @Override
    public void accepted(final int version, final int messageConnectionId) {
        versions.add(-version);
    }

    @Override
    public Doorbell signal(final GuestChannel channel) {
        return () -> {};
    }

    @Override
    public void offered(final GuestChannel channel) {
        offered.add(channel);
    }

    @Override
    public int processorCount() {
        return 2;
    }

    @Override
    public void handler(final int relid, final Runnable handler) {
        // Events are not this bench's.
    }

    @Override
    public void forget(final int relid) {
        // Events are not this bench's.
    }

    @Override
    public void close() {
        memory.close();
    }
}
