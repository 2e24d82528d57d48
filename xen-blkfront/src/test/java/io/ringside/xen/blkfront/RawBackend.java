package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkDiscardRequest;
import io.ringside.xen.blkfront.protocol.BlkIndirectRequest;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkResponse;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantMapper;
import io.ringside.xenbus.grant.GrantMapper.RingMapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A host's end that writes whatever it likes into ring and store. */
final class RawBackend {
    static final int HEADER_BYTES = 64;
    private static final int REQUEST_PRODUCER = 0;
    private static final int RESPONSE_PRODUCER = 8;
    private static final int RESPONSE_EVENT = 12;

    private final TestBench bench;
    private final GrantMapper mapper;
    private final RingMapping.Mapped mapping;
    private final List<GrantMapBatch> kept = new ArrayList<>();
    private final int port;
    private final BlkAbi abi;
    private final int slotCount;
    final UnsafeBuffer ring;
    private int answered;

    private RawBackend(
            final TestBench bench,
            final BlkAbi abi,
            final RingMapping.Mapped mapping,
            final int port) {
        this.bench = bench;
        this.abi = abi;
        this.mapper = bench.host().domain().grantMapper();
        this.mapping = mapping;
        this.port = port;
        this.ring = mapping.pages().buffer();
        this.slotCount =
                Integer.highestOneBit((ring.capacity() - HEADER_BYTES) / abi.requestBytes());
    }

    /** Writes the keys of a disk of 64 sectors as they should be. */
    static void publishDisk(final TestBench bench) {
        bench.putBackendKey("sectors", "64");
        bench.putBackendKey("sector-size", "512");
        bench.putBackendKey("info", "0");
        bench.putBackendKey("feature-flush-cache", "1");
    }

    /** Brings a frontend as far as its ring is mapped, and does not say so yet. */
    static RawBackend share(final TestBench bench, final Blkfront front) {
        bench.putBackendKey("state", "2");
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("3");
        return join(bench, "");
    }

    /** Maps the ring of one queue as its keys tell, and binds its port. */
    static RawBackend join(final TestBench bench, final String directory) {
        final BlkAbi abi = BlkAbi.named(bench.frontendKey("protocol"));
        assertThat(abi).isNotNull();
        final RingMapping found =
                bench.host()
                        .domain()
                        .grantMapper()
                        .mapRing(TestBench.GUEST, references(bench, directory));
        final int port =
                bench.host()
                        .domain()
                        .eventChannels()
                        .bindInterdomain(
                                TestBench.GUEST, number(bench, directory + "event-channel"));
        assertThat(port).isPositive();
        if (abi != null && found instanceof RingMapping.Mapped mapped) {
            return new RawBackend(bench, abi, mapped, port);
        }
        throw new AssertionError(found);
    }

    private static int[] references(final TestBench bench, final String directory) {
        if (bench.frontendKey(directory + "ring-ref") != null) {
            assertThat(bench.frontendKey(directory + "ring-ref0")).isNull();
            return new int[] {number(bench, directory + "ring-ref")};
        }
        final boolean inPages = bench.frontendKey("num-ring-pages") != null;
        final int[] references =
                new int
                        [inPages
                                ? number(bench, "num-ring-pages")
                                : 1 << number(bench, "ring-page-order")];
        Arrays.setAll(references, page -> number(bench, directory + "ring-ref" + page));
        return references;
    }

    /** Brings a frontend as far as it is ready. */
    static RawBackend connect(final TestBench bench, final Blkfront front) {
        publishDisk(bench);
        final RawBackend back = share(bench, front);
        bench.putBackendKey("state", "4");
        bench.step(front);
        assertThat(front.isReady()).isTrue();
        return back;
    }

    private static int number(final TestBench bench, final String key) {
        final String text = bench.frontendKey(key);
        assertThat(text).isNotNull();
        return text == null ? -1 : Integer.parseInt(text);
    }

    /** How many responses there are in the ring, visible or not. */
    int answeredCount() {
        return answered;
    }

    int requestProducer() {
        return ring.getIntVolatile(REQUEST_PRODUCER);
    }

    /** One request, where it lies. */
    BlkRequest request(final int index) {
        return new BlkRequest(abi).wrap(ring, slot(index));
    }

    /** One request, read as a discard. */
    BlkDiscardRequest discard(final int index) {
        return new BlkDiscardRequest(abi).wrap(ring, slot(index));
    }

    /** One request, read as an indirect one. */
    BlkIndirectRequest indirect(final int index) {
        return new BlkIndirectRequest(abi).wrap(ring, slot(index));
    }

    int slotCount() {
        return slotCount;
    }

    private int slot(final int index) {
        return HEADER_BYTES + index % slotCount * abi.requestBytes();
    }

    /** Maps the page of one segment of a request, and gives it to nobody back until told. */
    UnsafeBuffer mapAndKeep(final int index, final int place, final boolean readOnly) {
        return mapAndKeep(request(index).segment(place, new BlkSegment()).reference(), readOnly);
    }

    /** Maps any page that it was granted, and gives it to nobody back until told. */
    UnsafeBuffer mapAndKeep(final int reference, final boolean readOnly) {
        final GrantMapBatch batch = new GrantMapBatch(1).reset(TestBench.GUEST);
        batch.add(reference, readOnly);
        mapper.map(batch);
        assertThat(batch.allMapped()).isTrue();
        kept.add(batch);
        return batch.page(0);
    }

    /** Gives back what was kept. */
    void giveBack() {
        kept.forEach(mapper::unmap);
        kept.clear();
    }

    /** Puts a response into the ring; the frontend sees it with the next {@link #push}. */
    void put(final long id, final int operation, final int status) {
        new BlkResponse(abi).wrap(ring, slot(answered++)).put(id, operation, status);
    }

    /** Answers a request as it should be. */
    void answer(final int index, final int status) {
        final BlkRequest request = request(index);
        final long id = request.id();
        final int operation = request.answeredOperation();
        put(id, operation, status);
    }

    /** Makes the responses visible, and wakes the frontend whether it asked or not. */
    void push() {
        pushIndex(answered);
    }

    /** Makes the responses visible, and wakes the frontend only if it asked for one of them. */
    void pushAsAsked() {
        final int before = ring.getInt(RESPONSE_PRODUCER);
        ring.putIntVolatile(RESPONSE_PRODUCER, answered);
        final int behind = answered - ring.getIntVolatile(RESPONSE_EVENT);
        if (Integer.compareUnsigned(behind, answered - before) < 0) {
            bench.host().domain().eventChannels().send(port);
        }
    }

    /** Publishes any index. */
    void pushIndex(final int index) {
        ring.putIntVolatile(RESPONSE_PRODUCER, index);
        bench.host().domain().eventChannels().send(port);
    }

    /** Lets go of ring and port. */
    void close() {
        giveBack();
        bench.host().domain().eventChannels().close(port);
        mapping.unmap().run();
    }
}
