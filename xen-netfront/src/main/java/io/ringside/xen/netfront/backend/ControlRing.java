package io.ringside.xen.netfront.backend;

import io.ringside.ringbuf.xen.BackRing;
import io.ringside.xen.netfront.protocol.CtrlRequest;
import io.ringside.xen.netfront.protocol.CtrlResponse;
import io.ringside.xen.netfront.protocol.CtrlStatus;
import io.ringside.xen.netfront.protocol.CtrlType;
import io.ringside.xen.netfront.protocol.HashControl;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.grant.GrantMapper.RingMapping;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The control ring of one connection: each request is taken once, done, and answered.
 *
 * <p>What a grant names is copied before it is looked at. Threads: one, the backend's.
 */
final class ControlRing {
    private static final int REQUESTS = 8;

    private final VifState vif;
    private final NetbackQueue[] queues;
    private final RingMapping.Mapped mapping;
    private final int port;
    private final HostPages page;
    private final BackRing ring;
    private final UnsafeBuffer slot = new UnsafeBuffer(new byte[CtrlRequest.BYTES]);
    private final CtrlRequest request = new CtrlRequest().wrap(slot, 0);
    private final CtrlResponse response = new CtrlResponse();
    private final GrantCopyBatch batch = new GrantCopyBatch(1);
    private int answer;

    private ControlRing(
            final VifState vif,
            final NetbackQueue[] queues,
            final RingMapping.Mapped mapping,
            final int port,
            final HostPages page) {
        this.vif = vif;
        this.queues = queues;
        this.mapping = mapping;
        this.port = port;
        this.page = page;
        ring = BackRing.attach(mapping.pages().buffer(), CtrlRequest.BYTES);
        vif.budget.watch(port, this::notified);
    }

    /** Maps the ring and binds its port, or answers null: the reason is counted. */
    static @Nullable ControlRing open(
            final VifState vif, final NetbackQueue[] queues, final FrontendKeys.Control keys) {
        final NetbackServices services = vif.services;
        if (!(services.mapper().mapRing(vif.frontendDomain, keys.reference())
                instanceof RingMapping.Mapped mapped)) {
            vif.counters.refused(NetbackRefusal.RING_PAGE);
            return null;
        }
        final int port = services.events().bindInterdomain(vif.frontendDomain, keys.port());
        if (port <= 0) {
            vif.counters.refused(NetbackRefusal.PORT);
            mapped.unmap().run();
            return null;
        }
        final HostPages page = HostPages.take(services.memory(), services.frames(), 1);
        if (page == null) {
            vif.counters.refused(NetbackRefusal.MEMORY);
            services.events().close(port);
            mapped.unmap().run();
            return null;
        }
        return new ControlRing(vif, queues, mapped, port, page);
    }

    private boolean notified() {
        vif.counters.wakeups++;
        final boolean found = ring.requests() != 0;
        vif.counters.needlessWakeups += found ? 0 : 1;
        return found;
    }

    /** Does some requests; answers how many. */
    int serve() {
        int done = 0;
        while (done < REQUESTS && ring.requests() != 0) {
            ring.takeRequest(slot, 0, CtrlRequest.BYTES);
            answer = 0;
            final int status = perform();
            if (status != CtrlStatus.SUCCESS) {
                vif.counters.refused(NetbackRefusal.CONTROL);
            }
            vif.counters.controlRequests++;
            final int at = ring.responseOffset();
            response.wrap(ring.buffer(), at).put(request.id(), request.type(), status, answer);
            ring.buffer().putInt(at + CtrlResponse.BYTES, 0); // The rest of the slot.
            ring.responseFilled();
            done++;
        }
        if (done != 0 && ring.pushResponses()) {
            vif.counters.kicks++;
            vif.services.events().send(port);
        }
        // Asking again each time costs nothing: this ring is never busy.
        return ring.finalCheckForRequests() ? done + 1 : done;
    }

    private int perform() {
        final ReceiveHash hash = vif.hash;
        return switch (request.type()) {
            case CtrlType.GET_HASH_FLAGS -> {
                answer = HashControl.ALL_BITS;
                yield hash.flagsStatus();
            }
            case CtrlType.SET_HASH_FLAGS -> hash.flags(request.data(0));
            case CtrlType.SET_HASH_KEY -> setKey();
            case CtrlType.GET_HASH_MAPPING_SIZE -> {
                answer = HashControl.MAX_MAPPING_ENTRIES;
                yield CtrlStatus.SUCCESS;
            }
            case CtrlType.SET_HASH_MAPPING_SIZE -> hash.mappingSize(request.data(0));
            case CtrlType.SET_HASH_MAPPING -> setMapping();
            case CtrlType.SET_HASH_ALGORITHM -> hash.algorithm(request.data(0));
            case CtrlType.GET_GREF_MAPPING_SIZE,
                    CtrlType.ADD_GREF_MAPPING,
                    CtrlType.DEL_GREF_MAPPING ->
                    mapGrants();
            default -> CtrlStatus.NOT_SUPPORTED;
        };
    }

    private int setKey() {
        final int lengthBytes = request.data(1);
        if (Integer.compareUnsigned(lengthBytes, HashControl.MAX_KEY_BYTES) > 0) {
            return CtrlStatus.BUFFER_OVERFLOW;
        }
        if (!copyIn(request.data(0), lengthBytes)) {
            return CtrlStatus.INVALID_PARAMETER;
        }
        vif.hash.key(page.bytes(), lengthBytes);
        return CtrlStatus.SUCCESS;
    }

    private int setMapping() {
        final int count = request.data(1);
        final int first = request.data(2);
        if (!vif.hash.hasEntries(first, count)) {
            return CtrlStatus.BUFFER_OVERFLOW;
        }
        if (!copyIn(request.data(0), count * Integer.BYTES)) {
            return CtrlStatus.INVALID_PARAMETER;
        }
        return vif.hash.mapping(page.bytes(), first, count);
    }

    /** Copies the first bytes of a page of the frontend into ours: less than a page. */
    private boolean copyIn(final int reference, final int lengthBytes) {
        if (lengthBytes == 0) {
            return true;
        }
        batch.reset().addIn(vif.frontendDomain, reference, 0, page.frame(0), 0, lengthBytes);
        vif.services.copier().copy(batch);
        return batch.allCopied();
    }

    private int mapGrants() {
        if (vif.options.staticGrants() == 0) {
            return CtrlStatus.NOT_SUPPORTED;
        }
        final int queue = request.data(0);
        if (Integer.compareUnsigned(queue, queues.length) >= 0) {
            return CtrlStatus.INVALID_PARAMETER;
        }
        final StaticGrants grants = queues[queue].grants();
        return switch (request.type()) {
            case CtrlType.ADD_GREF_MAPPING -> grants.add(request.data(1), request.data(2));
            case CtrlType.DEL_GREF_MAPPING -> grants.remove(request.data(1), request.data(2));
            default -> {
                answer = grants.capacity();
                yield CtrlStatus.SUCCESS;
            }
        };
    }

    /** Whether the frontend published an index that cannot be. */
    boolean isBroken() {
        return ring.isBroken();
    }

    /** Gives everything of the frontend's back. */
    void close() {
        vif.budget.forget(port);
        vif.services.events().close(port);
        page.free();
        mapping.unmap().run();
    }
}
