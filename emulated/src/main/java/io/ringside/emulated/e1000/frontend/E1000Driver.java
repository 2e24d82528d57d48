package io.ringside.emulated.e1000.frontend;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.device.guest.NetStatus;
import io.ringside.emulated.e1000.protocol.E1000Bits;
import io.ringside.emulated.e1000.protocol.E1000Descriptor;
import io.ringside.emulated.e1000.protocol.E1000Registers;
import io.ringside.emulated.nic.frontend.CardLimits;
import io.ringside.emulated.nic.frontend.LentFrames;
import io.ringside.emulated.nic.frontend.NoCompletions;
import io.ringside.emulated.nic.frontend.TransmitQueue;
import io.ringside.emulated.trap.InterruptLine;
import io.ringside.emulated.trap.Mmio;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The guest's driver of one Intel 82540EM.
 *
 * <p>Frames are sent from where they lie, and received into memory that is lent to the workload:
 * nothing is copied but the headers of frames that the card is to cut. A batch costs one write of a
 * tail register. The card does checksums and cuts TCP over IPv4.
 *
 * <p>Traces, when on: {@code send} with length and pieces, {@code receive} with length and status.
 *
 * <p>Threads: the vCPU's. Allocates nothing once ready.
 */
public final class E1000Driver implements Agent, NetDevice {
    private static final String NAME = "e1000-driver";
    private static final int MTU_BYTES = 1500;
    private static final int ETHERNET_BYTES = 14;
    private static final int MAX_FRAME_BYTES = 65535;
    private static final int RECEIVE_BURST = 64;
    private static final int MOST_HEADER_BYTES = 192;
    private static final int HEADER_FRAMES =
            TransmitDescriptors.COUNT * TransmitDescriptors.HEADER_BYTES / GuestMemory.PAGE_BYTES;

    /** What the driver is about. */
    private enum Phase {
        PROBE,
        RUNNING,
        ABSENT,
        CLOSED
    }

    // 1. Shared with the card: two rings of one page frame each, and copies of headers.

    private final int transmitFrame;
    private final int receiveFrame;
    private final int headersFrame;
    private final TransmitDescriptors transmit;
    private final ReceiveDescriptors receive;

    // 2. Ours alone.

    private final E1000Card card;
    private final long base;
    private final InterruptLine line;
    private final FrameAllocator frames;
    private final int throttle;
    private final Trace trace;
    private final TransmitQueue queue;
    private final LentFrames lent;
    private final NetLimits limits;
    private final UnsafeBuffer head = new UnsafeBuffer(new byte[TransmitDescriptors.HEADER_BYTES]);
    private NetCompletions completions = new NoCompletions();
    private Phase phase = Phase.PROBE;
    private String failure = "";
    private long stationAddress;
    private boolean isLinkUp;
    private boolean promiscuous;
    private boolean isReceiving;
    private boolean mayHaveMore;
    private long badFrames;
    private long spuriousInterrupts;

    /**
     * Makes a driver; it looks for its card as soon as it works.
     *
     * @param base guest-physical address of the card's registers
     * @param registers the processor's memory-mapped registers
     * @param line the card's interrupt line
     * @param memory the guest's memory
     * @param frames gives the frames that the driver needs
     * @param transmitDepth most frames submitted and not completed
     * @param receiveDepth most received frames that the workload may hold
     * @param throttle least time between two interrupts in units of 256 ns; 0 for none
     * @param trace where frames are told
     */
    public E1000Driver(
            final long base,
            final Mmio registers,
            final InterruptLine line,
            final GuestMemory memory,
            final FrameAllocator frames,
            final int transmitDepth,
            final int receiveDepth,
            final int throttle,
            final Trace trace) {
        this.base = base;
        this.card = new E1000Card(registers, base);
        this.line = line;
        this.frames = frames;
        this.throttle = throttle;
        this.trace = trace;
        this.transmitFrame = frames.allocate();
        this.receiveFrame = frames.allocate();
        this.headersFrame = frames.allocate(HEADER_FRAMES);
        this.queue = new TransmitQueue(transmitDepth, memory);
        this.lent = new LentFrames(frames, memory, receiveDepth + ReceiveDescriptors.COUNT - 1);
        this.transmit =
                new TransmitDescriptors(
                        view(memory, transmitFrame, 1),
                        view(memory, headersFrame, HEADER_FRAMES),
                        addressOf(headersFrame));
        this.receive = new ReceiveDescriptors(view(memory, receiveFrame, 1), lent);
        this.limits = CardLimits.offloading(transmitDepth, receiveDepth, MAX_FRAME_BYTES);
    }

    private static long addressOf(final int frame) {
        return (long) frame << GuestMemory.PAGE_SHIFT;
    }

    private static UnsafeBuffer view(
            final GuestMemory memory, final int frame, final int frameCount) {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(view, addressOf(frame), frameCount * GuestMemory.PAGE_BYTES);
        return view;
    }

    // 3. Connect: reset, read the address, set up both rings.

