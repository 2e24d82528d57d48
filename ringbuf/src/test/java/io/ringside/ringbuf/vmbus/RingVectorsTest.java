package io.ringside.ringbuf.vmbus;

import static io.ringside.testkit.WireFacts.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Replays the traffic recorded from Linux's own ring code, byte for byte.
 *
 * <p>The vectors run in their order over one ring; where a vector starts from another state than
 * the one before it left, the recorder had set that state, and so does the test.
 */
class RingVectorsTest {
    private static final int DATA_BYTES = 4096;
    private static final int EAGAIN = -11;
    private static final int SMALL_RING_BYTES = 32; // a packet of 8 payload bytes

    private final List<Map<String, Object>> vectors =
            WireFacts.load("hv-vmbus").vectors("ringVectors");
    private RingMemory memory = new RingMemory(RingMemory.Mapping.PLAIN, 1);

    @AfterEach
    void letGo() {
        memory.close();
    }

    @ParameterizedTest
    @EnumSource
    void doesWhatLinuxDid(final RingMemory.Mapping mapping) {
        memory.close();
        memory = new RingMemory(mapping, 1);
        int sent = 0;
        int drained = 0;
        int available = 0;
        for (final Map<String, Object> vector : vectors) {
            switch (text(vector, "op")) {
                case "send" -> sent += replaySend(vector);
                case "sendMpb" -> sent += replayGpaDirect(vector);
                case "drain" -> drained += replayDrain(vector);
                case "avail" -> available += replayAvailability(vector);
                default -> throw new IllegalStateException("unknown: vector=" + vector);
            }
        }
        assertThat(sent).isEqualTo(15);
        assertThat(drained).isEqualTo(11);
        assertThat(available).isEqualTo(25);
    }

    private int replaySend(final Map<String, Object> vector) {
        start(vector);
        final OutgoingRing ring = memory.outgoing();
        final int length = number(vector, "payloadLength");
        final int status =
                ring.write(
                        number(vector, "type"),
                        number(vector, "flags"),
                        longNumber(vector, "requestId"),
                        RingMemory.counting(length, 0xa0),
                        0,
                        length);
        if (number(vector, "result") == EAGAIN) {
            assertThat(status)
                    .as("%s", vector)
                    .isEqualTo(
                            length > ring.largestPayloadBytes()
                                    ? RingStatus.TOO_LARGE
                                    : RingStatus.NO_ROOM);
        } else {
            assertThat(status).as("%s", vector).isEqualTo(RingStatus.OK);
        }
        finishSend(ring, vector);
        return 1;
    }

    private int replayGpaDirect(final Map<String, Object> vector) {
        final List<?> frames = list(vector, "pfns");
        final int headerBytes = GpaDirectHeader.bytes(1, frames.size());
        final int payloadBytes = number(vector, "payloadLength");
        for (final boolean inPlace : new boolean[] {false, true}) {
            start(vector);
            memory.data().setMemory(0, DATA_BYTES, (byte) 0x5a);
            final OutgoingRing ring = memory.outgoing();
            final UnsafeBuffer payload = RingMemory.counting(payloadBytes, 0xc0);
            if (inPlace) {
                final int at = ring.claim(PacketType.GPA_DIRECT, 1, 0x55, headerBytes, 40);
                putGpaDirect(ring.claimed(), at, vector);
                ring.claimed().putBytes(at + headerBytes, payload, 0, payloadBytes);
            } else {
                final UnsafeBuffer header = new UnsafeBuffer(new byte[headerBytes]);
                putGpaDirect(header, 0, vector);
                assertThat(
                                ring.write(
                                        PacketType.GPA_DIRECT,
                                        1,
                                        0x55,
                                        header,
                                        0,
                                        headerBytes,
                                        payload,
                                        0,
                                        payloadBytes))
                        .isEqualTo(RingStatus.OK);
            }
            finishSend(ring, vector);
        }
        return 1;
    }

    private static void putGpaDirect(
            final UnsafeBuffer target, final int offset, final Map<String, Object> vector) {
        final List<?> frames = list(vector, "pfns");
        final GpaDirectHeader header =
                new GpaDirectHeader()
                        .start(target, offset, GpaDirectHeader.bytes(1, frames.size()));
        header.addRange(number(vector, "rangeLen"), number(vector, "rangeOffset"));
        for (final Object frame : frames) {
            header.addPage(((Number) frame).longValue());
        }
    }

