package io.ringside.stress;

import io.ringside.ringbuf.xen.SlotIndex;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The negative control of {@link SlotRingWakeup}: the same words in the same order, without the two
 * full fences. On x86 a store may pass a later load, so the wakeup does get lost.
 */
@JCStressTest
@State
@Outcome(
        id = "false, false",
        expect = Expect.ACCEPTABLE_INTERESTING,
        desc = "the wakeup is lost, as it must be without fences")
@Outcome(expect = Expect.ACCEPTABLE, desc = "as with fences")
public class SlotRingWakeupUnfenced {
    private static final int REQUEST_PRODUCER_OFFSET = 0;
    private static final int REQUEST_EVENT_OFFSET = 4;

    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[64]);

    /** Publishes index 1 and looks at the event index, with nothing in between. */
    @Actor
    public void publish(final ZZ_Result result) {
        memory.putIntRelease(REQUEST_PRODUCER_OFFSET, 1);
        result.r1 = SlotIndex.crosses(0, 1, memory.getIntAcquire(REQUEST_EVENT_OFFSET));
    }

    /** Asks to be woken at index 1 and looks once more, with nothing in between. */
    @Actor
    public void sleep(final ZZ_Result result) {
        memory.putIntRelease(REQUEST_EVENT_OFFSET, 1);
        result.r2 = memory.getIntAcquire(REQUEST_PRODUCER_OFFSET) != 0;
    }
}