    private int connect() {
        if (!card.reset()) {
            phase = Phase.ABSENT;
            failure = "no 82540EM ends its reset: address=0x" + Long.toHexString(base);
            return 1;
        }
        stationAddress = card.stationAddress();
        card.use(stationAddress);
        transmit.restart();
        card.setUpTransmit(addressOf(transmitFrame));
        receive.restart();
        receive.refill();
        card.setUpReceive(addressOf(receiveFrame), receive.tail());
        card.receive(promiscuous);
        line.levelTriggered();
        line.unmask();
        card.enable(throttle, E1000Card.CAUSES);
        isLinkUp = card.isLinkUp();
        phase = Phase.RUNNING;
        return 1;
    }

    /** Why there is no card; empty while there is one, or while it is looked for. */
    public String failure() {
        return failure;
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
        final boolean cuts = frame.metadata().segmentation() != SegmentationType.NONE;
        final boolean sums = frame.metadata().checksum() == ChecksumState.BLANK;
        final int start = frame.metadata().checksumStartBytes();
        final int end = start + frame.metadata().checksumOffsetBytes() + Short.BYTES;
        if (!cuts && frame.totalBytes() > MTU_BYTES + ETHERNET_BYTES
                || cuts && !sums
                || sums && (start <= 0 || start > MOST_HEADER_BYTES || end > frame.totalBytes())) {
            throw new IllegalArgumentException(
                    "outside of the limits: totalBytes="
                            + frame.totalBytes()
                            + " segmentation="
                            + frame.metadata().segmentation()
                            + " checksumStartBytes="
                            + start
                            + " checksumEndBytes="
                            + end);
        }
        return isReady() && queue.add(frame, limits);
    }

    @Override
    public void commit() {
        queue.commit();
        if (isReady()) {
            startFrames();
            if (!isReceiving && receive.isRunningLow()) {
                refill();
            }
        }
    }

    private void startFrames() {
        boolean started = false;
        while (queue.hasCommitted() && transmit.hasRoom(CardLimits.MAX_SEGMENTS)) {
            final NetFrame frame = queue.start();
            if (frame == null) {
                break;
            }
            if (frame.metadata().checksum() == ChecksumState.BLANK) {
                queue.copyHead(frame, head, head.capacity());
            }
            transmit.put(frame, head);
            started = true;
            if (trace.isOn()) {
                trace.event(NAME, "send", frame.totalBytes(), frame.segmentCount());
            }
        }
        if (started) {
            card.write(E1000Registers.TRANSMIT_TAIL, transmit.tail());
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
        return mayHaveMore ? takeFrames() : 0;
    }

    private void serviceInterrupt() {
        final int causes = card.read(E1000Registers.CAUSE_READ); // Which also clears them.
        if ((causes & E1000Card.CAUSES) == 0) {
            spuriousInterrupts++;
            return;
        }
        if ((causes & E1000Bits.CAUSE_TRANSMIT_DONE) != 0) {
            endFrames();
        }
        if ((causes & E1000Card.RECEIVE_CAUSES) != 0) {
            takeFrames();
        }
        if ((causes & E1000Bits.CAUSE_LINK) != 0 && card.isLinkUp() != isLinkUp) {
            isLinkUp = !isLinkUp;
            completions.linkChanged();
        }
    }

    private void endFrames() {
        while (transmit.isOldestDone()) {
            transmit.removeOldest();
            queue.complete(NetStatus.OK, completions);
        }
        startFrames();
    }

    private int takeFrames() {
        isReceiving = true;
        int taken = 0;
        while (taken < RECEIVE_BURST && receive.isOldestDone()) {
            taken++;
            takeFrame();
        }
        mayHaveMore = taken == RECEIVE_BURST;
        refill();
        isReceiving = false;
        return taken;
    }

    private void refill() {
        if (receive.refill() > 0) {
            card.write(E1000Registers.RECEIVE_TAIL, receive.tail());
        }
    }

    private void takeFrame() {
        final int lengthBytes = receive.lengthBytes();
        final int status = receive.status();
        final int errors = receive.errors();
        final int vlanTag = receive.vlanTag();
        final int slot = receive.removeOldest();
        if ((status & E1000Descriptor.RECEIVED_END) == 0
                || (errors & E1000Descriptor.FRAME_WRONG) != 0
                || lengthBytes == 0
                || lengthBytes > LentFrames.SLOT_BYTES) {
            badFrames++;
            lent.putBack(slot);
            return;
        }
        if (trace.isOn()) {
            trace.event(NAME, "receive", lengthBytes, status);
        }
        final NetFrame frame = lent.lend(slot, lengthBytes);
        final boolean checked =
                (status & E1000Descriptor.CHECKSUM_IGNORED) == 0
                        && (status & E1000Descriptor.TRANSPORT_CHECKED) != 0;
        if (checked && (errors & E1000Descriptor.TRANSPORT_WRONG) == 0) {
            frame.metadata().checksumValidated();
        }
        if ((status & E1000Descriptor.TAG_STRIPPED) != 0) {
            frame.metadata().vlanTag(vlanTag);
        }
        completions.received(0, frame);
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
            line.mask();
            card.reset();
        }
        phase = Phase.CLOSED;
        queue.completeAll(NetStatus.GONE, completions);
        lent.free();
        for (int i = 0; i < HEADER_FRAMES; i++) {
            frames.free(headersFrame + i);
        }
        frames.free(receiveFrame);
        frames.free(transmitFrame);
    }
}
