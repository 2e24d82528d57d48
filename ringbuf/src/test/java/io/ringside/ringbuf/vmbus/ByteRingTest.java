package io.ringside.ringbuf.vmbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each end promises its caller. */
class ByteRingTest {
    private static final int DATA_BYTES = 2 * 4096;

    private final RingMemory memory = new RingMemory(RingMemory.Mapping.MIRRORED, 2);
    private final OutgoingRing outgoing = memory.outgoing();
    private final IncomingRing incoming = memory.incoming();
    private final UnsafeBuffer payload = RingMemory.counting(DATA_BYTES, 0);

    @AfterEach
    void letGo() {
        memory.close();
    }

    @Test
    void showsNothingBeforeTheCommitAndEverythingAfterIt() {
        stage(1, 8);
        stage(2, 16);
        assertThat(memory.writeIndex()).isZero();
        assertThat(incoming.next()).isEqualTo(RingStatus.EMPTY);
        outgoing.commit();
        assertThat(memory.writeIndex()).isEqualTo(32 + 40);
        assertThat(incoming.next()).isEqualTo(RingStatus.OK);
        assertThat(incoming.transactionId()).isEqualTo(1);
        assertThat(incoming.next()).isEqualTo(RingStatus.OK);
        assertThat(incoming.transactionId()).isEqualTo(2);
        assertThat(incoming.next()).isEqualTo(RingStatus.EMPTY);
    }

    @Test
    void givesTheRoomOfAWholeBatchBackAtTheCommit() {
        stageAndCommit(1, 8);
        stageAndCommit(2, 8);
        assertThat(incoming.next()).isEqualTo(RingStatus.OK);
        assertThat(incoming.next()).isEqualTo(RingStatus.OK);
        assertThat(memory.readIndex()).isZero();
        incoming.commitRead();
        assertThat(memory.readIndex()).isEqualTo(64);
    }

    @Test
    void signalsOnlyForTheBatchThatFindsTheRingEmpty() {
        assertThat(outgoing.commit()).as("nothing staged").isFalse();
        stage(1, 8);
        stage(2, 8);
        assertThat(outgoing.commit()).as("first batch").isTrue();
        assertThat(stageAndCommit(3, 8)).as("unread packets").isFalse();
        take(1);
        incoming.commitRead();
        assertThat(stageAndCommit(4, 8)).as("still unread").isFalse();
        take(3);
        incoming.commitRead();
        assertThat(stageAndCommit(5, 8)).as("empty again").isTrue();
    }

    @Test
    void signalsNobodyWhoIsMasked() {
        incoming.mask();
        assertThat(stageAndCommit(1, 8)).isFalse();
        assertThat(incoming.unmask()).as("a packet came while masked").isTrue();
        take(1);
        incoming.commitRead();
        assertThat(incoming.unmask()).as("nothing came").isFalse();
        assertThat(stageAndCommit(2, 8)).isTrue();
    }

    @Test
    void keepsFromSleepingOnPacketsTakenButNotCommitted() {
        stageAndCommit(1, 8);
        take(1);
        assertThatThrownBy(incoming::unmask)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("takenBytes=32");
    }

    @Test
    void claimsInPlaceWhatIsThenReadInPlace() {
        final int at = outgoing.claim(PacketType.COMPLETION, 0, 9, 0, 13);
        assertThat(at).isEqualTo(16);
        assertThat(outgoing.claimed()).isSameAs(memory.data());
        outgoing.claimed().putBytes(at, payload, 1, 13);
        outgoing.commit();
        assertThat(incoming.next()).isEqualTo(RingStatus.OK);
        assertThat(incoming.buffer()).isSameAs(memory.data());
        assertThat(incoming.payloadOffset()).isEqualTo(16);
        assertThat(RingMemory.hex(incoming.buffer(), 16, incoming.payloadBytes()))
                .isEqualTo("01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 00 00 00");
    }

    @Test
    void padsWithZerosOverWhatLayThere() {
        memory.data().setMemory(0, DATA_BYTES, (byte) 0x5a);
        stageAndCommit(1, 3);
        outgoing.claim(PacketType.IN_BAND, 0, 2, 8, 1);
        outgoing.commit();
        assertThat(memory.dataHex(16, 16))
                .isEqualTo("00 01 02 00 00 00 00 00 00 00 00 00 00 00 00 00");
        assertThat(memory.dataHex(32 + 24, 8)).isEqualTo("00 00 00 00 00 00 00 00");
    }

