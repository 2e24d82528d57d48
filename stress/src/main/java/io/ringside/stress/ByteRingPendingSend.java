package io.ringside.stress;

import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Byte ring: the producer leaves word that it waits for room while the consumer makes room. Either
 * the producer sees the room, or the consumer signals.
 */
@JCStressTest
@State
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the producer waits for ever")
@Outcome(expect = Expect.ACCEPTABLE, desc = "room seen, or signalled, or both")
public class ByteRingPendingSend extends ByteRingPair {
    private static final int FULL_PAYLOAD_BYTES = 16;
    private static final int WANTED_BYTES = 3000;

    /** The ring is full, and the consumer honours the producer's word. */
    public ByteRingPendingSend() {
        incoming.honourPendingSend();
        final UnsafeBuffer payloadOfMany = new UnsafeBuffer(new byte[FULL_PAYLOAD_BYTES]);
        int status = RingStatus.OK;
        while (status == RingStatus.OK) {
            status = outgoing.write(PacketType.IN_BAND, 0, 0, payloadOfMany, 0, FULL_PAYLOAD_BYTES);
        }
        outgoing.commit();
    }

    /** Asks for room; the result is whether there was some after all. */
    @Actor
    public void ask(final ZZ_Result result) {
        result.r1 = outgoing.askForRoom(WANTED_BYTES) == RingStatus.OK;
    }

    /** Empties the ring; the result is whether to signal the producer. */
    @Actor
    public void empty(final ZZ_Result result) {
        while (incoming.next() == RingStatus.OK) {
            result.r2 = false;
        }
        result.r2 = incoming.commitRead();
    }
}
