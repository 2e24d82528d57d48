package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkDiscardRequest;
import io.ringside.xen.blkfront.protocol.BlkIndirectRequest;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkResponse;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantTable;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A guest's end that writes whatever it likes into ring and store. */
final class RawFrontend {
    static final int HEADER_BYTES = 64;
    private static final int REQUEST_PRODUCER = 0;
    private static final int REQUEST_EVENT = 4;
    private static final int RESPONSE_PRODUCER = 8;
    private static final int RESPONSE_EVENT = 12;

    private final TestBench bench;
    private final BlkAbi abi;
    private final int slotCount;
    private final EventChannels events;
    private final GrantTable grants;
    final UnsafeBuffer ring;
    final int ringReference;
    private final int[] ringReferences;
    final int port;
    final int dataFrame;
    int kicks;
    private int produced;

    RawFrontend(final TestBench bench, final BlkAbi abi) {
        this(bench, abi, 1);
    }

    /** A ring of so many pages. */
    RawFrontend(final TestBench bench, final BlkAbi abi, final int ringPages) {
        this.bench = bench;
        this.abi = abi;
        events = bench.guest().domain().eventChannels();
        grants = bench.guest().domain().grantTable();
        final int ringFrame = bench.guest().frames().allocate(ringPages);
        final int ringBytes = ringPages * GuestMemory.PAGE_BYTES;
        slotCount = Integer.highestOneBit((ringBytes - HEADER_BYTES) / abi.requestBytes());
        ring = bench.guest().view(TestDomain.address(ringFrame), ringBytes);
        ring.setMemory(0, ringBytes, (byte) 0xa5); // what lay there before
        ring.setMemory(0, HEADER_BYTES, (byte) 0);
        ring.putInt(REQUEST_EVENT, 1);
        ring.putInt(RESPONSE_EVENT, 1);
        ringReferences = new int[ringPages];
        for (int i = 0; i < ringPages; i++) {
            ringReferences[i] = grants.grantAccess(TestBench.HOST, ringFrame + i, false);
        }
        ringReference = ringReferences[0];
        port = events.allocUnbound(TestBench.HOST);
        events.handler(port, () -> kicks++);
        dataFrame = bench.guest().frames().allocate();
    }

    /** Brings a new frontend as far as both ends are connected. */
    static RawFrontend connect(final TestBench bench, final Blkback back, final BlkAbi abi) {
        bench.step(back);
        assertThat(bench.backendKey("state")).isEqualTo("2");
        final RawFrontend front = new RawFrontend(bench, abi);
        front.publish();
        bench.step(back);
        assertThat(bench.backendKey("state")).isEqualTo("4");
        bench.putFrontendKey("state", "4");
        bench.step(back);
        return front;
    }

    /** A backend that was closed serves whoever begins anew. */
    static void assertConnectsAnew(final TestBench bench, final Blkback back, final RamStore disk) {
        bench.putFrontendKey("state", "1");
        connect(bench, back, BlkAbi.X86_64).assertServes(back, disk, 0);
    }

