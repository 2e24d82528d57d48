package io.ringside.emulated.tulip.backend;

import io.ringside.emulated.nic.backend.CheckSequence;
import io.ringside.emulated.nic.backend.WireFrames;
import io.ringside.emulated.tulip.protocol.TulipBits;
import io.ringside.emulated.tulip.protocol.TulipDescriptor;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The receive process: stopped, waiting for a frame, or suspended for want of a descriptor.
 *
 * <pre>
 *   stopped  --on-->  waiting  --next descriptor is the guest's-->  suspended
 *      ^                 ^                                              |
 *      +------off--------+----poll demand or a frame, and it is ours----+
 * </pre>
 *
 * <p>A frame fills as many buffers as it needs. One that comes while the process is suspended and
 * finds no descriptor is missed and counted; one that runs out of descriptors half-way is cut, and
 * says so. Threads: the vCPU's.
 */
final class ReceiveProcess {
    /** Most descriptors that one frame takes; what does not fit in them is cut off. */
    static final int MOST_DESCRIPTORS = 2048;

    private static final int WATCHDOG_BYTES = 2560;
    private static final int LONGEST_BYTES = 1518;
    private static final int TYPE_OFFSET = 12;
    private static final int LONGEST_LENGTH = 1500;
    private static final int LOOP_SHIFT = 10;
    private static final int LOOP_MASK = 3;
    private static final int ALIGNED = -4;
    private static final int ERRORS =
            TulipDescriptor.RECEIVED_CUT
                    | TulipDescriptor.RECEIVED_RUNT
                    | TulipDescriptor.RECEIVED_LONG;

    private final GuestMemory memory;
    private final Vcpu vcpu;
    private final StatusRegister status;
    private final DescriptorList list;
    private final AddressFilter filter;
    private final CheckSequence check = new CheckSequence();
    private final UnsafeBuffer target = new UnsafeBuffer(0, 0);
    private int state;
    private boolean lastWasOurs;
    private int missed;
    private int stored;

    ReceiveProcess(
            final GuestMemory memory,
            final Vcpu vcpu,
            final StatusRegister status,
            final AddressFilter filter) {
        this.memory = memory;
        this.vcpu = vcpu;
        this.status = status;
        this.list = new DescriptorList(memory);
        this.filter = filter;
    }

    void reset() {
        list.reset();
        state = TulipBits.STATE_STOPPED;
        missed = 0;
    }

    DescriptorList list() {
        return list;
    }

    int state() {
        return state;
    }

    /** The register of missed frames, which a read clears. */
    int takeMissed() {
        final int taken = missed;
        missed = 0;
        return taken;
    }

    int missed() {
        return missed;
    }

    void start() {
        if (state == TulipBits.STATE_STOPPED && !status.isDead()) {
            lastWasOurs = true;
            acquire();
        }
    }

    void stop() {
        if (state != TulipBits.STATE_STOPPED) {
            state = TulipBits.STATE_STOPPED;
            status.raise(TulipBits.RECEIVE_STOPPED);
        }
    }

    /** The guest says that there is a descriptor. */
    void poll() {
        if (state == TulipBits.RECEIVE_SUSPENDED && !status.isDead()) {
            acquire();
        }
    }

    /** Looks at the descriptor at the chip's place; whether it is the chip's. */
    private boolean acquire() {
        if (!list.fetch()) {
            status.busError();
            return false;
        }
        if (list.isOwned()) {
            lastWasOurs = true;
            state = TulipBits.RECEIVE_WAITING;
            return true;
        }
        state = TulipBits.RECEIVE_SUSPENDED;
        if (lastWasOurs) {
            lastWasOurs = false;
            status.raise(TulipBits.RECEIVE_UNAVAILABLE);
        }
        return false;
    }

