package io.ringside.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Byte ring: a packet is published while the consumer clears its interrupt mask to go to sleep.
 * Either the producer signals, or the consumer sees the packet.
 */
@JCStressTest
@State
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the signal is lost")
@Outcome(expect = Expect.ACCEPTABLE, desc = "signalled, or seen, or both")
public class ByteRingMask extends ByteRingPair {
    /** The consumer looks by itself at first. */
    public ByteRingMask() {
        incoming.mask();
    }

    /** Publishes; the result is whether to signal. */
    @Actor
    public void publish(final ZZ_Result result) {
        result.r1 = send();
    }

    /** Goes to sleep; the result is whether it stays awake. */
    @Actor
    public void sleep(final ZZ_Result result) {
        result.r2 = incoming.unmask();
    }
}
