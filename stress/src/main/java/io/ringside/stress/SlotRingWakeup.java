package io.ringside.stress;

import io.ringside.ringbuf.xen.BackRing;
import io.ringside.ringbuf.xen.FrontRing;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Slot ring: the front publishes a request while the back goes to sleep. Either the front is told
 * to wake it, or the back sees the request and stays awake.
 */
@JCStressTest
@State
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the wakeup is lost")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the back sleeps and is woken")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the back saw it first")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both saw each other")
public class SlotRingWakeup {
    private static final int SLOT_BYTES = 16;
    private static final int SLOTS = 2;
    private static final int REQUEST_EVENT_OFFSET = 4;

    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[64 + SLOTS * SLOT_BYTES]);
    private final UnsafeBuffer request = new UnsafeBuffer(new byte[SLOT_BYTES]);
    private final FrontRing front = FrontRing.initialise(memory, SLOT_BYTES, SLOTS);
    private final BackRing back = BackRing.join(memory, SLOT_BYTES, SLOTS);

    /** The back is awake at first: nobody has asked to be woken. */
    public SlotRingWakeup() {
        memory.putInt(REQUEST_EVENT_OFFSET, 0);
    }

    /** Publishes; the result is whether to wake the peer. */
    @Actor
    public void publish(final ZZ_Result result) {
        front.putRequest(request, 0, SLOT_BYTES);
        result.r1 = front.pushRequests();
    }

    /** Goes to sleep; the result is whether it stays awake. */
    @Actor
    public void sleep(final ZZ_Result result) {
        result.r2 = back.finalCheckForRequests();
    }
}
