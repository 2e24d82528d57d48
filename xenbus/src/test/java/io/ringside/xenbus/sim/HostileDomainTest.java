package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.GrantEntry;
import io.ringside.xenbus.protocol.GrantEntryV2;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threats, row 11: a domain that spoils what it shares with the hypervisor, on a thread of its own,
 * all the time. The time limit only ends a run that does not end by itself.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostileDomainTest {
    private static final int ROUNDS = 100_000;

    private final Seed seed = Seed.ofRun();
    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain hostile = new TestDomain(xen, 3);
    private final TestDomain ours = new TestDomain(xen, 7);
    private final AtomicBoolean stop = new AtomicBoolean();

    @AfterEach
    void endDomains() {
        ours.close();
        hostile.close();
    }

    @Test
    void sendsToADomainThatSpoilsItsEventWords() throws Exception {
        final DomainEventChannels theirs = hostile.domain().eventChannels();
        final DomainEventChannels own = ours.domain().eventChannels();
        final int control = hostile.frames().allocate();
        final int array = hostile.frames().allocate();
        final int guard = hostile.frames().allocate();
        assertThat(theirs.initControl(control, 0, 0)).isZero();
        assertThat(theirs.expandArray(array)).isZero();
        final int[] ports = new int[30];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = own.bindInterdomain(3, theirs.allocUnbound(7));
        }
        final UnsafeBuffer words = hostile.page(array);
        final UnsafeBuffer block = hostile.page(control);
        final SplittableRandom garbage = seed.random();
        final FutureTask<Void> spoiler =
                spoil(() -> {
                    words.putIntVolatile(garbage.nextInt(32) * 4, garbage.nextInt());
                    block.putIntVolatile(garbage.nextInt(18) * 4, garbage.nextInt());
                });
        try {
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(own.send(ports[i % ports.length])).as("%s", seed).isZero();
            }
        } finally {
            stop.set(true);
        }
        spoiler.get();
        assertThat(hostile.page(guard).getLong(0)).as("%s: another frame", seed).isZero();
        assertThat(block.getLong(72)).as("%s: behind the block", seed).isZero();
        assertThat(words.getInt(33 * 4)).as("%s: a port that is closed", seed).isZero();
    }

    @Test
    void copiesFromADomainThatSpoilsItsEntriesAndStatusWords() throws Exception {
        final DomainGrantTable table = hostile.domain().grantTable();
        assertThat(table.setVersion(2)).isZero();
        final UnsafeBuffer entries = hostile.page(table.tableFrame(0));
        final UnsafeBuffer words = hostile.page(table.statusFrame(0));
        final GrantEntryV2 entry = new GrantEntryV2();
        final SplittableRandom garbage = seed.random();
        final FutureTask<Void> spoiler =
                spoil(() -> {
                    entry.wrap(entries, 20 + garbage.nextInt(4));
                    entry.frame(garbage.nextInt(3) == 0 ? garbage.nextLong() : 9);
                    entry.subPage(garbage.nextInt(), garbage.nextInt());
                    final int flags = garbage.nextInt(2) == 0 ? garbage.nextInt() : 1;
                    entry.headerVolatile(GrantEntry.header(flags, 7));
                    words.putIntVolatile(garbage.nextInt(12) * 4, garbage.nextInt());
                });
        final GrantCopyBatch copies = new GrantCopyBatch(1);
        final GrantMapBatch mapping = new GrantMapBatch(1);
        final int frame = ours.frames().allocate();
        int done = 0;
        try {
            for (int i = 0; i < ROUNDS || done == 0; i++) {
                copies.reset().addIn(3, 20 + i % 4, i % 4096, frame, 0, 1);
                ours.domain().grantCopier().copy(copies);
                mapping.reset(3).add(20 + i % 4, (i & 1) == 0);
                ours.domain().grantMapper().map(mapping);
                ours.domain().grantMapper().unmap(mapping);
                assertThat(GnttabStatus.name(copies.status(0))).as("%s", seed).startsWith("GNTST_");
                done += copies.allCopied() ? 1 : 0;
            }
        } finally {
            stop.set(true);
        }
        spoiler.get();
        assertThat(hostile.domain().foreignMappings()).as("%s", seed).isZero();
        assertThat(ours.domain().grantMapper().mappedCount()).as("%s", seed).isZero();
    }

    private FutureTask<Void> spoil(final Runnable once) {
        final FutureTask<Void> task =
                new FutureTask<>(
                        () -> {
                            while (!stop.get()) {
                                once.run();
                            }
                        },
                        null);
        final Thread thread = new Thread(task, "hostile");
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
