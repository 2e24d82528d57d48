package io.ringside.stress;

import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The negative control of {@link ByteRingEmptied}: the same words in the same order, without the
 * two full fences, so that the signal does get lost.
 */
@JCStressTest
@State
@Outcome(
        id = "false, false",
        expect = Expect.ACCEPTABLE_INTERESTING,
        desc = "the signal is lost, as it must be without fences")
@Outcome(expect = Expect.ACCEPTABLE, desc = "as with fences")
public class ByteRingUnfenced {
    private static final int WRITE_INDEX_OFFSET = 0;
    private static final int READ_INDEX_OFFSET = 4;
    private static final int PACKET_BYTES = 40;

    private final UnsafeBuffer control = new UnsafeBuffer(new byte[64]);

    /** One packet waits. */
    public ByteRingUnfenced() {
        control.putInt(WRITE_INDEX_OFFSET, PACKET_BYTES);
    }

    /** Publishes the second packet and looks where the consumer is, with nothing in between. */
    @Actor
    public void publish(final ZZ_Result result) {
        control.putIntRelease(WRITE_INDEX_OFFSET, 2 * PACKET_BYTES);
        result.r1 = control.getIntAcquire(READ_INDEX_OFFSET) == PACKET_BYTES;
    }

    /** Gives the first packet's room back and looks once more, with nothing in between. */
    @Actor
    public void sleep(final ZZ_Result result) {
        control.putIntRelease(READ_INDEX_OFFSET, PACKET_BYTES);
        result.r2 = control.getIntAcquire(WRITE_INDEX_OFFSET) != PACKET_BYTES;
    }
}
