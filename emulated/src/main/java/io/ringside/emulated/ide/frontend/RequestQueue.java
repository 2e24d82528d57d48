package io.ringside.emulated.ide.frontend;

import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.hypervisor.GuestMemory;
import org.jspecify.annotations.Nullable;

/**
 * Requests in the order of their submission: the committed ones first, and the first in flight.
 *
 * <p>Errors: a request that the drive's limits do not allow is its owner's fault and throws {@link
 * IllegalArgumentException}.
 */
final class RequestQueue {
    private final @Nullable BlockRequest[] slots;
    private final GuestMemory memory;
    private int first;
    private int count;
    private int committed;

    RequestQueue(final int depth, final GuestMemory memory) {
        if (depth < 1) {
            throw new IllegalArgumentException("queue depth out of range: depth=" + depth);
        }
        this.slots = new BlockRequest[depth];
        this.memory = memory;
    }

    /** Takes a request, unless the queue is full. */
    boolean add(final BlockRequest request, final BlockLimits limits) {
        if (request.operation() == BlockOperation.READ
                || request.operation() == BlockOperation.WRITE) {
            check(request, limits);
        }
        if (count == slots.length) {
            return false;
        }
        slots[(first + count) % slots.length] = request;
        count++;
        return true;
    }

    private void check(final BlockRequest request, final BlockLimits limits) {
        final int totalBytes = request.totalBytes();
        final int segments = request.segmentCount();
        if (totalBytes < 1
                || totalBytes > limits.maxTransferBytes()
                || segments > limits.maxSegments()) {
            throw new IllegalArgumentException(
                    "request out of limits: totalBytes=" + totalBytes + " segments=" + segments);
        }
        final int sectors = totalBytes / BlockRequest.SECTOR_BYTES;
        if (request.sector() < 0 || request.sector() > limits.sectors() - sectors) {
            throw new IllegalArgumentException(
                    "request outside the medium: sector="
                            + request.sector()
                            + " sectors="
                            + sectors);
        }
        for (int i = 0; i < segments; i++) {
            final long address = request.segmentAddress(i);
            final int length = request.segmentBytes(i);
            if (length < 1
                    || (address | length) % BlockRequest.SECTOR_BYTES != 0
                    || address % GuestMemory.PAGE_BYTES + length > GuestMemory.PAGE_BYTES
                    || !memory.contains(address, length)) {
                throw new IllegalArgumentException(
                        "segment out of limits: address=" + address + " bytes=" + length);
            }
        }
    }

    /** How many requests are in the queue. */
    int size() {
        return count;
    }

    /** All that was added may be started. */
    void commit() {
        committed = count;
    }

    /** The first committed request, or null. */
    @Nullable BlockRequest peek() {
        return committed == 0 ? null : slots[first];
    }

    /** The first request, committed or not, leaves the queue; null if there is none. */
    @Nullable BlockRequest remove() {
        final BlockRequest request = slots[first];
        if (request != null) {
            slots[first] = null;
            first = (first + 1) % slots.length;
            count--;
            committed = Math.max(0, committed - 1);
        }
        return request;
    }
}