    @Test
    void claimsOverTheEndOfAPlainRingByADetour() {
        try (RingMemory plain = new RingMemory(RingMemory.Mapping.PLAIN, 1)) {
            for (int start = 4096 - 64; start < 4096; start += 8) {
                plain.indices(start, start);
                plain.data().setMemory(0, 4096, (byte) 0x5a);
                final OutgoingRing out = plain.outgoing();
                final int first = out.claim(PacketType.IN_BAND, 0, 1, 8, 5);
                out.claimed().putLong(first, 0x1111);
                out.claimed().putBytes(first + 8, payload, 0, 5);
                final UnsafeBuffer firstBuffer = out.claimed();
                final int second = out.claim(PacketType.IN_BAND, 0, 2, 0, 24);
                out.claimed().putBytes(second, payload, 100, 24);
                firstBuffer.putByte(first + 8, (byte) 0x77); // still ours before the commit
                out.commit();
                assertThat(plain.dataHex(start + 16, 16))
                        .isEqualTo("11 11 00 00 00 00 00 00 77 01 02 03 04 00 00 00");
                assertThat(plain.dataHex(start + 40 + 16, 24))
                        .isEqualTo(RingMemory.hex(payload, 100, 24));
                final IncomingRing in = plain.incoming();
                assertThat(in.next()).isEqualTo(RingStatus.OK);
                assertThat(in.headerBytes()).isEqualTo(8);
                assertThat(in.next()).isEqualTo(RingStatus.OK);
                assertThat(in.transactionId()).isEqualTo(2);
                assertThat(in.next()).isEqualTo(RingStatus.EMPTY);
            }
        }
    }

    @Test
    void putsAPacketBackAndTakesItAgain() {
        stageAndCommit(1, 8);
        stageAndCommit(2, 8);
        take(2);
        incoming.putBack();
        assertThat(incoming.next()).isEqualTo(RingStatus.OK);
        assertThat(incoming.transactionId()).isEqualTo(2);
        incoming.putBack();
        incoming.commitRead();
        assertThat(memory.readIndex()).as("only the first is given back").isEqualTo(32);
        assertThatThrownBy(incoming::putBack).isInstanceOf(IllegalStateException.class);
        assertThat(incoming.next()).isEqualTo(RingStatus.OK);
        assertThat(incoming.transactionId()).isEqualTo(2);
    }

    @Test
    void tellsWhatNeverFitsFromWhatDoesNotFitNow() {
        final int largest = outgoing.largestPayloadBytes();
        assertThat(largest).isEqualTo(DATA_BYTES - 8 - 8 - 16);
        assertThat(write(largest + 1)).isEqualTo(RingStatus.TOO_LARGE);
        assertThat(outgoing.claim(PacketType.IN_BAND, 0, 1, 8, largest - 7))
                .isEqualTo(RingStatus.TOO_LARGE);
        assertThat(outgoing.claim(PacketType.IN_BAND, 0, 1, DATA_BYTES, 0))
                .isEqualTo(RingStatus.TOO_LARGE);
        assertThat(write(largest)).isEqualTo(RingStatus.OK);
        assertThat(write(0)).isEqualTo(RingStatus.NO_ROOM);
        outgoing.commit();
        take(1);
        incoming.commitRead();
        assertThat(write(0)).isEqualTo(RingStatus.OK);
    }

    @Test
    void limitsAPacketToWhatItsLengthFieldHolds() {
        try (RingMemory large = new RingMemory(RingMemory.Mapping.PLAIN, 160)) {
            final OutgoingRing out = large.outgoing();
            final int largest = 0xffff * 8 - 16;
            assertThat(out.largestPayloadBytes()).isEqualTo(largest);
            assertThat(out.claim(PacketType.IN_BAND, 0, 1, 0, largest + 1))
                    .isEqualTo(RingStatus.TOO_LARGE);
            assertThat(out.claim(PacketType.IN_BAND, 0, 1, 0, largest)).isEqualTo(16);
            out.commit();
            final IncomingRing in = large.incoming();
            assertThat(in.next()).isEqualTo(RingStatus.OK);
            assertThat(in.payloadBytes()).isEqualTo(largest);
        }
    }

