package io.ringside.emulated.rtl8139.frontend;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.device.guest.NetStatus;
import io.ringside.emulated.nic.frontend.CardLimits;
import io.ringside.emulated.nic.frontend.LentFrames;
import io.ringside.emulated.nic.frontend.NoCompletions;
import io.ringside.emulated.nic.frontend.TransmitQueue;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Bits;
import io.ringside.emulated.rtl8139.protocol.Rtl8139Registers;
import io.ringside.emulated.trap.InterruptController;
import io.ringside.emulated.trap.InterruptLine;
import io.ringside.emulated.trap.PortIo;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The guest's driver of one RTL8139 in C mode.
 *
 * <p>A frame is copied into one of four bounce buffers, padded, and sent by one write of its
 * status; frames that find no slot wait. A received frame is copied out of the ring into memory
 * that is lent to the workload. A workload that holds all of that memory leaves frames in the ring,
 * until the card has no room and drops them.
 *
 * <p>A card that writes nonsense into the ring has its receiver reset, and the frames that were in
 * the ring are lost. A frame that the card gives up ends as {@link NetStatus#ERROR}.
 *
 * <p>Traces, when on: {@code send} with length and slot, {@code receive} with length and offset.
 *
 * <p>Threads: the vCPU's. Allocates nothing once ready.
 */
public final class Rtl8139Driver implements Agent, NetDevice {
    private static final String NAME = "8139";
    private static final int MTU_BYTES = 1500;
    private static final int ETHERNET_BYTES = 14;
    private static final int SHORTEST_BYTES = 60;
    private static final int SLOTS = Rtl8139Registers.TRANSMIT_SLOTS;
    private static final int SLOT_BYTES = 2048;
    private static final int SLOT_FRAMES = SLOTS * SLOT_BYTES / GuestMemory.PAGE_BYTES;
    private static final int RING_FRAMES =
            (ReceivedFrames.MEMORY_BYTES + GuestMemory.PAGE_BYTES - 1) / GuestMemory.PAGE_BYTES;
    private static final int RECEIVE_BURST = 64;

    /** What the driver is about. */
    private enum Phase {
        PROBE,
        RUNNING,
        ABSENT,
        CLOSED
    }

    // 1. Shared with the card: the receive ring and four bounce buffers.

    private final int ringFrame;
    private final int slotFrame;
    private final UnsafeBuffer slots = new UnsafeBuffer(0, 0);
    private final ReceivedFrames ring;

    // 2. Ours alone.

    private final Rtl8139Card card;
    private final int base;
    private final InterruptLine line;
    private final FrameAllocator frames;
    private final Vcpu vcpu;
    private final Trace trace;
    private final TransmitQueue queue;
    private final LentFrames lent;
    private final NetLimits limits;
    private NetCompletions completions = new NoCompletions();
    private Phase phase = Phase.PROBE;
    private String failure = "";
    private long stationAddress;
    private boolean isLinkUp;
    private boolean promiscuous;
    private boolean hasFramesWaiting;
    private boolean isReceiving;
    private int nextSlot;
    private int oldestSlot;
    private long receiverResets;
    private long spuriousInterrupts;

    /**
     * Makes a driver; it looks for its card as soon as it works.
     *
     * @param base first port of the card
     * @param irq its interrupt line
     * @param io the processor's ports
     * @param interrupts where its interrupts come from
     * @param memory the guest's memory
     * @param frames gives the frames that the driver needs
     * @param vcpu counts the bytes that the driver copies
     * @param transmitDepth most frames submitted and not completed
     * @param receiveDepth most received frames that the workload may hold
     * @param trace where frames are told
     */
    public Rtl8139Driver(
            final int base,
            final int irq,
            final PortIo io,
            final InterruptController interrupts,
            final GuestMemory memory,
            final FrameAllocator frames,
            final Vcpu vcpu,
            final int transmitDepth,
            final int receiveDepth,
            final Trace trace) {
        this.base = base;
        this.card = new Rtl8139Card(io, base);
        this.line = new InterruptLine(io, interrupts, irq);
        this.frames = frames;
        this.vcpu = vcpu;
        this.trace = trace;
        this.ringFrame = frames.allocate(RING_FRAMES);
        this.slotFrame = frames.allocate(SLOT_FRAMES);
        final UnsafeBuffer ringMemory = new UnsafeBuffer(0, 0);
        memory.wrap(ringMemory, addressOf(ringFrame), ReceivedFrames.MEMORY_BYTES);
        memory.wrap(slots, addressOf(slotFrame), SLOTS * SLOT_BYTES);
        this.ring = new ReceivedFrames(ringMemory);
        this.queue = new TransmitQueue(transmitDepth, memory);
        this.lent = new LentFrames(frames, memory, receiveDepth);
        this.limits = CardLimits.plain(transmitDepth, receiveDepth, MTU_BYTES + ETHERNET_BYTES);
    }

    private static long addressOf(final int frame) {
        return (long) frame << GuestMemory.PAGE_SHIFT;
    }

    // 3. Connect: reset, read the address, set up.

    private int connect() {
        if (!card.reset()) {
            phase = Phase.ABSENT;
            failure = "no RTL8139 ends its reset: port=0x" + Integer.toHexString(base);
            return 1;
        }
        stationAddress = card.stationAddress();
        card.use(stationAddress);
        startReceiver();
        card.setUpTransmit(addressOf(slotFrame), SLOT_BYTES);
        line.levelTriggered();
        line.unmask();
        card.interruptsOn();
        isLinkUp = card.isLinkUp();
        phase = Phase.RUNNING;
        return 1;
    }

    private void startReceiver() {
        ring.restart();
        card.startReceiver(addressOf(ringFrame));
        card.receive(promiscuous);
    }

    /** Why there is no card; empty while there is one, or while it is looked for. */
    public String failure() {
        return failure;
    }

    /** How often the ring held nonsense. */
    public long receiverResets() {
        return receiverResets;
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
        return isLinkUp;
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
            receiveWaiting();
        }
    }

    private void startFrames() {
        while (queue.started() < SLOTS) {
            final NetFrame frame = queue.start();
            if (frame == null) {
                return;
            }
            final int at = nextSlot * SLOT_BYTES;
            queue.copy(frame, slots, at);
            vcpu.copied(frame.totalBytes());
            int lengthBytes = frame.totalBytes();
            if (lengthBytes < SHORTEST_BYTES) {
                slots.setMemory(at + lengthBytes, SHORTEST_BYTES - lengthBytes, (byte) 0);
                lengthBytes = SHORTEST_BYTES;
            }
            if (trace.isOn()) {
                trace.event(NAME, "send", lengthBytes, nextSlot);
            }
            card.send(nextSlot, lengthBytes);
            nextSlot = (nextSlot + 1) % SLOTS;
        }
    }

    /** Services the interrupt if there is one; else goes on with frames that are still there. */
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
        return receiveWaiting();
    }

    private void serviceInterrupt() {
        final int status = card.interruptStatus();
        if (status == 0) {
            spuriousInterrupts++;
            return;
        }
        // Before the work, so that what happens during it asks again.
        card.acknowledge(status);
        if ((status & Rtl8139Card.TRANSMIT_EVENTS) != 0) {
            endFrames();
        }
        if ((status & Rtl8139Card.RECEIVE_EVENTS) != 0) {
            hasFramesWaiting = true;
            receiveWaiting();
        }
        if ((status & Rtl8139Bits.LINK_CHANGE) != 0 && card.isLinkUp() != isLinkUp) {
            isLinkUp = !isLinkUp;
            completions.linkChanged();
        }
    }

    private void endFrames() {
        while (queue.started() > 0) {
            final int status = card.slotStatus(oldestSlot);
            final boolean sent = (status & Rtl8139Bits.SENT) != 0;
            if (!sent && (status & Rtl8139Bits.ABORTED) == 0) {
                break;
            }
            oldestSlot = (oldestSlot + 1) % SLOTS;
            queue.complete(sent ? NetStatus.OK : NetStatus.ERROR, completions);
        }
        startFrames();
    }

    private int receiveWaiting() {
        if (isReceiving) {
            return 0; // The workload commits while it is being told of a frame.
        }
        isReceiving = true;
        final int received = takeFrames();
        isReceiving = false;
        return received;
    }

    private int takeFrames() {
        int received = 0;
        while (hasFramesWaiting && received < RECEIVE_BURST) {
            final int slot = lent.take();
            if (slot == LentFrames.NONE) {
                return received;
            }
            if (!takeFrame(slot)) {
                lent.putBack(slot);
                return received;
            }
            received++;
        }
        return received;
    }

    /** Takes the next frame out of the ring; false if there is none to be had. */
    private boolean takeFrame(final int slot) {
        if (card.isRingEmpty()) {
            hasFramesWaiting = false;
            return false;
        }
        return switch (ring.look()) {
            case UNFINISHED -> false;
            case NONSENSE -> {
                receiverResets++;
                startReceiver();
                yield false;
            }
            case FRAME -> {
                handOver(slot);
                yield true;
            }
        };
    }

    private void handOver(final int slot) {
        final int lengthBytes = ring.lengthBytes();
        ring.copyTo(lent.memory(slot));
        vcpu.copied(lengthBytes);
        final int readOffset = ring.advance();
        if (trace.isOn()) {
            trace.event(NAME, "receive", lengthBytes, readOffset);
        }
        card.readOffset(readOffset);
        completions.received(0, lent.lend(slot, lengthBytes));
    }

    @Override
    public void giveBack(final NetFrame frame) {
        lent.giveBack(frame);
    }

    // 5. Tear down, in reverse.

    /** Quiets the card and gives the memory back; what was not completed ends as gone. */
    @Override
    public void onClose() {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (phase == Phase.RUNNING) {
            card.interruptsOff();
            line.mask();
            card.reset();
        }
        phase = Phase.CLOSED;
        queue.completeAll(NetStatus.GONE, completions);
        lent.free();
        freeRun(slotFrame, SLOT_FRAMES);
        freeRun(ringFrame, RING_FRAMES);
    }

    private void freeRun(final int first, final int count) {
        for (int i = 0; i < count; i++) {
            frames.free(first + i);
        }
    }
}