    /** The backend still does what it should, after so many answers. */
    void assertServes(final Blkback back, final RamStore disk, final int answered) {
        data().setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0x66);
        putOne(BlkOperation.WRITE, grant(true), 4711, 5);
        push();
        for (int i = 0; i < 1000 && responseProducer() == answered; i++) {
            bench.step(back);
        }
        assertThat(responseProducer()).isEqualTo(answered + 1);
        assertThat(response(answered).id()).isEqualTo(4711);
        assertThat(response(answered).status()).isEqualTo(BlkStatus.OKAY);
        final UnsafeBuffer onDisk = new UnsafeBuffer(new byte[512]);
        disk.read(5 * 512, onDisk, 0, 512);
        assertThat(onDisk.getByte(0)).isEqualTo((byte) 0x66);
    }

    /** Tells everything as it should be. */
    void publish() {
        publishRing("");
        bench.putFrontendKey("protocol", abi.protocolName());
        bench.putFrontendKey("state", "3");
    }

    /** Tells of the ring, in a directory that ends with a slash or in the frontend's own. */
    void publishRing(final String directory) {
        if (ringReferences.length == 1) {
            bench.putFrontendKey(directory + "ring-ref", Integer.toString(ringReference));
        } else {
            final int order = Integer.numberOfTrailingZeros(ringReferences.length);
            bench.putFrontendKey("ring-page-order", Integer.toString(order));
            for (int i = 0; i < ringReferences.length; i++) {
                bench.putFrontendKey(
                        directory + "ring-ref" + i, Integer.toString(ringReferences[i]));
            }
        }
        bench.putFrontendKey(directory + "event-channel", Integer.toString(port));
    }

    /** Brings a new frontend with several rings as far as both ends are connected. */
    static List<RawFrontend> connectQueues(
            final TestBench bench, final Blkback back, final int ringPages, final int queueCount) {
        bench.step(back);
        final List<RawFrontend> queues = new ArrayList<>();
        for (int i = 0; i < queueCount; i++) {
            queues.add(new RawFrontend(bench, BlkAbi.X86_64, ringPages));
            queues.getLast().publishRing("queue-" + i + "/");
        }
        bench.putFrontendKey("multi-queue-num-queues", Integer.toString(queueCount));
        connectPublished(bench, back);
        return queues;
    }

    /** Goes on from published keys as far as both ends are connected. */
    static void connectPublished(final TestBench bench, final Blkback back) {
        bench.putFrontendKey("state", "3");
        bench.step(back);
        assertThat(bench.backendKey("state")).isEqualTo("4");
        bench.putFrontendKey("state", "4");
        bench.step(back);
    }

    /** How many slots the ring has. */
    int slotCount() {
        return slotCount;
    }

    /** Lends any page. */
    int grantFrame(final int frame, final boolean readOnly) {
        return grants.grantAccess(TestBench.HOST, frame, readOnly);
    }

    /** Takes a page back, or answers false if the backend has it. */
    boolean takeBack(final int reference) {
        return grants.endAccess(reference);
    }

    /** Lends the data page. */
    int grant(final boolean readOnly) {
        return grants.grantAccess(TestBench.HOST, dataFrame, readOnly);
    }

    /** The data page. */
    UnsafeBuffer data() {
        return bench.guest().page(dataFrame);
    }

    /** A slot of the ring itself, not a copy. */
    BlkRequest slot(final int index) {
        return new BlkRequest(abi).wrap(ring, offset(index));
    }

    /** Fills the next slot; the backend sees it with the next {@link #push}. */
    BlkRequest put(final int operation, final int segmentCount, final long id, final long sector) {
        return slot(produced++).put(operation, segmentCount, TestBench.DISK, id, sector);
    }

    /** Fills the next slot with a request of one segment. */
    void putOne(final int operation, final int reference, final long id, final long sector) {
        put(operation, 1, id, sector).segment(0, new BlkSegment()).put(reference, 0, 0);
    }

    /** Fills the next slot with a discard. */
    void putDiscard(final int flags, final long id, final long sector, final long sectorCount) {
        new BlkDiscardRequest(abi)
                .wrap(ring, offset(produced++))
                .put(flags, TestBench.DISK, id, sector, sectorCount);
    }

    /** Fills the next slot with an indirect request; its pages are still to be named. */
    BlkIndirectRequest putIndirect(
            final int innerOperation, final int segmentCount, final long id, final long sector) {
        return new BlkIndirectRequest(abi)
                .wrap(ring, offset(produced++))
                .put(innerOperation, segmentCount, TestBench.DISK, id, sector);
    }

    private int offset(final int index) {
        return HEADER_BYTES + index % slotCount * abi.requestBytes();
    }

    /** Fills the next slot with a flush. */
    void putFlush(final long id) {
        put(BlkOperation.FLUSH_DISKCACHE, 0, id, 0);
    }

    /** Makes what was filled visible, and wakes the backend whether it asked or not. */
    void push() {
        pushIndex(produced);
    }

    /** Publishes any index. */
    void pushIndex(final int index) {
        ring.putIntVolatile(REQUEST_PRODUCER, index);
        events.send(port);
    }

    int responseProducer() {
        return ring.getIntVolatile(RESPONSE_PRODUCER);
    }

    /** One response, where it lies. */
    BlkResponse response(final int index) {
        return new BlkResponse(abi).wrap(ring, offset(index));
    }

    /** How a request ended, of those that were answered last: at most one ring full. */
    int statusOf(final long id) {
        final int producer = responseProducer();
        for (int i = Math.max(0, producer - slotCount); i < producer; i++) {
            if (response(i).id() == id) {
                return response(i).status();
            }
        }
        throw new AssertionError("not answered: id=" + id);
    }

    /** The bytes of one slot from its start. */
    byte[] slotBytes(final int index, final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        ring.getBytes(offset(index), bytes);
        return bytes;
    }
}
