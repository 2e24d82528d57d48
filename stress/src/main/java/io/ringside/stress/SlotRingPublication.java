package io.ringside.stress;

import io.ringside.ringbuf.xen.BackRing;
import io.ringside.ringbuf.xen.FrontRing;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Slot ring: a request is seen whole or not at all, and so is its response. */
@JCStressTest
@State
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "nothing seen yet")
@Outcome(id = "7, 0", expect = Expect.ACCEPTABLE, desc = "the request is whole")
@Outcome(id = "7, 9", expect = Expect.ACCEPTABLE, desc = "request and response are whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "a slot was seen before its content")
public class SlotRingPublication {
    private static final int SLOT_BYTES = 16;
    private static final int SLOTS = 2;

    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[64 + SLOTS * SLOT_BYTES]);
    private final UnsafeBuffer ours = new UnsafeBuffer(new byte[SLOT_BYTES]);
    private final UnsafeBuffer theirs = new UnsafeBuffer(new byte[SLOT_BYTES]);
    private final FrontRing front = FrontRing.initialise(memory, SLOT_BYTES, SLOTS);
    private final BackRing back = BackRing.join(memory, SLOT_BYTES, SLOTS);

    /** Publishes a request of 3 and 4, then looks for the response. */
    @Actor
    public void front(final JJ_Result result) {
        ours.putLong(0, 3);
        ours.putLong(Long.BYTES, 4);
        front.putRequest(ours, 0, SLOT_BYTES);
        front.pushRequests();
        if (front.responses() != 0) {
            front.takeResponse(ours, 0, SLOT_BYTES);
            result.r2 = ours.getLong(0) + ours.getLong(Long.BYTES);
        }
    }

    /** Takes the request if it is there, and answers with 5 and 4. */
    @Actor
    public void back(final JJ_Result result) {
        if (back.requests() != 0) {
            back.takeRequest(theirs, 0, SLOT_BYTES);
            result.r1 = theirs.getLong(0) + theirs.getLong(Long.BYTES);
            theirs.putLong(0, 5);
            theirs.putLong(Long.BYTES, 4);
            back.putResponse(theirs, 0, SLOT_BYTES);
            back.pushResponses();
        }
    }
}
