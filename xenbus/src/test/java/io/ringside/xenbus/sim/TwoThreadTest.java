package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.DoorbellIdleStrategy;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.hypervisor.inprocess.ThreadDoorbell;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.protocol.GrantEntry;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two domains on two threads; the time limit only ends a run that has lost an event. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TwoThreadTest {
    private static final int EXCHANGES = Integer.getInteger("ringside.exchanges", 20_000);
    private static final int SENDS = 1_000_000;
    private static final int REVOCATIONS = 5_000;
    private static final int HOSTILE_MAPS = 20_000;
    private static final int INCREMENTS = 2_000;

    private final SimulatedXen xen = new SimulatedXen();
    private final Half front = new Half(3);
    private final Half back = new Half(7);

    /** One domain with a doorbell behind which its thread sleeps. */
    private final class Half {
        private final InProcessMemory memory = InProcessMemory.anonymous(16);
        private final FrameAllocator frames = new FrameAllocator(memory);
        private final ThreadDoorbell doorbell = new ThreadDoorbell();
        private final DoorbellIdleStrategy idle = new DoorbellIdleStrategy(doorbell);
        private final Domain domain;
        private int port;
        private long handled;

        private Half(final int id) {
            final Vcpu vcpu = new Vcpu("vcpu" + id, CrossingCosts.COUNTS, () -> 0);
            domain = xen.createDomain(id, memory, frames, vcpu, doorbell);
        }

        private void open(final int boundPort) {
            port = boundPort;
            domain.eventChannels().handler(port, () -> handled++);
        }
    }

    @AfterEach
    void endDomains() {
        back.domain.destroy();
        front.domain.destroy();
        back.memory.close();
        front.memory.close();
    }

    /** The turn brings no memory order of its own: what is missing, the channel must give. */
    @Test
    void losesNoWakeupWhenTwoDomainsTakeTurns() throws Exception {
        exchangeTurns();
    }

    private void exchangeTurns() throws Exception {
        connect();
        final AtomicLong turn = new AtomicLong();
        final FutureTask<Void> peer = new FutureTask<>(() -> takeTurns(turn, 1, back), null);
        start("back", peer);
        takeTurns(turn, 0, front);
        peer.get();
        assertThat(turn.get()).isEqualTo(2L * EXCHANGES);
    }

    @Test
    void losesNoWakeupInQueuesEither() throws Exception {
        assertThat(front.domain.eventChannels().useFifo()).isZero();
        assertThat(back.domain.eventChannels().useFifo()).isZero();
        exchangeTurns();
    }

    @Test
    void losesNoWorkInQueuesWhenTheSenderNeverWaits() throws Exception {
        assertThat(back.domain.eventChannels().useFifo()).isZero();
        sendWithoutWaiting();
    }

    /** Queues with several words, joined while they are emptied, and masked now and then. */
    @Test
    void losesNoEventOfManyPortsInQueues() throws Exception {
        assertThat(back.domain.eventChannels().useFifo()).isZero();
        final int count = 48;
        final AtomicLongArray produced = new AtomicLongArray(count);
        final long[] seen = new long[count];
        final int[] fronts = new int[count];
        final int[] backs = new int[count];
        for (int i = 0; i < count; i++) {
            final int channel = i;
            fronts[i] = front.domain.eventChannels().allocUnbound(7);
            backs[i] = back.domain.eventChannels().bindInterdomain(3, fronts[i]);
            back.domain.eventChannels().setPriority(backs[i], i % 5);
            back.domain
                    .eventChannels()
                    .handler(backs[i], () -> seen[channel] = produced.getOpaque(channel));
        }
        final FutureTask<Void> sender =
                new FutureTask<>(
                        () -> {
                            for (int i = 0; i < SENDS; i++) {
                                produced.setOpaque(i % count, i + 1L);
                                front.domain.eventChannels().send(fronts[i % count]);
                            }
                        },
                        null);
        start("front", sender);
        for (int round = 0; !sender.isDone(); round++) {
            final int port = backs[round % count];
            back.domain.eventChannels().mask(port);
            back.domain.eventChannels().dispatch();
            back.domain.eventChannels().unmask(port);
            back.domain.eventChannels().setPriority(port, round % 7);
            back.idle.idle(back.domain.eventChannels().dispatch());
        }
        sender.get();
        while (back.domain.eventChannels().isUpcallPending()) {
            back.domain.eventChannels().dispatch();
        }
        for (int i = 0; i < count; i++) {
            assertThat(seen[i]).as("channel %d", i).isEqualTo(produced.get(i));
        }
    }

    /** Threats, row 8: a port is closed and opened again while the peer sends all the time. */
    @Test
    void closesAndOpensUnderLoadInBothForms() throws Exception {
        for (int form = 0; form < 2; form++) {
            final AtomicBoolean stop = new AtomicBoolean();
            final int port = front.domain.eventChannels().allocUnbound(7);
            final FutureTask<Void> sender =
                    new FutureTask<>(
                            () -> {
                                while (!stop.get()) {
                                    front.domain.eventChannels().send(port);
                                }
                            },
                            null);
            start("front", sender);
            try {
                for (int i = 0; i < REVOCATIONS; i++) {
                    back.open(back.domain.eventChannels().bindInterdomain(3, port));
                    // The sender may have marked the word and not yet asked for the upcall.
                    while (back.domain.eventChannels().dispatch() == 0) {
                        back.idle.idle();
                    }
                    assertThat(back.domain.eventChannels().close(back.port)).isZero();
                }
            } finally {
                stop.set(true);
            }
            sender.get();
            assertThat(back.domain.eventChannels().openPorts()).isZero();
            assertThat(front.domain.eventChannels().close(port)).isZero();
            if (form == 0) {
                assertThat(back.domain.eventChannels().useFifo()).isZero();
            }
        }
    }

    private static void takeTurns(final AtomicLong turn, final int parity, final Half half) {
        for (int i = 0; i < EXCHANGES; i++) {
            long count = turn.getOpaque();
            while ((count & 1) != parity) {
                half.idle.idle(half.domain.eventChannels().dispatch());
                count = turn.getOpaque();
            }
            turn.setOpaque(count + 1);
            half.domain.eventChannels().send(half.port);
        }
    }

    @Test
    void losesNoWorkWhenTheSenderNeverWaits() throws Exception {
        sendWithoutWaiting();
    }

    private void sendWithoutWaiting() throws Exception {
        final AtomicLong produced = new AtomicLong();
        connect();
        back.domain.eventChannels().handler(back.port, () -> back.handled = produced.getOpaque());
        final FutureTask<Void> sender =
                new FutureTask<>(
                        () -> {
                            for (int i = 1; i <= SENDS; i++) {
                                produced.setOpaque(i);
                                front.domain.eventChannels().send(front.port);
                            }
                        },
                        null);
        start("front", sender);
        // Only the handler looks, and it runs only when it was told to.
        while (back.handled < SENDS) {
            back.idle.idle(back.domain.eventChannels().dispatch());
        }
        sender.get();
        assertThat(back.handled).isEqualTo(SENDS);
    }

    /** Threats, row 15: between the look and the revocation nobody gets in. */
    @Test
    void neverTakesBackAPageThatIsMapped() throws Exception {
        revokeAgainstABorrower();
    }

    private void revokeAgainstABorrower() throws Exception {
        final int frame = front.frames.allocate();
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        front.memory.wrap(page, (long) frame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        final AtomicLong attempts = new AtomicLong();
        final AtomicBoolean stop = new AtomicBoolean();
        final IdleStrategy yielding = new YieldingIdleStrategy();
        final FutureTask<Long> borrower = new FutureTask<>(() -> countBrokenLoans(attempts, stop));
        start("back", borrower);
        try {
            for (int i = 0; i < REVOCATIONS; i++) {
                page.putLongVolatile(0, 1);
                final int reference = front.domain.grantTable().grantAccess(7, frame, false);
                final long seen = attempts.get();
                while (attempts.get() == seen) {
                    yielding.idle();
                }
                while (!front.domain.grantTable().endAccess(reference)) {
                    yielding.idle();
                }
                page.putLongVolatile(0, 0);
            }
        } finally {
            stop.set(true);
        }
        assertThat(borrower.get()).as("loans of a page that was taken back").isZero();
        assertThat(front.domain.grantTable().usedCount()).isZero();
        assertThat(front.domain.foreignMappings()).isZero();
    }

    /** Threats, row 15, in version 2: cleared first, looked at second. */
    @Test
    void neverTakesBackAPageOfTheSecondVersionThatIsMapped() throws Exception {
        assertThat(front.domain.grantTable().setVersion(2)).isZero();
        revokeAgainstABorrower();
    }

    private long countBrokenLoans(final AtomicLong attempts, final AtomicBoolean stop) {
        final GrantMapBatch batch = new GrantMapBatch(1);
        long broken = 0;
        while (!stop.get()) {
            batch.reset(3);
            batch.add(8, false);
            back.domain.grantMapper().map(batch);
            if (batch.allMapped()) {
                for (int i = 0; i < 4; i++) {
                    if (batch.page(0).getLongVolatile(0) != 1) {
                        broken++;
                    }
                }
                back.domain.grantMapper().unmap(batch);
            }
            attempts.incrementAndGet();
            Thread.onSpinWait();
        }
        return broken;
    }

    /** Threats, row 11: a lender that rewrites its entry all the time gets answers, no more. */
    @Test
    void withstandsALenderThatRewritesItsEntryAllTheTime() throws Exception {
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        final int tableFrame = front.domain.grantTable().tableFrame(0);
        front.memory.wrap(
                page, (long) tableFrame << GuestMemory.PAGE_SHIFT, GuestMemory.PAGE_BYTES);
        final GrantEntry entry = new GrantEntry().wrap(page, 300);
        final AtomicBoolean stop = new AtomicBoolean();
        final FutureTask<Void> lender =
                new FutureTask<>(
                        () -> {
                            for (int i = 0; !stop.get(); i++) {
                                entry.frame((i & 3) == 0 ? 0xFFFF_FFFFL : i & 15);
                                entry.headerRelease(GrantEntry.header(i & 31, (i & 8) + 7));
                                entry.headerRelease(GrantEntry.header(1, 7));
                            }
                        },
                        null);
        start("front", lender);
        final GrantMapBatch batch = new GrantMapBatch(2);
        int mapped = 0;
        for (int i = 0; i < HOSTILE_MAPS || mapped == 0; i++) {
            batch.reset(3);
            batch.add(300, false);
            batch.add(300, true);
            back.domain.grantMapper().map(batch);
            for (int j = 0; j < 2; j++) {
                final boolean isMapped = batch.handle(j) != GrantMapBatch.NO_HANDLE;
                assertThat(batch.page(j).capacity()).isEqualTo(isMapped ? 4096 : 0);
                mapped += isMapped ? 1 : 0;
            }
            back.domain.grantMapper().unmap(batch);
        }
        stop.set(true);
        lender.get();
        assertThat(back.domain.grantMapper().mappedCount()).isZero();
        assertThat(front.domain.foreignMappings()).isZero();
    }

    @Test
    void losesNoUpdateOfATransaction() throws Exception {
        final XenStore first = xen.connectStore(0, () -> {});
        final XenStore second = xen.connectStore(0, () -> {});
        first.write(XenStore.NO_TRANSACTION, "/counter", "0");
        final FutureTask<Void> peer =
                new FutureTask<>(() -> {
                    increment(second);
                    return null;
                });
        start("second", peer);
        increment(first);
        peer.get();
        assertThat(first.read(XenStore.NO_TRANSACTION, "/counter"))
                .isEqualTo(Integer.toString(2 * INCREMENTS));
    }

    private static void increment(final XenStore store) throws XenStoreException {
        int done = 0;
        while (done < INCREMENTS) {
            final int transaction = store.startTransaction();
            final int value = Integer.parseInt(store.read(transaction, "/counter"));
            store.write(transaction, "/counter", Integer.toString(value + 1));
            if (store.endTransaction(transaction, true)) {
                done++;
            }
        }
    }

    /** A sleeping domain hears of a change in the store by its doorbell. */
    @Test
    void wakesADomainThatSleepsWhenItsWatchFires() throws Exception {
        final XenStore tools = xen.connectStore(0, () -> {});
        tools.write(XenStore.NO_TRANSACTION, "/turn", "0");
        tools.setPermissions(XenStore.NO_TRANSACTION, "/turn", List.of("b0"));
        final XenStore guest = front.domain.store();
        guest.watch("/turn", "turn");
        final FutureTask<Void> peer =
                new FutureTask<>(() -> {
                    for (int i = 1; i <= INCREMENTS; i++) {
                        tools.write(XenStore.NO_TRANSACTION, "/turn", Integer.toString(i));
                    }
                    return null;
                });
        start("tools", peer);
        String seen = "";
        while (!seen.equals(Integer.toString(INCREMENTS))) {
            if (guest.pollWatchEvent() == null) {
                front.idle.idle();
            } else {
                seen = guest.read(XenStore.NO_TRANSACTION, "/turn");
            }
        }
        peer.get();
        // The last value may have been read at the event before; equal events wait once.
        guest.pollWatchEvent();
        assertThat(guest.pollWatchEvent()).isNull();
    }

    private void connect() {
        final int port = front.domain.eventChannels().allocUnbound(7);
        back.open(back.domain.eventChannels().bindInterdomain(3, port));
        front.open(port);
    }

    private static void start(final String name, final Runnable task) {
        final Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
