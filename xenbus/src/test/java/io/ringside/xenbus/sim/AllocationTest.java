package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringside.xenbus.event.EventChannelControl;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.hypercall.EventChannelOp;
import io.ringside.xenbus.protocol.hypercall.EvtchnSend;
import io.ringside.xenbus.protocol.hypercall.GnttabCopy;
import io.ringside.xenbus.protocol.hypercall.GnttabMapGrantRef;
import io.ringside.xenbus.protocol.hypercall.GnttabUnmapGrantRef;
import io.ringside.xenbus.protocol.hypercall.GrantTableOp;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The data path allocates nothing: granting, mapping, sending, dispatching, and looking. */
class AllocationTest {
    private static final int PAGES = 11;
    private static final int ROUNDS = 20_000;

    /** The compiler may allocate once while it takes over: one clean run is the proof. */
    private static final int RUNS = 5;

    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain front = new TestDomain(xen, 3);
    private final TestDomain back = new TestDomain(xen, 7);
    private final EventChannelControl frontChannels = front.domain().eventChannels();
    private final EventChannelControl backChannels = back.domain().eventChannels();
    private final GrantMapBatch batch = new GrantMapBatch(PAGES);
    private final int[] references = new int[PAGES];
    private final GrantCopyBatch copies = new GrantCopyBatch(PAGES);
    private final int backFrame = back.frames().allocate();
    private long copied;
    private long work;

    @AfterEach
    void endDomains() {
        front.close();
        back.close();
    }

    @Test
    void allocatesNothingForARequest() {
        checkThatRequestsAllocateNothing();
    }

    private void checkThatRequestsAllocateNothing() {
        final int frame = front.frames().allocate(PAGES);
        final int port = frontChannels.allocUnbound(7);
        final int bound = backChannels.bindInterdomain(3, port);
        backChannels.handler(bound, () -> work++);
        frontChannels.handler(port, () -> work++);
        assertThat(leastAllocatedBytes(() -> request(frame, port, bound))).isZero();
        assertThat(work).isPositive();
        assertThat(back.domain().grantMapper().mappedCount()).isZero();
    }

    @Test
    void allocatesNothingInTheNewerForms() {
        assertThat(frontChannels.useFifo()).isZero();
        assertThat(backChannels.useFifo()).isZero();
        assertThat(front.domain().grantTable().setVersion(2)).isZero();
        checkThatRequestsAllocateNothing();
        assertThat(copied).as("bytes").isPositive();
    }

    @Test
    void allocatesNothingForOperationsGivenAsBytes() {
        final Hypercalls hypercalls = new Hypercalls(back.domain(), false);
        final GuestArguments arguments = new GuestArguments(back);
        final int port = frontChannels.allocUnbound(7);
        final int bound = backChannels.bindInterdomain(3, port);
        final int reference =
                front.domain().grantTable().grantAccess(7, front.frames().allocate(), false);
        final GnttabMapGrantRef map = new GnttabMapGrantRef().wrap(arguments.view(), 0);
        final GnttabUnmapGrantRef unmap = new GnttabUnmapGrantRef().wrap(arguments.view(), 64);
        final GnttabCopy copy = new GnttabCopy().wrap(arguments.view(), 3, false);
        final EvtchnSend send = new EvtchnSend().wrap(arguments.view(), 256);
        final long at = arguments.address();
        map.hostAddress(1L << 40).flags(GnttabMapGrantRef.HOST_MAP).domain(3).reference(reference);
        copy.source(backFrame, DomainId.SELF, 0).destination(reference, 3, 0).lengthBytes(64);
        copy.flags(GrantCopyBatch.DESTINATION_GRANT);
        send.port(bound);
        final Runnable calls =
                () -> {
                    hypercalls.grantTableOp(GrantTableOp.MAP_GRANT_REF, at, 1);
                    unmap.hostAddress(1L << 40).busAddress(0).handle(map.handle());
                    hypercalls.grantTableOp(GrantTableOp.UNMAP_GRANT_REF, at + 64, 1);
                    hypercalls.grantTableOp(GrantTableOp.COPY, at + 120, 1);
                    hypercalls.eventChannelOp(EventChannelOp.SEND, at + 256);
                };
        assertThat(leastAllocatedBytes(calls)).isZero();
        assertThat(map.status() + unmap.status() + copy.status()).isZero();
        assertThat(back.domain().vcpu().bytesCopied()).isPositive();
        assertThat(back.domain().grantMapper().mappedCount()).isZero();
    }

    private static long leastAllocatedBytes(final Runnable round) {
        long least = Long.MAX_VALUE;
        for (int run = 0; run < RUNS && least != 0; run++) {
            least = Math.min(least, allocatedBytes(round));
        }
        return least;
    }

    private static long allocatedBytes(final Runnable round) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long self = Thread.currentThread().threadId();
        final long before = threads.getThreadAllocatedBytes(self);
        final long idle = threads.getThreadAllocatedBytes(self) - before;
        for (int i = 0; i < ROUNDS; i++) {
            round.run();
        }
        return Math.max(threads.getThreadAllocatedBytes(self) - before - 2 * idle, 0);
    }

    private void request(final int frame, final int port, final int bound) {
        for (int i = 0; i < PAGES; i++) {
            references[i] = front.domain().grantTable().grantAccess(7, frame + i, false);
        }
        frontChannels.send(port);
        backChannels.dispatch();
        batch.reset(3);
        for (int i = 0; i < PAGES; i++) {
            batch.add(references[i], false);
        }
        back.domain().grantMapper().map(batch);
        back.domain().grantMapper().unmap(batch);
        copies.reset();
        for (int i = 0; i < PAGES; i++) {
            copies.addOut(backFrame, 0, 3, references[i], 0, 64);
        }
        back.domain().grantCopier().copy(copies);
        copied = back.domain().vcpu().bytesCopied();
        backChannels.send(bound);
        frontChannels.dispatch();
        for (int i = 0; i < PAGES; i++) {
            front.domain().grantTable().endAccess(references[i]);
        }
        if (front.domain().store().pollWatchEvent() != null) {
            work++;
        }
    }
}
