package io.ringside.stress;

import io.ringside.ringbuf.vmbus.RingStatus;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** Byte ring: a packet is seen whole or not at all. */
@JCStressTest
@State
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "nothing seen yet")
@Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "the packet is whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "a packet was seen before its content")
public class ByteRingPublication extends ByteRingPair {
    /** Publishes a packet of 3 and 4. */
    @Actor
    public void publish() {
        send();
    }

    /** Takes it if it is there. */
    @Actor
    public void take(final J_Result result) {
        if (incoming.next() == RingStatus.OK) {
            final int at = incoming.payloadOffset();
            result.r1 = incoming.buffer().getLong(at) + incoming.buffer().getLong(at + Long.BYTES);
        }
    }
}