    /**
     * A frame arrives.
     *
     * @param frame its bytes from 0 on, with room for the check sequence behind them
     * @param view the same bytes
     * @param lengthBytes how many, without the check sequence
     * @return how many descriptors it took
     */
    int receive(
            final ByteBuffer frame,
            final UnsafeBuffer view,
            final int lengthBytes,
            final int mode,
            final int watchdog) {
        if (state == TulipBits.STATE_STOPPED || status.isDead()) {
            return 0;
        }
        final boolean isOurs = filter.hears(view, mode);
        final boolean isShort = lengthBytes < WireFrames.SHORTEST_BYTES;
        if (!isOurs && (mode & TulipBits.RECEIVE_ALL) == 0
                || isShort && (mode & TulipBits.PASS_BAD) == 0) {
            return 0;
        }
        if (!acquire()) {
            miss();
            return 0;
        }
        check.append(frame, lengthBytes);
        int totalBytes = lengthBytes + CheckSequence.BYTES;
        int findings = isOurs ? 0 : TulipDescriptor.RECEIVED_FOREIGN;
        findings |= (mode >>> LOOP_SHIFT & LOOP_MASK) << TulipDescriptor.RECEIVED_LOOP_SHIFT;
        findings |= (view.getByte(0) & 1) != 0 ? TulipDescriptor.RECEIVED_MULTICAST : 0;
        findings |= isTyped(view) ? TulipDescriptor.RECEIVED_TYPED : 0;
        findings |= isShort ? TulipDescriptor.RECEIVED_RUNT : 0;
        findings |= totalBytes > LONGEST_BYTES ? TulipDescriptor.RECEIVED_LONG : 0;
        if (totalBytes > WATCHDOG_BYTES && (watchdog & TulipBits.RECEIVE_WATCHDOG_OFF) == 0) {
            totalBytes = WATCHDOG_BYTES;
            findings |= TulipDescriptor.RECEIVED_WATCHDOG;
            status.raise(TulipBits.RECEIVE_WATCHDOG);
        }
        return store(view, totalBytes, findings);
    }

    private void miss() {
        final int count = missed + 1 & TulipBits.MISSED_MASK;
        missed = missed & TulipBits.MISSED_OVERFLOW | count;
        if (count == 0) {
            missed |= TulipBits.MISSED_OVERFLOW;
        }
    }

    private static boolean isTyped(final UnsafeBuffer view) {
        final int type =
                (view.getByte(TYPE_OFFSET) & 0xFF) << Byte.SIZE
                        | view.getByte(TYPE_OFFSET + 1) & 0xFF;
        return type > LONGEST_LENGTH;
    }

    /** Fills descriptors, of which the first one is fetched and the chip's. */
    private int store(final UnsafeBuffer frame, final int totalBytes, final int findings) {
        stored = 0;
        int place = TulipDescriptor.RECEIVED_FIRST;
        int taken = 0;
        boolean isCut = false;
        while (true) {
            final long at = list.position();
            taken++;
            if (!fill(frame, totalBytes, list.buffer1(), list.length1())
                    || !fill(frame, totalBytes, list.buffer2(), list.length2())) {
                status.busError();
                return taken;
            }
            list.advance();
            if (stored < totalBytes) {
                isCut = taken == MOST_DESCRIPTORS || !acquire();
                if (status.isDead()) {
                    return taken;
                }
            }
            if (stored == totalBytes || isCut) {
                list.close(at, place | lastStatus(findings, isCut));
                break;
            }
            list.close(at, place);
            place = 0;
        }
        status.raise(TulipBits.RECEIVED);
        if (!isCut) {
            acquire(); // In anticipation of the next frame.
        }
        return taken;
    }

    private int lastStatus(final int findings, final boolean isCut) {
        final int found = findings | (isCut ? TulipDescriptor.RECEIVED_CUT : 0);
        return TulipDescriptor.RECEIVED_LAST
                | stored << TulipDescriptor.RECEIVED_LENGTH_SHIFT
                | found
                | ((found & ERRORS) != 0 ? TulipDescriptor.ERROR_SUMMARY : 0);
    }

    /** Stores what is left into one buffer; false if there is no memory. */
    private boolean fill(
            final UnsafeBuffer frame, final int totalBytes, final long buffer, final int room) {
        final int pieceBytes = Math.min(room & ALIGNED, totalBytes - stored);
        if (pieceBytes == 0) {
            return true;
        }
        final long address = buffer & ALIGNED;
        if (!memory.contains(address, pieceBytes)) {
            return false;
        }
        memory.wrap(target, address, pieceBytes);
        target.putBytes(0, frame, stored, pieceBytes);
        vcpu.copied(pieceBytes);
        stored += pieceBytes;
        return true;
    }
}