    @Test
    void stagesNothingOfAPacketWhosePayloadIsNotThere() {
        final UnsafeBuffer shorter = new UnsafeBuffer(new byte[4]);
        assertThatThrownBy(() -> outgoing.write(PacketType.IN_BAND, 0, 1, shorter, 0, 8))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(outgoing.commit()).isFalse();
        assertThat(memory.writeIndex()).isZero();
        assertThat(outgoing.bytesToWrite()).isEqualTo(DATA_BYTES);
    }

    @Test
    void throwsForFaultsOfItsOwnCaller() {
        assertThatThrownBy(() -> write(-1)).hasMessageContaining("payloadBytes=-1");
        assertThatThrownBy(() -> outgoing.claim(PacketType.IN_BAND, 0, 1, 4, 0))
                .hasMessageContaining("bytes=4");
        assertThatThrownBy(() -> outgoing.claim(PacketType.IN_BAND, 0, 1, -8, 0))
                .hasMessageContaining("bytes=-8");
        assertThatThrownBy(() -> outgoing.askForRoom(0)).hasMessageContaining("ringBytes=0");
        assertThatThrownBy(() -> incoming.refuse(Refusal.NONE)).hasMessageContaining("reason=0");
        assertThatThrownBy(incoming::putBack).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesMemoryThatIsNoRing() {
        final UnsafeBuffer control = memory.control();
        final UnsafeBuffer data = memory.data();
        assertThatThrownBy(() -> new OutgoingRing(control, data, 4096 + 8))
                .hasMessageContaining("dataBytes=4104");
        assertThatThrownBy(() -> new OutgoingRing(control, data, 0))
                .hasMessageContaining("dataBytes=0");
        assertThatThrownBy(() -> new IncomingRing(control, data, 3 * 4096))
                .hasMessageContaining("neither plain nor mirrored");
        assertThatThrownBy(() -> new IncomingRing(new UnsafeBuffer(data, 0, 4088), data, 8192))
                .hasMessageContaining("controlBytes=4088");
        assertThatThrownBy(() -> new IncomingRing(control, data, DATA_BYTES, 8))
                .hasMessageContaining("largestPacketBytes=8");
    }

    @Test
    void takesUpARingThatIsInUse() {
        stageAndCommit(1, 8);
        stageAndCommit(2, 8);
        take(1);
        incoming.commitRead();
        final OutgoingRing out = memory.outgoing();
        final IncomingRing in = memory.incoming();
        out.write(PacketType.IN_BAND, 0, 3, payload, 0, 8);
        out.commit();
        assertThat(in.next()).isEqualTo(RingStatus.OK);
        assertThat(in.transactionId()).isEqualTo(2);
        assertThat(in.next()).isEqualTo(RingStatus.OK);
        assertThat(in.transactionId()).isEqualTo(3);
    }

    @Test
    void passesUnknownTypesAndFlagsOn() {
        outgoing.write(0xbeef, 0xfffe, -1, payload, 0, 8);
        outgoing.commit();
        take(1);
        assertThat(incoming.type()).isEqualTo(0xbeef);
        assertThat(PacketType.name(incoming.type())).isEqualTo("type 48879");
        assertThat(incoming.flags()).isEqualTo(0xfffe);
        assertThat(incoming.isCompletionRequested()).isFalse();
        assertThat(incoming.transactionId()).isEqualTo(-1);
    }

    @Test
    void namesEveryStatusAndRefusal() {
        for (int status = RingStatus.BROKEN; status <= RingStatus.OK; status++) {
            assertThat(RingStatus.name(status)).doesNotContain(Integer.toString(status));
        }
        for (int refusal = Refusal.NONE; refusal <= Refusal.MESSAGE; refusal++) {
            assertThat(Refusal.name(refusal)).doesNotContain(Integer.toString(refusal));
        }
        assertThat(RingStatus.name(-77)).isEqualTo("status -77");
        assertThat(Refusal.name(77)).isEqualTo("refusal 77");
    }

    private int write(final int payloadBytes) {
        return outgoing.write(PacketType.IN_BAND, 0, 1, payload, 0, payloadBytes);
    }

    private void stage(final long transactionId, final int payloadBytes) {
        assertThat(outgoing.write(PacketType.IN_BAND, 0, transactionId, payload, 0, payloadBytes))
                .isEqualTo(RingStatus.OK);
    }

    private boolean stageAndCommit(final long transactionId, final int payloadBytes) {
        stage(transactionId, payloadBytes);
        return outgoing.commit();
    }

    private void take(final int packets) {
        for (int i = 0; i < packets; i++) {
            assertThat(incoming.next()).isEqualTo(RingStatus.OK);
        }
    }
}