    private void finishSend(final OutgoingRing ring, final Map<String, Object> vector) {
        assertThat(ring.commit()).as("%s", vector).isEqualTo(number(vector, "signalled") != 0);
        assertState(vector, "after");
        if (vector.get("ringBytes") instanceof String bytes) {
            assertThat(memory.dataHex(number(vector, "ringOffset"), bytes.length() / 2))
                    .as("%s", vector)
                    .isEqualTo(RingMemory.spaced(bytes));
        }
    }

    private int replayDrain(final Map<String, Object> vector) {
        start(vector);
        final boolean honoured =
                !"feature bit clear: consumer never signals".equals(text(vector, "case"));
        memory.page().featureBitsRelease(honoured ? ControlPage.FEATURE_PENDING_SEND : 0);
        final IncomingRing ring = memory.incoming();
        for (final Object expected : list(vector, "packets")) {
            final Map<String, Object> packet = map(expected);
            assertThat(ring.next()).as("%s", vector).isEqualTo(RingStatus.OK);
            assertThat(ring.type()).isEqualTo(number(packet, "type"));
            assertThat(ring.headerBytes() + 16).isEqualTo(number(packet, "offset8") * 8);
            assertThat(ring.headerBytes() + 16 + ring.payloadBytes())
                    .isEqualTo(number(packet, "len8") * 8);
            assertThat(ring.flags()).isEqualTo(number(packet, "flags"));
            assertThat(ring.transactionId()).isEqualTo(longNumber(packet, "transId"));
            assertThat(ring.payloadBytes()).isEqualTo(number(packet, "dataLength"));
        }
        assertThat(ring.commitRead()).as("%s", vector).isEqualTo(number(vector, "signalled") != 0);
        assertState(vector, "after");
        return 1;
    }

    private int replayAvailability(final Map<String, Object> vector) {
        final Map<String, Object> state = map(fact(vector, "state"));
        memory.indices(number(state, "write_index"), number(state, "read_index"));
        assertThat(memory.outgoing().bytesToWrite())
                .as("%s", vector)
                .isEqualTo(number(state, "bytesToWrite"));
        assertThat(memory.incoming().bytesToRead())
                .as("%s", vector)
                .isEqualTo(number(state, "availToRead"));
        return 1;
    }

    /** Sets the state before, and fills what is readable then and was not recorded. */
    private void start(final Map<String, Object> vector) {
        final Map<String, Object> before = map(fact(vector, "before"));
        final int writeIndex = number(before, "write_index");
        final int readIndex = number(before, "read_index");
        if (memory.writeIndex() != writeIndex || memory.readIndex() != readIndex) {
            memory.indices(readIndex, readIndex);
            fillUnrecorded(number(before, "availToRead"));
            assertThat(memory.writeIndex()).as("%s", vector).isEqualTo(writeIndex);
        }
        memory.page().maskOpaque(number(before, "interrupt_mask") != 0);
        memory.page().pendingSendRelease(number(before, "pending_send_sz"));
    }

    private void fillUnrecorded(final int ringBytes) {
        final OutgoingRing ring = memory.outgoing();
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[8]);
        for (int id = 1; id <= ringBytes / SMALL_RING_BYTES; id++) {
            assertThat(ring.write(PacketType.IN_BAND, 0, id, payload, 0, 8))
                    .isEqualTo(RingStatus.OK);
        }
        ring.commit();
    }

    private void assertState(final Map<String, Object> vector, final String key) {
        final Map<String, Object> state = map(fact(vector, key));
        assertThat(memory.writeIndex()).as("%s", vector).isEqualTo(number(state, "write_index"));
        assertThat(memory.readIndex()).as("%s", vector).isEqualTo(number(state, "read_index"));
        assertThat(memory.pendingSend())
                .as("%s", vector)
                .isEqualTo(number(state, "pending_send_sz"));
        assertThat(memory.control().getInt(ControlPage.INTERRUPT_MASK_OFFSET))
                .as("%s", vector)
                .isEqualTo(number(state, "interrupt_mask"));
        assertThat(memory.incoming().bytesToRead()).isEqualTo(number(state, "availToRead"));
        assertThat(memory.outgoing().bytesToWrite()).isEqualTo(number(state, "bytesToWrite"));
    }

    private static String text(final Map<String, Object> vector, final String key) {
        return (String) fact(vector, key);
    }

    private static long longNumber(final Map<String, Object> vector, final String key) {
        return ((Number) fact(vector, key)).longValue();
    }

    private static List<?> list(final Map<String, Object> vector, final String key) {
        return (List<?>) fact(vector, key);
    }

    private static Object fact(final Map<String, Object> vector, final String key) {
        return Objects.requireNonNull(vector.get(key), key);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(final Object value) {
        return (Map<String, Object>) value;
    }
}
