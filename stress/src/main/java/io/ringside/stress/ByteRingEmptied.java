package io.ringside.stress;

import io.ringside.ringbuf.vmbus.RingStatus;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Byte ring: a second packet is published while the consumer takes the first and goes to sleep.
 * Either the producer finds the ring emptied and signals, or the consumer sees the second packet.
 */
@JCStressTest
@State
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the signal is lost")
@Outcome(expect = Expect.ACCEPTABLE, desc = "signalled, or seen, or both")
public class ByteRingEmptied extends ByteRingPair {
    /** One packet waits. */
    public ByteRingEmptied() {
        send();
    }

    /** Publishes the second packet; the result is whether to signal. */
    @Actor
    public void publish(final ZZ_Result result) {
        result.r1 = send();
    }

    /** Empties the ring and goes to sleep; the result is whether it saw the second packet. */
    @Actor
    public void sleep(final ZZ_Result result) {
        int taken = 0;
        while (incoming.next() == RingStatus.OK) {
            taken++;
        }
        incoming.commitRead();
        result.r2 = incoming.unmask() || taken == 2;
    }
}
