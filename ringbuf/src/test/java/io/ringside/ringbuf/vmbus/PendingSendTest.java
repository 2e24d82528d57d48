package io.ringside.ringbuf.vmbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The producer that waits for room, with a consumer that honours it and one that does not. */
class PendingSendTest {
    private static final int RING_BYTES = 32; // of a packet with 8 bytes of payload
    private static final int PACKETS = 127; // 4064 of 4096 bytes: 32 free, and nothing fits

    private final RingMemory memory = new RingMemory(RingMemory.Mapping.MIRRORED, 1);
    private final OutgoingRing outgoing = memory.outgoing();
    private final IncomingRing incoming = memory.incoming();
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[4096]);

    @AfterEach
    void letGo() {
        memory.close();
    }

    @Test
    void leavesWordAndIsSignalledOnceThereIsRoom() {
        incoming.honourPendingSend();
        fill();
        assertThat(outgoing.askForRoom(2 * RING_BYTES)).isEqualTo(RingStatus.NO_ROOM);
        assertThat(memory.pendingSend()).isEqualTo(2 * RING_BYTES);
        assertThat(takeAndCommit(1)).as("exactly what is needed is too little").isFalse();
        assertThat(outgoing.claim(PacketType.IN_BAND, 0, 0, 0, 40)).isEqualTo(RingStatus.NO_ROOM);
        assertThat(takeAndCommit(1)).as("more than needed").isTrue();
        assertThat(takeAndCommit(1)).as("was enough before").isFalse();
        assertThat(outgoing.claim(PacketType.IN_BAND, 0, 0, 0, 40)).isNotNegative();
        assertThat(memory.pendingSend()).as("until it is published").isEqualTo(2 * RING_BYTES);
        outgoing.commit();
        assertThat(memory.pendingSend()).isZero();
    }

    @Test
    void decidesOnceForAllThatABatchFreed() {
        incoming.honourPendingSend();
        fill();
        assertThat(outgoing.askForRoom(20 * RING_BYTES)).isEqualTo(RingStatus.NO_ROOM);
        assertThat(takeAndCommit(100)).isTrue();
    }

    @Test
    void withdrawsItsWordWhenTheRoomIsThereAtTheSecondLook() {
        incoming.honourPendingSend();
        fill();
        assertThat(write()).isEqualTo(RingStatus.NO_ROOM);
        take(50);
        assertThat(incoming.commitRead()).as("before the word was left").isFalse();
        assertThat(outgoing.askForRoom(RING_BYTES)).isEqualTo(RingStatus.OK);
        assertThat(memory.pendingSend()).isZero();
        assertThat(write()).isEqualTo(RingStatus.OK);
    }

    /** Row 36 of the threats: a guest that never heard of pending_send_sz. */
    @Test
    void neverWaitsForASignalThatAnOldConsumerWillNotGive() {
        fill();
        assertThat(outgoing.askForRoom(RING_BYTES)).isEqualTo(RingStatus.NO_ROOM_NO_SIGNAL);
        assertThat(memory.pendingSend()).as("no word is left").isZero();
        assertThat(takeAndCommit(100)).as("an old consumer signals nobody").isFalse();
        assertThat(outgoing.askForRoom(RING_BYTES)).as("polling finds it").isEqualTo(RingStatus.OK);
    }

    @Test
    void withdrawsItsWordEvenIfTheConsumerStopsHonouringIt() {
        incoming.honourPendingSend();
        fill();
        assertThat(outgoing.askForRoom(RING_BYTES)).isEqualTo(RingStatus.NO_ROOM);
        memory.page().featureBitsRelease(0);
        assertThat(takeAndCommit(100)).isFalse();
        assertThat(outgoing.askForRoom(RING_BYTES)).isEqualTo(RingStatus.OK);
        assertThat(memory.pendingSend()).isZero();
    }

    @Test
    void setsItsOwnFeatureBitAndNoOther() {
        memory.page().featureBitsRelease(0x80);
        incoming.honourPendingSend();
        assertThat(memory.page().featureBitsAcquire()).isEqualTo(0x81);
    }

    @Test
    void asksForNothingThatNeverFits() {
        incoming.honourPendingSend();
        final int largest = outgoing.dataBytes() - 8;
        assertThat(outgoing.askForRoom(largest)).isEqualTo(RingStatus.OK);
        assertThat(outgoing.askForRoom(largest + 1)).isEqualTo(RingStatus.TOO_LARGE);
        assertThat(memory.pendingSend()).isZero();
        assertThat(PacketDescriptor.ringBytes(0, outgoing.largestPayloadBytes()))
                .isEqualTo(largest);
    }

    @Test
    void doesNotWaitForRoomThatItsOwnStagedPacketsTake() {
        write();
        assertThatThrownBy(() -> outgoing.askForRoom(RING_BYTES))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stagedBytes=32");
    }

    @Test
    void signalsNobodyForASizeThatNeverFits() {
        incoming.honourPendingSend();
        fill();
        memory.page().pendingSendRelease(-1);
        assertThat(takeAndCommit(PACKETS)).isFalse();
    }

    @Test
    void refusesABadWriteIndexMetWhileDecidingWhetherToSignal() {
        incoming.honourPendingSend();
        fill();
        memory.page().pendingSendRelease(RING_BYTES);
        take(3);
        memory.page().writeIndexRelease(4097);
        assertThat(incoming.commitRead()).isFalse();
        assertThat(incoming.refusal()).isEqualTo(Refusal.WRITE_INDEX);
        assertThat(incoming.next()).isEqualTo(RingStatus.BROKEN);
    }

    private void fill() {
        for (int i = 0; i < PACKETS; i++) {
            assertThat(write()).isEqualTo(RingStatus.OK);
        }
        assertThat(write()).isEqualTo(RingStatus.NO_ROOM);
        outgoing.commit();
    }

    private int write() {
        return outgoing.write(PacketType.IN_BAND, 0, 0, payload, 0, 8);
    }

    private boolean takeAndCommit(final int packets) {
        take(packets);
        return incoming.commitRead();
    }

    private void take(final int packets) {
        for (int i = 0; i < packets; i++) {
            assertThat(incoming.next()).isEqualTo(RingStatus.OK);
        }
    }
}
