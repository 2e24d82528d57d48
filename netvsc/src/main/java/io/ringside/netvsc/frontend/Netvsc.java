package io.ringside.netvsc.frontend;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.vmbus.guest.GuestChannel;
import org.agrona.concurrent.Agent;

/**
 * The guest's half of a Hyper-V network card.
 *
 * <p>A small frame to be sent is copied once, into the send buffer, together with others; a long
 * one is named by its pages. A received frame is not copied: the workload reads it where the host
 * has put it. The host can still change it there while the workload reads it, as on a real machine
 * a card could: who decides by what is in a frame looks at it once.
 *
 * <p>Whoever runs this agent also runs the bus client, on the same thread.
 *
 * <p>Errors: what the host gets wrong is counted ({@link #counters}), and a message of it dropped
 * or failed. A refused hand-shake or a ring that cannot be closes the device: frames under way end
 * as {@link NetStatus#GONE}. A device that went does not come back; once {@link #isFinished}, its
 * channel may have a new one. Threads: one.
 */
public final class Netvsc implements Agent, NetDevice {
    private final Device device;
    private final Agreement agreement;
    private final NetvscOptions options;
    private final Trace trace;

    /**
     * A frontend that opens its channel with the first {@link #doWork}.
     *
     * @param channel the first channel of the card, as it was offered
     * @param memory the guest's memory
     * @param frames page frames for both buffers and a few others, all given back in the end
     * @param trace is told of each {@code send} (queue, bytes), {@code receive} (queue, bytes) and
     *     {@code question} (its number, 0)
     */
    public Netvsc(
            final GuestChannel channel,
            final GuestMemory memory,
            final FrameAllocator frames,
            final NetvscOptions options,
            final Trace trace) {
        this.device = new Device(channel, memory, frames, options, trace);
        this.agreement = device.agreement();
        this.options = options;
        this.trace = trace;
    }

    @Override
    public String roleName() {
        return Device.WHO;
    }

    /** What it has done so far. */
    public NetvscCounters counters() {
        return device.counters();
    }

    /** Whether the device is gone, or of no use. */
    public boolean isClosed() {
        return !device.isOpen();
    }

    /** Whether the device is gone, and all of its memory is given back. */
    public boolean isFinished() {
        return device.isFinished();
    }

    /** The version that is agreed on, or offered now. */
    public NvspVersion version() {
        return agreement.version;
    }

    /** Receives every frame, whoever it is for; to be said before the card is ready. */
    public void receiveAll() {
        device.control().receiveAll();
    }

    /** What the host calls the card; empty if it did not say. */
    public String friendlyName() {
        return agreement.friendlyName;
    }

    /** Speed of the link in units of 100 bit/s; 0 if the host did not say. */
    public long linkSpeed100Bits() {
        return agreement.linkSpeed100Bits;
    }

    /** The queue by which the host wants frames sent that have such a hash. */
    public int queueFor(final int hash) {
        return device.spread().queueFor(hash, agreement.channels);
    }

    /** Does what there is to do, a bounded part of it; 0 only if the guest may sleep now. */
    @Override
    public int doWork() {
        return device.doWork();
    }

    @Override
    public boolean isReady() {
        return device.isReady();
    }

    @Override
    public NetLimits limits() {
        return new NetLimits(
                agreement.channels,
                options.transmitDepth(),
                options.receiveDepth(),
                TransmitPath.MOST_SEGMENTS,
                GuestMemory.PAGE_BYTES,
                Math.max(agreement.cutsIpv4Bytes, agreement.cutsIpv6Bytes),
                agreement.sumsTcpIpv4,
                agreement.sumsTcpIpv6,
                agreement.cutsIpv4Bytes != 0,
                agreement.cutsIpv6Bytes != 0,
                agreement.carriesVlanTags,
                agreement.isScaling);
    }

    @Override
    public long macAddress() {
        return agreement.macAddress;
    }

    @Override
    public int mtuBytes() {
        return agreement.mtuBytes;
    }

    @Override
    public boolean isLinkUp() {
        return device.isReady() && agreement.isLinkUp;
    }

    @Override
    public void completionsTo(final NetCompletions newCompletions) {
        device.reports().to(newCompletions);
    }

    @Override
    public boolean submit(final int queue, final NetFrame frame) {
        if (!device.isReady()) {
            return false;
        }
        FrameLimits.check(frame, agreement);
        if (queue < 0 || queue >= agreement.channels) {
            throw new IllegalArgumentException("no such queue: queue=" + queue);
        }
        if (!device.channels().queue(queue).transmit().submit(frame)) {
            return false;
        }
        device.counters().transmitted++;
        device.counters().transmittedBytes += frame.totalBytes();
        if (trace.isOn()) {
            trace.event(Device.WHO, "send", queue, frame.totalBytes());
        }
        return true;
    }

    @Override
    public void commit() {
        if (device.isReady()) {
            for (int i = 0; i < device.channels().count(); i++) {
                device.channels().queue(i).transmit().commit();
            }
            device.channels().commit();
        }
    }

    @Override
    public void giveBack(final NetFrame frame) {
        device.giveBack(frame);
    }

    /** Asks the host to start anew with what it keeps of the card; frames under way go on. */
    public void reset() {
        if (device.isReady()) {
            device.control().reset();
        }
    }

    /** Asks whether the host is there. */
    public void keepalive() {
        if (device.isReady()) {
            device.control().keepalive();
        }
    }

    /** Tells the host good-bye, closes the channels, and ends what is under way. */
    public void shutdown() {
        device.shutdown();
    }

    @Override
    public void onClose() {
        device.close();
        device.finish();
        while (device.reports().reportEnded() != 0) {
            continue;
        }
    }
}
