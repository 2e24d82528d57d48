package io.ringside.xenbus.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The page over which a domain speaks with the xenstore: two rings of bytes, and their indices.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |  requests, 1024 bytes                 |  the domain writes
 * 1024  |  replies and events, 1024 bytes       |  the store writes
 *       +----+----+----+----+----+----+----+----+
 * 2048  | request consumer  | request producer  |  the store, the domain
 * 2056  | response consumer | response producer |  the domain, the store
 *       +----+----+----+----+----+----+----+----+
 * 2064  | server features   |    connection     |  the store, both
 * 2072  |       error       |  event channel    |  the store, the toolstack
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>Indices run free; the position is the index and 1023. A message may lie anywhere.
 *
 * <p>Source: {@code xenstore_domain_interface}, xen/io/xs_wire.h. Threads: one at each end.
 */
public final class StoreRingPage {
    /** Bytes that are in use. */
    public static final int SIZE_BYTES = 2080;

    /** Bytes of each ring. */
    public static final int RING_BYTES = 1024;

    /** The ring from the domain to the store. */
    public static final int REQUESTS = 0;

    /** The ring from the store to the domain. */
    public static final int RESPONSES = 1;

    /** The store can begin anew with a domain that asks for it. */
    public static final int FEATURE_RECONNECTION = 1;

    /** The store tells by the error word why it has stopped. */
    public static final int FEATURE_ERROR = 2;

    /** The rings are in use. */
    public static final int CONNECTED = 0;

    /** The domain asks to begin anew. */
    public static final int RECONNECT = 1;

    /** All is well. */
    public static final int ERROR_NONE = 0;

    /** The domain cannot be reached any more. */
    public static final int ERROR_COMMUNICATION = 1;

    /** An index that cannot be. */
    public static final int ERROR_RING_INDEX = 2;

    /** A message that cannot be. */
    public static final int ERROR_PROTOCOL = 3;

    private static final int INDICES_OFFSET = 2 * RING_BYTES;
    private static final int CONSUMER_OFFSET = 0;
    private static final int PRODUCER_OFFSET = CONSUMER_OFFSET + Integer.BYTES;
    private static final int RING_INDICES_BYTES = PRODUCER_OFFSET + Integer.BYTES;
    private static final int FEATURES_OFFSET = INDICES_OFFSET + 2 * RING_INDICES_BYTES;
    private static final int CONNECTION_OFFSET = FEATURES_OFFSET + Integer.BYTES;
    private static final int ERROR_OFFSET = CONNECTION_OFFSET + Integer.BYTES;
    private static final int EVENT_PORT_OFFSET = ERROR_OFFSET + Integer.BYTES;

    private final UnsafeBuffer page;

    /** Lays the view over the shared page. */
    public StoreRingPage(final UnsafeBuffer page) {
        page.boundsCheck(0, SIZE_BYTES);
        this.page = page;
    }

    /** How far a ring was written. Pairs with {@link #producerRelease}. */
    public int producerAcquire(final int ring) {
        return page.getIntAcquire(indices(ring) + PRODUCER_OFFSET);
    }

    /** Shows what was written. Pairs with {@link #producerAcquire}. */
    public void producerRelease(final int ring, final int index) {
        page.putIntRelease(indices(ring) + PRODUCER_OFFSET, index);
    }

    /** How far a ring was read. Pairs with {@link #consumerRelease}. */
    public int consumerAcquire(final int ring) {
        return page.getIntAcquire(indices(ring) + CONSUMER_OFFSET);
    }

    /** Gives room back. Pairs with {@link #consumerAcquire}. */
    public void consumerRelease(final int ring, final int index) {
        page.putIntRelease(indices(ring) + CONSUMER_OFFSET, index);
    }

    /** Copies bytes out of a ring that do not go over its end. */
    public void getBytes(
            final int ring, final int position, final ByteBuffer target, final int count) {
        page.getBytes(ring * RING_BYTES + position, target, count);
    }

    /** Copies bytes into a ring that do not go over its end. */
    public void putBytes(
            final int ring, final int position, final ByteBuffer source, final int count) {
        final int sourceIndex = source.position();
        page.putBytes(ring * RING_BYTES + position, source, sourceIndex, count);
        source.position(sourceIndex + count);
    }

    /** What the store offers, a set of {@code FEATURE_} bits. */
    public int features() {
        return page.getInt(FEATURES_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Offers features. */
    public void features(final int features) {
        page.putInt(FEATURES_OFFSET, features, ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether the rings are in use. Pairs with {@link #connectionRelease}. */
    public int connectionAcquire() {
        return page.getIntAcquire(CONNECTION_OFFSET);
    }

    /** Asks to begin anew, or says that it is done. Pairs with {@link #connectionAcquire}. */
    public void connectionRelease(final int connection) {
        page.putIntRelease(CONNECTION_OFFSET, connection);
    }

    /** Why the store has stopped. Pairs with {@link #errorRelease}. */
    public int errorAcquire() {
        return page.getIntAcquire(ERROR_OFFSET);
    }

    /** Says why the store has stopped. Pairs with {@link #errorAcquire}. */
    public void errorRelease(final int error) {
        page.putIntRelease(ERROR_OFFSET, error);
    }

    /** The domain's port, where its builder tells it here; newer than Xen 4.17. */
    public int eventPort() {
        return page.getInt(EVENT_PORT_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Tells the domain its port, before it runs. */
    public void eventPort(final int port) {
        page.putInt(EVENT_PORT_OFFSET, port, ByteOrder.LITTLE_ENDIAN);
    }

    private static int indices(final int ring) {
        return INDICES_OFFSET + ring * RING_INDICES_BYTES;
    }
}
