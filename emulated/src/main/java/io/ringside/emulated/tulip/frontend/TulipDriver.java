package io.ringside.emulated.tulip.frontend;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.device.guest.NetStatus;
import io.ringside.emulated.nic.frontend.CardLimits;
import io.ringside.emulated.nic.frontend.LentFrames;
import io.ringside.emulated.nic.frontend.NoCompletions;
import io.ringside.emulated.nic.frontend.TransmitQueue;
import io.ringside.emulated.trap.InterruptLine;
import io.ringside.emulated.trap.PortIo;
import io.ringside.emulated.tulip.protocol.TulipBits;
import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The guest's driver of one DEC 21140 with a PHY at its MII port.
 *
 * <p>A frame in one piece is sent from where it lies, one in several is copied together first; each
 * costs one poll demand, or each batch does. Frames are received into memory that is lent to the
 * workload, without a copy and without an access to the card. An interrupt costs a read of the
 * status, a write that clears it, another read until nothing is left, and a read of the missed
 * frames. The card tells nothing of its link, so the PHY is asked from time to time.
 *
 * <p>A card that reports a bus error, or is gone, is given up.
 *
 * <p>Traces, when on: {@code send} with length and pieces, {@code receive} with length and slot.
 *
 * <p>Threads: the vCPU's. Allocates nothing once ready.
 */
public final class TulipDriver implements Agent, NetDevice {
    private static final String NAME = "tulip-driver";
    private static final int MTU_BYTES = 1500;
    private static final int ETHERNET_BYTES = 14;
    private static final int MAX_LOOKS = 25;

    /** What the driver is about. */
    private enum Phase {
        PROBE,
        RUNNING,
        ABSENT,
        CLOSED
    }

    // 1. Shared with the card: two rings, a setup frame, bounce buffers.

    private final SharedPages shared;
    private final UnsafeBuffer bounce;
    private final TransmitDescriptors transmit;
    private final ReceiveDescriptors receive;

    // 2. Ours alone.

    private final TulipCard card;
    private final SromReader rom;
    private final LinkWatch link;
    private final int base;
    private final InterruptLine line;
    private final Vcpu vcpu;
    private final PollDemand pollDemand;
    private final Trace trace;
    private final TransmitQueue queue;
    private final LentFrames lent;
    private final NetLimits limits;
    private NetCompletions completions = new NoCompletions();
    private Phase phase = Phase.PROBE;
    private String failure = "";
    private long stationAddress;
    private boolean promiscuous;
    private boolean isReceiving;
    private boolean isSettingUp;
    private long missedFrames;
    private long badFrames;
    private long spuriousInterrupts;

    /**
     * Makes a driver; it looks for its card as soon as it works.
     *
     * @param base first port of the card
     * @param io the processor's ports
     * @param line the card's interrupt line
     * @param memory the guest's memory
     * @param frames gives the frames that the driver needs
     * @param vcpu counts the bytes that the driver copies
     * @param transmitDepth most frames submitted and not completed
     * @param receiveDepth most received frames that the workload may hold
     * @param pollDemand how often the card is told that there are frames
     * @param clock when to ask the PHY
     * @param trace where frames are told
     */
    public TulipDriver(
            final int base,
            final PortIo io,
            final InterruptLine line,
            final GuestMemory memory,
            final FrameAllocator frames,
            final Vcpu vcpu,
            final int transmitDepth,
            final int receiveDepth,
            final PollDemand pollDemand,
            final Clock clock,
            final Trace trace) {
        this.base = base;
        this.card = new TulipCard(io, base);
        this.rom = new SromReader(io, base);
        this.link = new LinkWatch(new PhyReader(io, base), clock);
        this.line = line;
        this.vcpu = vcpu;
        this.pollDemand = pollDemand;
        this.trace = trace;
        this.shared = new SharedPages(frames, memory);
        this.bounce = shared.bounceView();
        this.queue = new TransmitQueue(transmitDepth, memory);
        this.lent = new LentFrames(frames, memory, receiveDepth + ReceiveDescriptors.COUNT);
        this.transmit = new TransmitDescriptors(shared.transmitRingView(), shared.bounce());
        this.receive = new ReceiveDescriptors(shared.receiveRingView(), lent);
        this.limits = CardLimits.plain(transmitDepth, receiveDepth, MTU_BYTES + ETHERNET_BYTES);
    }

    // 3. Connect: reset, read the address, find the PHY, set up both rings and the filter.

    private int connect() {
        if (!card.reset()) {
            absent("no 21140 answers");
            return 1;
        }
        stationAddress = rom.stationAddress();
        if (!link.find()) {
            absent("no PHY answers behind the 21140");
            return 1;
        }
        transmit.restart();
        receive.restart();
        receive.refill();
        card.setUp(shared.receiveRing(), shared.transmitRing());
        shared.listenTo(stationAddress);
        transmit.putSetup(shared.setupFrame());
        isSettingUp = true;
        line.levelTriggered();
        line.unmask();
        card.start(promiscuous);
        link.ask();
        phase = Phase.RUNNING;
        return 1;
    }

    private void absent(final String why) {
        phase = Phase.ABSENT;
        failure = why + ": port=0x" + Integer.toHexString(base);
    }

    /** Why there is no card; empty while there is one, or while it is looked for. */
    public String failure() {
        return failure;
    }

