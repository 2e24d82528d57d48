package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.RxRequest;
import io.ringside.xen.netfront.protocol.RxResponse;
import io.ringside.xen.netfront.protocol.TxRequest;
import io.ringside.xen.netfront.protocol.TxResponse;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantMapper.RingMapping;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A host's end that writes whatever it likes into rings and store. */
final class RawNetback {
    private static final int HEADER_BYTES = 64;
    private static final int SLOTS = 256;
    private static final int REQUEST_PRODUCER = 0;
    private static final int REQUEST_EVENT = 4;
    private static final int RESPONSE_PRODUCER = 8;
    private static final int RESPONSE_EVENT = 12;

    private final NetBench bench;
    private final RingMapping.Mapped txMapping;
    private final RingMapping.Mapped rxMapping;
    private final int txPort;
    private final int rxPort;
    private final List<GrantMapBatch> kept = new ArrayList<>();
    private final int scratchFrame;
    final UnsafeBuffer tx;
    final UnsafeBuffer rx;
    final int[] ids = new int[SLOTS]; // of slots, as they were when they were looked at
    int txAnswered;
    int rxAnswered;

    /** Joins one queue as its keys tell. */
    RawNetback(final NetBench bench, final String directory) {
        this.bench = bench;
        txMapping = map(bench, number(bench, directory + "tx-ring-ref"));
        rxMapping = map(bench, number(bench, directory + "rx-ring-ref"));
        tx = txMapping.pages().buffer();
        rx = rxMapping.pages().buffer();
        if (bench.frontendKey(directory + "event-channel") != null) {
            txPort = bind(bench, directory + "event-channel");
            rxPort = txPort;
        } else {
            txPort = bind(bench, directory + "event-channel-tx");
            rxPort = bind(bench, directory + "event-channel-rx");
        }
        scratchFrame = bench.host().frames().allocate();
    }

    /** Offers every feature but control ring and queues. */
    static void publish(final NetBench bench) {
        for (final String key :
                List.of(
                        "feature-sg",
                        "feature-gso-tcpv4",
                        "feature-gso-tcpv6",
                        "feature-ipv6-csum-offload",
                        "feature-rx-copy",
                        "feature-multicast-control",
                        "feature-dynamic-multicast-control",
                        "feature-split-event-channels",
                        "feature-xdp-headroom")) {
            bench.putBackendKey(key, "1");
        }
    }

    /** Brings a frontend as far as it is ready, with one queue. */
    static RawNetback connect(final NetBench bench, final Netfront front) {
        publish(bench);
        final RawNetback back = share(bench, front);
        back.join(front);
        return back;
    }

    /** Brings a frontend as far as its rings are mapped, and does not say so yet. */
    static RawNetback share(final NetBench bench, final Netfront front) {
        bench.putBackendKey("state", "2");
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("4");
        return new RawNetback(bench, "");
    }

    /** Says that it is connected. */
    void join(final Netfront front) {
        bench.putBackendKey("state", "4");
        bench.step(front);
        assertThat(front.isReady()).isTrue();
    }

    static RingMapping.Mapped map(final NetBench bench, final int reference) {
        final RingMapping found =
                bench.host().domain().grantMapper().mapRing(NetBench.GUEST, reference);
        if (found instanceof RingMapping.Mapped mapped) {
            return mapped;
        }
        throw new AssertionError(found);
    }

    static int bind(final NetBench bench, final String key) {
        final int port =
                bench.host()
                        .domain()
                        .eventChannels()
                        .bindInterdomain(NetBench.GUEST, number(bench, key));
        assertThat(port).isPositive();
        return port;
    }

    static int number(final NetBench bench, final String key) {
        final String text = bench.frontendKey(key);
        assertThat(text).as(key).isNotNull();
        return text == null ? -1 : Integer.parseInt(text);
    }

    /** How many slots the guest has filled to send. */
    int sent() {
        return tx.getIntVolatile(REQUEST_PRODUCER);
    }

    /** How many pages the guest has offered. */
    int offered() {
        return rx.getIntVolatile(REQUEST_PRODUCER);
    }

    TxRequest request(final int index) {
        ids[index % SLOTS] =
                tx.getShort(HEADER_BYTES + index % SLOTS * TxRequest.BYTES + 8) & 0xffff;
        return new TxRequest().wrap(tx, HEADER_BYTES + index % SLOTS * TxRequest.BYTES);
    }

    ExtraInfo requestExtra(final int index) {
        return new ExtraInfo().wrap(tx, HEADER_BYTES + index % SLOTS * TxRequest.BYTES);
    }

    RxRequest offer(final int index) {
        return new RxRequest().wrap(rx, HEADER_BYTES + index % SLOTS * RxRequest.BYTES);
    }

    /** Puts an answer into the tx ring. */
    void answer(final int id, final int status) {
        final int at = HEADER_BYTES + txAnswered++ % SLOTS * TxRequest.BYTES;
        new TxResponse().wrap(tx, at).put(id, status);
    }

    /** Answers every slot that was sent, as it should be. */
    void answerAll(final int status) {
        int extras = 0;
        boolean extraFollows = false;
        while (txAnswered != sent()) {
            if (extraFollows) {
                extraFollows = (requestExtra(txAnswered).flags() & ExtraInfo.MORE) != 0;
                answer(0xffff, 1);
                extras++;
            } else {
                extraFollows = (request(txAnswered).flags() & TxRequest.EXTRA_INFO) != 0;
                answer(request(txAnswered).id(), status);
            }
        }
        assertThat(extras).isNotNegative();
        pushTx();
    }

