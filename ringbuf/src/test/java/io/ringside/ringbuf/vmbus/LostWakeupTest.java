package io.ringside.ringbuf.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No order of accesses leaves one end asleep with work to do. Each promise has its negative
 * control: an end that breaks one rule, or stores that a fence does not push out.
 */
class LostWakeupTest {
    private static final int RING_BYTES = 32;

    private final RingMemory memory = new RingMemory(RingMemory.Mapping.MIRRORED, 1);
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[8]);
    private int asleepWithWork;
    private int ends;
    private int states;

    @AfterEach
    void letGo() {
        memory.close();
    }

    /** Batches and packets a batch of the producer; whether the consumer masks while it works. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, true",
        "2, 1, true",
        "2, 2, true",
        "3, 1, true",
        "2, 2, false",
        "3, 1, false"
    })
    void noOrderLeavesTheConsumerAsleepOverPackets(
            final int batches, final int packets, final boolean masks) {
        exploreConsumer(
                page -> produce(page, batches, packets), page -> consume(page, masks), false);
        assertThat(asleepWithWork).isZero();
        assertThat(ends).isPositive();
        assertThat(states).as("orders worth the name").isGreaterThan(50);
    }

    @Test
    void aConsumerThatSleepsWithoutASecondLookIsLost() {
        exploreConsumer(page -> produce(page, 2, 1), this::consumeHastily, false);
        assertThat(asleepWithWork).isPositive();
    }

    @Test
    void aProducerThatDecidesBeforeItPublishesLosesTheConsumer() {
        exploreConsumer(this::produceHastily, page -> consume(page, true), false);
        assertThat(asleepWithWork).isPositive();
    }

    @Test
    void withoutFencesTheConsumerIsLost() {
        exploreConsumer(page -> produce(page, 2, 1), page -> consume(page, true), true);
        assertThat(asleepWithWork).isPositive();
    }

    private void exploreConsumer(
            final Interleavings.Script producer,
            final Interleavings.Script consumer,
            final boolean delayed) {
        states =
                new Interleavings(memory.control(), producer, consumer, delayed)
                        .explore(page -> {
                            ends++;
                            if (memory.writeIndex() != memory.readIndex()) {
                                asleepWithWork++;
                            }
                        });
    }

    private void produce(
            final Interleavings.SteppedPage page, final int batches, final int packets) {
        final OutgoingRing ring = new OutgoingRing(page, memory.data(), memory.dataBytes());
        for (int batch = 0; batch < batches; batch++) {
            for (int packet = 0; packet < packets; packet++) {
                ring.write(PacketType.IN_BAND, 0, 7, payload, 0, 8);
            }
            if (ring.commit()) {
                page.ring(Interleavings.CONSUMER_BELL);
            }
        }
    }

    /** Two packets; whether to signal is decided first. */
    private void produceHastily(final Interleavings.SteppedPage page) {
        final ControlPage words = new ControlPage(page);
        for (int end = RING_BYTES; end <= 2 * RING_BYTES; end += RING_BYTES) {
            final int start = end - RING_BYTES;
            new PacketDescriptor().wrap(memory.data(), start).put(PacketType.IN_BAND, 16, 24, 0, 7);
            final boolean signal = !words.isMaskedOpaque() && words.readIndexAcquire() == start;
            words.writeIndexRelease(end);
            if (signal) {
                page.ring(Interleavings.CONSUMER_BELL);
            }
        }
    }

    private void consume(final Interleavings.SteppedPage page, final boolean masks) {
        final IncomingRing ring = new IncomingRing(page, memory.data(), memory.dataBytes());
        while (!ring.isBroken()) {
            if (masks) {
                ring.mask();
            }
            takeAll(ring);
            ring.commitRead();
            if (!ring.unmask()) {
                page.await(Interleavings.CONSUMER_BELL);
            }
        }
    }

    private void consumeHastily(final Interleavings.SteppedPage page) {
        final IncomingRing ring = new IncomingRing(page, memory.data(), memory.dataBytes());
        final ControlPage words = new ControlPage(page);
        while (!ring.isBroken()) {
            ring.mask();
            takeAll(ring);
            ring.commitRead();
            words.maskOpaque(false);
            page.await(Interleavings.CONSUMER_BELL);
        }
    }

    private static void takeAll(final IncomingRing ring) {
        int status = ring.next();
        while (status == RingStatus.OK) {
            status = ring.next();
        }
    }

    /** Packets given back at once, and packets' worth of room that the producer waits for. */
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "2, 3", "4, 3", "3, 1", "1, 3"})
    void noOrderLeavesTheProducerWaitingForRoomThatIsThere(final int batch, final int needed) {
        exploreProducer(page -> waitForRoom(page, needed), page -> giveBack(page, batch), false);
        assertThat(asleepWithWork).isZero();
        assertThat(ends).isPositive();
        assertThat(states).as("orders worth the name").isGreaterThan(50);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void withoutFencesTheProducerIsLost(final int batch) {
        exploreProducer(page -> waitForRoom(page, 1), page -> giveBack(page, batch), true);
        assertThat(asleepWithWork).isPositive();
    }

    @Test
    void aProducerThatWaitsWithoutASecondLookIsLost() {
        exploreProducer(this::waitHastily, page -> giveBack(page, 2), false);
        assertThat(asleepWithWork).isPositive();
    }

    private void exploreProducer(
            final Interleavings.Script producer,
            final Interleavings.Script consumer,
            final boolean delayed) {
        fill();
        states =
                new Interleavings(memory.control(), producer, consumer, delayed)
                        .explore(page -> {
                            ends++;
                            if (memory.pendingSend() != 0) {
                                asleepWithWork++;
                            }
                        });
    }

    private void fill() {
        memory.page().featureBitsRelease(ControlPage.FEATURE_PENDING_SEND);
        final OutgoingRing ring = memory.outgoing();
        int status = RingStatus.OK;
        while (status == RingStatus.OK) {
            status = ring.write(PacketType.IN_BAND, 0, 7, payload, 0, 8);
        }
        ring.commit();
    }

    private void waitForRoom(final Interleavings.SteppedPage page, final int needed) {
        final OutgoingRing ring = new OutgoingRing(page, memory.data(), memory.dataBytes());
        while (ring.askForRoom(needed * RING_BYTES) == RingStatus.NO_ROOM) {
            page.await(Interleavings.PRODUCER_BELL);
        }
    }

    private void waitHastily(final Interleavings.SteppedPage page) {
        final ControlPage words = new ControlPage(page);
        final boolean full = words.readIndexAcquire() == 0;
        if (full) {
            words.pendingSendRelease(RING_BYTES);
            page.await(Interleavings.PRODUCER_BELL);
        }
        words.pendingSendRelease(0);
    }

    /** Takes eight packets, giving their room back in batches: far more than is waited for. */
    private void giveBack(final Interleavings.SteppedPage page, final int batch) {
        final IncomingRing ring = new IncomingRing(page, memory.data(), memory.dataBytes());
        for (int taken = 1; taken <= 8; taken++) {
            assertThat(ring.next()).isEqualTo(RingStatus.OK);
            if (taken % batch == 0 && ring.commitRead()) {
                page.ring(Interleavings.PRODUCER_BELL);
            }
        }
        if (ring.commitRead()) {
            page.ring(Interleavings.PRODUCER_BELL);
        }
    }
}
