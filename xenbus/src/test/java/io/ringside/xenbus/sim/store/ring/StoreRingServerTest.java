package io.ringside.xenbus.sim.store.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.testkit.Seed;
import io.ringside.xenbus.protocol.StoreMessage;
import io.ringside.xenbus.protocol.StoreMessageType;
import io.ringside.xenbus.protocol.StoreRingPage;
import io.ringside.xenbus.sim.store.StoreLimits;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.store.wire.XenStoreRingClient;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Domains that misuse their page, and a store that misuses a domain's. */
class StoreRingServerTest {
    private static final int REQUEST_CONSUMER = 2048;
    private static final int REQUEST_PRODUCER = 2052;
    private static final int RESPONSE_CONSUMER = 2056;
    private static final int RESPONSE_PRODUCER = 2060;
    private static final int FEATURES = 2064;
    private static final int CONNECTION = 2068;
    private static final int ERROR = 2072;

    private final XenStoreServer store = new XenStoreServer(StoreLimits.DEFAULTS);
    private final UnsafeBuffer page = new UnsafeBuffer(new byte[4096]);
    private final StoreRingServer ring;
    private int notified;

    StoreRingServerTest() {
        store.introduce(3);
        ring = new StoreRingServer(store, 3, page, () -> notified++, () -> {});
    }

    @Test
    void answersInTheOtherRing() {
        final int bytes = put(0, request(StoreMessageType.GET_DOMAIN_PATH, "3\0"));
        page.putInt(REQUEST_PRODUCER, bytes);
        final int before = notified;
        ring.doWork();
        assertThat(page.getInt(REQUEST_CONSUMER)).isEqualTo(bytes);
        assertThat(page.getInt(RESPONSE_PRODUCER)).isEqualTo(16 + 16);
        assertThat(page.getStringWithoutLengthAscii(1024 + 16, 16)).isEqualTo("/local/domain/3\0");
        assertThat(notified).isEqualTo(before + 1);
        assertThat(page.getInt(FEATURES)).isEqualTo(7);
        assertThat(ring.doWork()).isZero();
    }

    /** Threats, rows 2 and 43: indices that cannot be. */
    @Test
    void saysWhyItStoppedWhenAnIndexCannotBe() {
        for (final int offset : new int[] {REQUEST_PRODUCER, RESPONSE_CONSUMER}) {
            for (final int index : new int[] {1025, -1, Integer.MIN_VALUE}) {
                page.putInt(offset, offset == REQUEST_PRODUCER ? index : -index);
                ring.doWork();
                assertThat(page.getInt(ERROR)).isEqualTo(StoreRingPage.ERROR_RING_INDEX);
                assertThat(ring.isStopped()).isTrue();
                assertThat(ring.doWork()).isZero();
                assertThat(store.connectionCount()).isZero();
                reconnect();
            }
        }
    }

    /** Threats, row 28: a message longer than there may be. */
    @Test
    void saysWhyItStoppedWhenAMessageCannotBe() {
        put(0, request(StoreMessageType.READ, "/\0"));
        page.putInt(12, 4097);
        page.putInt(REQUEST_PRODUCER, 18);
        ring.doWork();
        assertThat(page.getInt(ERROR)).isEqualTo(StoreRingPage.ERROR_PROTOCOL);
        assertThat(store.connectionCount()).isZero();
    }

    @Test
    void doesNotServeADomainThatIsGone() {
        store.release(3);
        ring.doWork();
        assertThat(page.getInt(ERROR)).isEqualTo(StoreRingPage.ERROR_COMMUNICATION);
        page.putInt(CONNECTION, StoreRingPage.RECONNECT);
        ring.doWork();
        assertThat(page.getInt(CONNECTION)).isEqualTo(StoreRingPage.RECONNECT);
        assertThat(ring.isStopped()).isTrue();
    }

    @Test
    void beginsAnewWhenTheDomainAsks() throws XenStoreException {
        final XenStore client = client();
        client.watch("/a", "token");
        client.startTransaction();
        assertThat(store.watchCount() + store.transactionCount()).isEqualTo(2);
        reconnect();
        assertThat(store.watchCount() + store.transactionCount()).isZero();
        assertThat(page.getInt(REQUEST_PRODUCER) | page.getInt(RESPONSE_PRODUCER)).isZero();
        final XenStore again = client();
        assertThat(again.startTransaction()).isEqualTo(1);
    }

    /** Threats, row 23: replies that are not read, over a ring. */
    @Test
    void stopsListeningToWhoDoesNotRead() {
        final byte[] request = request(StoreMessageType.GET_DOMAIN_PATH, "3\0");
        int index = 0;
        int stuck = 0;
        while (stuck < 10) {
            final int room = 1024 - (index - page.getInt(REQUEST_CONSUMER));
            if (room >= request.length) {
                index += put(index, request);
                page.putInt(REQUEST_PRODUCER, index);
                stuck = 0;
            } else {
                stuck++;
            }
            ring.doWork();
            assertThat(index).as("ends").isLessThan(10_000);
        }
        assertThat(page.getInt(RESPONSE_PRODUCER)).isEqualTo(1024);
        assertThat(page.getInt(ERROR)).isZero();
    }

    /** The client does not trust its store either. */
    @Test
    void breaksOffWhenTheStoreIsNotOne() throws XenStoreException {
        final XenStore client = client();
        client.startTransaction();
        page.putInt(RESPONSE_PRODUCER, page.getInt(RESPONSE_PRODUCER) + 1025);
        assertThat(client.pollWatchEvent()).isNull();
        assertThatThrownBy(() -> client.read(0, "/")).hasMessageStartingWith("EIO");
        final UnsafeBuffer dead = new UnsafeBuffer(new byte[4096]);
        final XenStore alone = new XenStoreRingClient(3, dead, () -> {}, () -> {}, 10);
        assertThatThrownBy(() -> alone.read(0, "/")).hasMessageStartingWith("EIO: no answer");
    }

    /** Threats, rows 1 and 11: the page changes between any two looks at it. */
    @Test
    void survivesAPageThatChangesAtRandom() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int run = 0; run < 5000; run++) {
            for (int i = 0; i < 8; i++) {
                page.putByte(random.nextInt(1024), (byte) random.nextInt(0, 24));
            }
            final int field = REQUEST_CONSUMER + 4 * random.nextInt(8);
            page.putInt(field, page.getInt(field) + random.nextInt(-2, 64));
            ring.doWork();
            if (ring.isStopped()) {
                assertThat(page.getInt(ERROR)).as("%s", seed).isNotZero();
                reconnect();
            }
        }
        reconnect();
        assertThat(store.connectionCount()).as("%s", seed).isEqualTo(1);
    }

    private XenStore client() {
        return new XenStoreRingClient(3, page, () -> {}, ring::doWork, 100);
    }

    private void reconnect() {
        page.putInt(CONNECTION, StoreRingPage.RECONNECT);
        ring.doWork();
        assertThat(page.getInt(CONNECTION)).isEqualTo(StoreRingPage.CONNECTED);
        assertThat(page.getInt(ERROR)).isZero();
        assertThat(ring.isStopped()).isFalse();
    }

    private int put(final int index, final byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            page.putByte((index + i) & 1023, bytes[i]);
        }
        return bytes.length;
    }

    private static byte[] request(final int type, final String payload) {
        return StoreMessage.bytes(type, 0, 0, payload);
    }
}