    /** Puts an answer into the rx ring, in the slot of its request. */
    void receive(final int id, final int offset, final int flags, final int status) {
        final int at = HEADER_BYTES + rxAnswered++ % SLOTS * RxRequest.BYTES;
        new RxResponse().wrap(rx, at).put(id, offset, flags, status);
    }

    /** The slot of the next answer in the rx ring. */
    int nextOffer() {
        return rxAnswered & SLOTS - 1;
    }

    /** Copies a piece into the next offered page, and answers for it. */
    void deliver(
            final byte[] bytes,
            final int from,
            final int length,
            final int offset,
            final int flags) {
        final int reference = offer(rxAnswered).reference();
        final int id = offer(rxAnswered).id();
        copyTo(reference, bytes, from, length, offset);
        receive(id, offset, flags, length);
    }

    /** Copies bytes into a page that the guest lends. */
    void copyTo(
            final int reference,
            final byte[] bytes,
            final int from,
            final int length,
            final int offset) {
        bench.host().page(scratchFrame).putBytes(0, bytes, from, length);
        final GrantCopyBatch batch = new GrantCopyBatch(1);
        batch.addOut(scratchFrame, 0, NetBench.GUEST, reference, offset, length);
        bench.host().domain().grantCopier().copy(batch);
        assertThat(batch.allCopied()).isTrue();
    }

    /** Puts an extra record into the rx ring. */
    ExtraInfo receiveExtra() {
        final int at = HEADER_BYTES + rxAnswered++ % SLOTS * RxRequest.BYTES;
        return new ExtraInfo().wrap(rx, at);
    }

    /** Copies what a page that the guest lends holds. */
    byte[] read(final int reference, final int offset, final int length) {
        final GrantCopyBatch batch = new GrantCopyBatch(1);
        batch.addIn(NetBench.GUEST, reference, offset, scratchFrame, 0, length);
        bench.host().domain().grantCopier().copy(batch);
        assertThat(batch.allCopied()).as("copied").isTrue();
        final byte[] bytes = new byte[length];
        bench.host().page(scratchFrame).getBytes(0, bytes);
        return bytes;
    }

    /** Whether a page can still be read. */
    boolean canRead(final int reference) {
        final GrantCopyBatch batch = new GrantCopyBatch(1);
        batch.addIn(NetBench.GUEST, reference, 0, scratchFrame, 0, 1);
        bench.host().domain().grantCopier().copy(batch);
        return batch.allCopied();
    }

    /** Whether a page can still be written. */
    boolean canWrite(final int reference) {
        final GrantCopyBatch batch = new GrantCopyBatch(1);
        batch.addOut(scratchFrame, 0, NetBench.GUEST, reference, 0, 1);
        bench.host().domain().grantCopier().copy(batch);
        return batch.allCopied();
    }

    /** Maps a page, and gives it back to nobody until told. */
    UnsafeBuffer mapAndKeep(final int reference, final boolean readOnly) {
        final GrantMapBatch batch = new GrantMapBatch(1).reset(NetBench.GUEST);
        batch.add(reference, readOnly);
        bench.host().domain().grantMapper().map(batch);
        assertThat(batch.allMapped()).isTrue();
        kept.add(batch);
        return batch.page(0);
    }

    /** Gives back what was kept. */
    void giveBack() {
        kept.forEach(bench.host().domain().grantMapper()::unmap);
        kept.clear();
    }

    void pushTx() {
        pushTxIndex(txAnswered);
    }

    void pushRx() {
        pushRxIndex(rxAnswered);
    }

    /** Makes the answers visible, and wakes the frontend only if it asked for one of them. */
    void pushTxAsAsked() {
        final int before = tx.getInt(RESPONSE_PRODUCER);
        tx.putIntVolatile(RESPONSE_PRODUCER, txAnswered);
        final int behind = txAnswered - tx.getIntVolatile(RESPONSE_EVENT);
        if (Integer.compareUnsigned(behind, txAnswered - before) < 0) {
            kickTx();
        }
    }

    /** Publishes any index. */
    void pushTxIndex(final int index) {
        tx.putIntVolatile(RESPONSE_PRODUCER, index);
        kickTx();
    }

    /** Publishes any index. */
    void pushRxIndex(final int index) {
        rx.putIntVolatile(RESPONSE_PRODUCER, index);
        kickRx();
    }

    void kickTx() {
        bench.host().domain().eventChannels().send(txPort);
    }

    void kickRx() {
        bench.host().domain().eventChannels().send(rxPort);
    }

    /** Asks to be woken at the next request of the tx ring. */
    void listenTx() {
        tx.putIntVolatile(REQUEST_EVENT, sent() + 1);
    }

    /** Lets go of rings and ports. */
    void close() {
        giveBack();
        bench.host().domain().eventChannels().close(txPort);
        if (rxPort != txPort) {
            bench.host().domain().eventChannels().close(rxPort);
        }
        txMapping.unmap().run();
        rxMapping.unmap().run();
        bench.host().frames().free(scratchFrame);
    }
}
