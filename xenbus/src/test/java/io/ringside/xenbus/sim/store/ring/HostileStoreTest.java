package io.ringside.xenbus.sim.store.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.testkit.Seed;
import io.ringside.xenbus.protocol.StoreMessage;
import io.ringside.xenbus.protocol.StoreMessageType;
import io.ringside.xenbus.protocol.StoreRingPage;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStore.WatchEvent;
import io.ringside.xenbus.store.wire.StoreByteRing;
import io.ringside.xenbus.store.wire.XenStoreRingClient;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A domain's connection against a store that answers whatever it likes, or nothing. */
class HostileStoreTest {
    private static final int MOST_WAITS = 100;
    private static final int FOR_EVER = 1_000_000;
    private static final int RESPONSE_PRODUCER = 2060;
    private static final int REQUEST_CONSUMER = 2048;

    private final UnsafeBuffer page = new UnsafeBuffer(new byte[4096]);
    private final StoreByteRing responses =
            new StoreByteRing(new StoreRingPage(page), StoreRingPage.RESPONSES);
    private Runnable store = () -> {};
    private int rounds;
    private final XenStore client =
            new XenStoreRingClient(3, page, this::storeRuns, this::storeRuns, MOST_WAITS);

    /** Runs whenever the domain has taken something, or waits. */
    private void storeRuns() {
        assertThat(rounds++).as("rounds without an end").isLessThan(FOR_EVER);
        store.run();
    }

    /** Threats, row 13: an event behind each one that is taken. */
    @Test
    void takesOnlySoManyEventsInOneLook() {
        store = this::putOneMoreEvent;
        store.run();
        for (int i = 0; i < 3; i++) {
            assertThat(client.pollWatchEvent()).isEqualTo(new WatchEvent("/a", "token"));
        }
    }

    /** Threats, row 13: a reply that is always behind one more event. */
    @Test
    void waitsForNoReplyBehindEventsThatNeverEnd() {
        store = this::putOneMoreEvent;
        assertBreaks();
    }

    private void putOneMoreEvent() {
        final StoreRingPage view = new StoreRingPage(page);
        if (view.producerAcquire(StoreRingPage.RESPONSES)
                == view.consumerAcquire(StoreRingPage.RESPONSES)) {
            put(StoreMessageType.WATCH_EVENT, 0, "/a\0token\0");
        }
    }

    @Test
    void countsAStoreThatDoesNotAnswerAsGone() {
        assertBreaks();
        assertThat(rounds).isLessThan(3 * MOST_WAITS);
    }

    /** Threats, row 39: a reply to another request, of another kind, or to none. */
    @ParameterizedTest
    @CsvSource({"2,2", "2,0", "3,1", "15,1", "1000,1", "2,-1"})
    void breaksOnAReplyThatIsNotItsOwn(final int type, final int requestId) {
        put(type, requestId, "x");
        assertBreaks();
    }

    @Test
    void breaksOnAReplyThatNobodyAskedFor() {
        put(StoreMessageType.READ, 0, "x");
        assertThat(client.pollWatchEvent()).isNull();
        assertBreaks();
    }

    /** Threats, row 37: an event without a token. */
    @Test
    void breaksOnAnEventThatIsCutShort() {
        put(StoreMessageType.WATCH_EVENT, 0, "/a\0token");
        assertThat(client.pollWatchEvent()).isNull();
        assertBreaks();
    }

    /** Threats, row 28: a length that cannot be. */
    @ParameterizedTest
    @ValueSource(ints = {4097, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void breaksOnAMessageThatIsTooLong(final int lengthBytes) {
        final UnsafeBuffer head = new UnsafeBuffer(new byte[StoreMessage.HEADER_BYTES]);
        new StoreMessage().wrap(head, 0).type(StoreMessageType.READ).payloadBytes(lengthBytes);
        responses.write(ByteBuffer.wrap(head.byteArray()));
        assertBreaks();
    }

    /** Threats, row 43: indices that cannot be. */
    @ParameterizedTest
    @CsvSource({"2060,1025", "2060,-1", "2060,-2147483648", "2048,1", "2048,-1025"})
    void breaksWhenAnIndexCannotBe(final int offset, final int index) {
        assertThat(offset).isIn(RESPONSE_PRODUCER, REQUEST_CONSUMER);
        page.putInt(offset, index);
        assertBreaks();
    }

    /** Threats, row 11: what an error is called is the store's own business. */
    @Test
    void takesAnyNameOfAnError() {
        put(StoreMessageType.ERROR, 1, "EWHATEVER\0more");
        assertThatThrownBy(() -> client.read(XenStore.NO_TRANSACTION, "/a"))
                .hasMessageStartingWith("EWHATEVER");
        put(StoreMessageType.ERROR, 2, "");
        assertThat(client.readOrNull(XenStore.NO_TRANSACTION, "/a")).isNull();
        put(StoreMessageType.TRANSACTION_START, 3, "banana\0");
        assertThatThrownBy(client::startTransaction).hasMessageStartingWith("EIO");
    }

    /** Threats, rows 1 and 11: the page changes between any two looks at it. */
    @Test
    void bearsAPageThatChangesAtRandom() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int run = 0; run < 300; run++) {
            final UnsafeBuffer shared = new UnsafeBuffer(new byte[4096]);
            final Runnable spoils =
                    () -> {
                        for (int i = random.nextInt(20); i > 0; i--) {
                            shared.putByte(1024 + random.nextInt(1024), (byte) random.nextInt(4));
                        }
                        final int producer = shared.getInt(RESPONSE_PRODUCER);
                        shared.putInt(RESPONSE_PRODUCER, producer + random.nextInt(40));
                        shared.putInt(REQUEST_CONSUMER, shared.getInt(2052));
                    };
            final XenStore any = new XenStoreRingClient(3, shared, spoils, spoils, MOST_WAITS);
            for (int i = 0; i < 20; i++) {
                any.readOrNull(XenStore.NO_TRANSACTION, "/a");
                any.pollWatchEvent();
            }
            any.close();
            assertThat(any.pollWatchEvent()).as("%s", seed).isNull();
        }
    }

    /** From then on everything is refused, and nobody is asked. */
    private void assertBreaks() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> client.read(XenStore.NO_TRANSACTION, "/a"))
                    .hasMessageStartingWith("EIO");
        }
        final int before = rounds;
        assertThatThrownBy(() -> client.watch("/a", "token")).hasMessageStartingWith("EIO");
        client.close();
        assertThat(rounds).isEqualTo(before);
    }

    private void put(final int type, final int requestId, final String payload) {
        responses.write(ByteBuffer.wrap(StoreMessage.bytes(type, requestId, 0, payload)));
    }
}