    /** Frames that the card has missed for want of a descriptor. */
    public long missedFrames() {
        return missedFrames;
    }

    /** Frames that the card marked as damaged, or spread over more than one buffer. */
    public long badFrames() {
        return badFrames;
    }

    /** Interrupts that came without a reason. */
    public long spuriousInterrupts() {
        return spuriousInterrupts;
    }

    /** Whether frames to every address are received; before the first frame, or at any time. */
    public void promiscuous(final boolean isOn) {
        promiscuous = isOn;
        if (phase == Phase.RUNNING) {
            card.receive(isOn);
        }
    }

    @Override
    public boolean isReady() {
        return phase == Phase.RUNNING;
    }

    @Override
    public NetLimits limits() {
        return limits;
    }

    @Override
    public long macAddress() {
        return stationAddress;
    }

    @Override
    public int mtuBytes() {
        return MTU_BYTES;
    }

    @Override
    public boolean isLinkUp() {
        return link.isUp();
    }

    @Override
    public void completionsTo(final NetCompletions newCompletions) {
        completions = newCompletions;
    }

    @Override
    public String roleName() {
        return NAME;
    }

    // 4. Send, then receive.

    @Override
    public boolean submit(final int queueNumber, final NetFrame frame) {
        if (queueNumber != 0) {
            throw new IllegalArgumentException("no such queue: queue=" + queueNumber);
        }
        return isReady() && queue.add(frame, limits);
    }

    @Override
    public void commit() {
        queue.commit();
        if (isReady()) {
            startFrames();
            if (!isReceiving) {
                receive.refill();
            }
        }
    }

    private void startFrames() {
        boolean owesDemand = false;
        while (transmit.hasRoom()) {
            final NetFrame frame = queue.start();
            if (frame == null) {
                break;
            }
            start(frame);
            if (pollDemand == PollDemand.EACH_FRAME) {
                card.send();
            } else {
                owesDemand = true;
            }
        }
        if (owesDemand) {
            card.send();
        }
    }

    private void start(final NetFrame frame) {
        if (frame.segmentCount() == 1) {
            transmit.put(frame);
        } else {
            queue.copy(frame, bounce, transmit.bounceOffset());
            vcpu.copied(frame.totalBytes());
            transmit.putBounced(frame.totalBytes());
        }
        if (trace.isOn()) {
            trace.event(NAME, "send", frame.totalBytes(), frame.segmentCount());
        }
    }

    /** Services the interrupt if there is one; else looks after the link. */
    @Override
    public int doWork() {
        if (phase == Phase.PROBE) {
            return connect();
        }
        if (phase != Phase.RUNNING) {
            return 0;
        }
        if (line.deliver()) {
            serviceInterrupt();
            line.end();
            return 1;
        }
        return checkLink();
    }

    /** What is left after so many rounds keeps the line high, and asks again. */
    private void serviceInterrupt() {
        int status = card.status();
        if ((status & TulipCard.SUMMARIES) == 0) {
            spuriousInterrupts++;
            return;
        }
        for (int i = 0; i < MAX_LOOKS && (status & TulipCard.SUMMARIES) != 0; i++) {
            // Before the work, so that what happens during it asks again.
            card.acknowledge(status);
            if ((status & TulipBits.BUS_ERROR) != 0) {
                giveUp();
                return;
            }
            if ((status & TulipCard.RECEIVE_EVENTS) != 0) {
                takeFrames();
            }
            if ((status & TulipCard.TRANSMIT_EVENTS) != 0) {
                endFrames();
            }
            status = card.status();
        }
        missedFrames += card.missed();
    }

    private void giveUp() {
        line.mask();
        card.stop();
        absent("the 21140 reports a bus error");
        queue.completeAll(NetStatus.GONE, completions);
    }

    private void endFrames() {
        while (transmit.isOldestDone()) {
            transmit.removeOldest();
            if (isSettingUp) {
                isSettingUp = false;
            } else {
                queue.complete(
                        transmit.isOldestBad() ? NetStatus.ERROR : NetStatus.OK, completions);
            }
        }
        startFrames();
    }

    private void takeFrames() {
        isReceiving = true;
        for (int i = 0; i < ReceiveDescriptors.COUNT && receive.isOldestDone(); i++) {
            takeFrame();
        }
        receive.refill();
        isReceiving = false;
    }

    private void takeFrame() {
        final boolean isGood = receive.isOldestGood();
        final int lengthBytes = receive.lengthBytes();
        final int slot = receive.removeOldest();
        if (!isGood) {
            badFrames++;
            lent.putBack(slot);
            return;
        }
        if (trace.isOn()) {
            trace.event(NAME, "receive", lengthBytes, slot);
        }
        completions.received(0, lent.lend(slot, lengthBytes));
    }

    @Override
    public void giveBack(final NetFrame frame) {
        lent.giveBack(frame);
    }

    private int checkLink() {
        if (!link.isDue()) {
            return 0;
        }
        if (link.ask()) {
            completions.linkChanged();
        }
        return 1;
    }

    // 5. Tear down, in reverse.

    /** Quiets the card and gives the memory back; what was not completed ends as gone. */
    @Override
    public void onClose() {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (phase == Phase.RUNNING) {
            line.mask();
            card.stop();
        }
        phase = Phase.CLOSED;
        queue.completeAll(NetStatus.GONE, completions);
        lent.free();
        shared.free();
    }
}
