package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.Crossing;
import io.ringside.testkit.Seed;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.backend.BlkbackRefusal;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The backend that keeps a frontend's pages mapped. */
final class PersistentPagesTest {
    private static final int BOUND = 16;

    /** An entry of the grant table, version 1. */
    private static final int ENTRY_BYTES = 8;

    private static final int FRAME_OFFSET = 4;

    private final RamStore disk = RamStore.zeroed(64);
    private final TestBench bench = new TestBench();
    private final BlkSegment segment = new BlkSegment();
    private Blkback back =
            bench.newBackend(disk, Wakeups.ARMED, BlkbackOptions.FULL.withPersistentGrants(BOUND));
    private int answered;

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    private RawFrontend connect(final @Nullable String persistent) {
        bench.step(back);
        final RawFrontend front = new RawFrontend(bench, BlkAbi.X86_64);
        front.publishRing("");
        bench.putFrontendKey("feature-persistent", persistent);
        RawFrontend.connectPublished(bench, back);
        return front;
    }

    private int run(final RawFrontend front, final int operation, final int... references) {
        for (final int reference : references) {
            front.putOne(operation, reference, answered, 3);
            answered++;
        }
        front.push();
        while (bench.step(back) != 0) {
            // Until all is answered.
        }
        assertThat(front.responseProducer()).isEqualTo(answered);
        return front.response(answered - 1).status();
    }

    private int mapped() {
        return bench.host().domain().grantMapper().mappedCount() - 1; // The ring's page.
    }

    /** Either end can do without: then each request maps its own pages. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "missing",
            value = {"1,16,1,1", "missing,16,1,0", "0,16,1,0", "1,0,0,0", "missing,0,0,0"})
    void keepsPagesOnlyIfBothEndsWantTo(
            final @Nullable String frontend,
            final int bound,
            final String advertised,
            final int keptPages) {
        back =
                bench.newBackend(
                        disk, Wakeups.ARMED, BlkbackOptions.FULL.withPersistentGrants(bound));
        final RawFrontend front = connect(frontend);
        assertThat(bench.backendKey("feature-persistent")).isEqualTo(advertised);
        final int reference = front.grant(false);
        for (int i = 0; i < 5; i++) {
            assertThat(run(front, BlkOperation.WRITE, reference)).isEqualTo(BlkStatus.OKAY);
            assertThat(mapped()).isEqualTo(keptPages);
        }
        assertThat(back.counters().grantsMapped()).isEqualTo(keptPages == 0 ? 5 : 1);
        assertThat(front.takeBack(reference)).isEqualTo(keptPages == 0);
    }

    @Test
    void mapsAPageOnceAndCrossesNoMoreForIt() {
        final RawFrontend front = connect("1");
        final int reference = front.grant(false);
        run(front, BlkOperation.READ, reference);
        final long hypercalls = bench.host().count(Crossing.HYPERCALL);
        final long maps = bench.host().count(Crossing.PAGE_MAP);
        for (int i = 0; i < 100; i++) {
            run(front, i % 2 == 0 ? BlkOperation.READ : BlkOperation.WRITE, reference);
        }
        assertThat(bench.host().count(Crossing.PAGE_MAP)).isEqualTo(maps);
        assertThat(bench.host().count(Crossing.PAGE_UNMAP)).isZero();
        assertThat(bench.host().count(Crossing.TLB_FLUSH)).isZero();
        assertThat(bench.host().count(Crossing.HYPERCALL)).isEqualTo(hypercalls);
        assertThat(back.counters().persistentHits()).isEqualTo(100);
        assertThat(back.counters().persistentMisses()).isEqualTo(1);
    }

    @Test
    void letsGoOfThePageThatWasNotUsedForLongest() {
        final RawFrontend front = connect("1");
        final int[] references = new int[BOUND + 1];
        for (int i = 0; i < references.length; i++) {
            references[i] = front.grant(false);
        }
        for (int i = 0; i < BOUND; i++) {
            run(front, BlkOperation.WRITE, references[i]);
        }
        run(front, BlkOperation.WRITE, references[0]); // Used again.
        assertThat(mapped()).isEqualTo(BOUND);
        assertThat(back.counters().persistentEvictions()).isZero();

        run(front, BlkOperation.WRITE, references[BOUND]);
        assertThat(mapped()).isEqualTo(BOUND);
        assertThat(back.counters().persistentEvictions()).isEqualTo(1);
        assertThat(front.takeBack(references[0])).isFalse();
        assertThat(front.takeBack(references[1])).isTrue();
        assertThat(front.takeBack(references[2])).isFalse();
    }

    /** A frontend that never uses a page twice only drives its own pages out. */
    @Test
    void keepsNoMoreThanTheBoundWhateverAFrontendLends() {
        final RawFrontend front = connect("1");
        for (int i = 0; i < 300; i++) {
            final int reference = front.grant(i % 2 == 0);
            assertThat(run(front, BlkOperation.WRITE, reference)).isEqualTo(BlkStatus.OKAY);
            assertThat(mapped()).isLessThanOrEqualTo(BOUND);
        }
        assertThat(back.counters().persistentEvictions()).isEqualTo(300 - BOUND);
        assertThat(back.counters().grantsUnmapped()).isEqualTo(300 - BOUND);
        bench.putFrontendKey("state", "6");
        bench.step(back);
        bench.step(back);
        assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=0");
        assertThat(back.counters().grantsUnmapped()).isEqualTo(300);
    }

    /** More pages at once than may be kept: the rest is mapped as if nothing were. */
    @Test
    void mapsForOneRequestWhatItCannotKeep() {
        final Seed seed = Seed.ofRun();
        final MoodyStore store = new MoodyStore(disk, seed.random(), 0);
        back =
                bench.newBackend(
                        store, Wakeups.ARMED, BlkbackOptions.FULL.withPersistentGrants(BOUND));
        final RawFrontend front = connect("1");
        store.holdBack(true);
        for (int i = 0; i < 32; i++) {
            front.putOne(BlkOperation.WRITE, front.grant(true), i, i);
        }
        front.push();
        for (int i = 0; i < 1000 && store.heldCount() < 32; i++) {
            bench.step(back);
        }
        assertThat(mapped()).as("%s", seed).isEqualTo(32);
        store.holdBack(false);
        for (int i = 0; i < 1000 && front.responseProducer() < 32; i++) {
            bench.step(back);
        }
        assertThat(mapped()).as("%s", seed).isEqualTo(BOUND);
        assertThat(back.counters().persistentEvictions()).as("%s", seed).isZero();
    }

    @Test
    void writesNothingIntoAPageThatIsLentForReadingOnly() {
        final RawFrontend front = connect("1");
        final int reference = front.grant(true);
        front.data().setMemory(0, 4096, (byte) 0x11);
        assertThat(run(front, BlkOperation.WRITE, reference)).isEqualTo(BlkStatus.OKAY);
        assertThat(run(front, BlkOperation.READ, reference)).isEqualTo(BlkStatus.ERROR);
        assertThat(run(front, BlkOperation.WRITE, reference)).isEqualTo(BlkStatus.OKAY);
        assertThat(front.data().getByte(512)).isEqualTo((byte) 0x11);
        assertThat(back.counters().refusals(BlkbackRefusal.PAGE)).isEqualTo(1);
        assertThat(mapped()).isEqualTo(1);
    }

    /** Row 10 (XSA-365): what could not be mapped is not kept, and is tried anew. */
    @Test
    void triesAPageAgainThatCouldNotBeMapped() {
        final RawFrontend front = connect("1");
        final int reference = front.grant(false);
        assertThat(front.takeBack(reference)).isTrue();
        final int[] three = {reference, reference, reference};
        assertThat(run(front, BlkOperation.READ, three)).isEqualTo(BlkStatus.ERROR);
        assertThat(mapped()).isZero();
        assertThat(back.counters().refusals(BlkbackRefusal.PAGE)).isEqualTo(3);
        assertThat(front.grant(false)).isEqualTo(reference);
        assertThat(run(front, BlkOperation.READ, reference)).isEqualTo(BlkStatus.OKAY);
    }

    /**
     * Row 15 (XSA-396): a reference that gets another page while it is kept goes on as the old
     * page, which is the frontend's own loss: no other memory is touched.
     */
    @Test
    void goesOnWithTheOldPageOfAReferenceThatWasGivenAnother() {
        final RawFrontend front = connect("1");
        final int reference = front.grant(false);
        run(front, BlkOperation.READ, reference);
        assertThat(front.takeBack(reference)).isFalse(); // Xen knows that it is in use.

        // The frontend writes another frame into the entry, past every rule.
        final int other = bench.guest().frames().allocate();
        bench.guest().page(other).setMemory(0, 4096, (byte) 0x77);
        front.data().setMemory(0, 4096, (byte) 0x33);
        final int table = bench.guest().domain().grantTable().tableFrame(0);
        bench.guest().page(table).putInt(reference * ENTRY_BYTES + FRAME_OFFSET, other);
        assertThat(run(front, BlkOperation.WRITE, reference)).isEqualTo(BlkStatus.OKAY);
        final UnsafeBuffer onDisk = new UnsafeBuffer(new byte[512]);
        disk.read(3 * 512, onDisk, 0, 512);
        assertThat(onDisk.getByte(0)).isEqualTo((byte) 0x33);
        assertThat(bench.guest().page(other).getByte(0)).isEqualTo((byte) 0x77);

        bench.putFrontendKey("state", "6");
        bench.step(back);
        bench.step(back);
        assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=0");
    }

    @Test
    void usesAPageThatStandsInARequestMoreThanOnce() {
        final RawFrontend front = connect("1");
        final int reference = front.grant(false);
        front.data().setMemory(0, 4096, (byte) 0x5a);
        final BlkRequest request = front.put(BlkOperation.WRITE, 11, 0, 0);
        for (int i = 0; i < 11; i++) {
            request.segment(i, segment).put(reference, i % 8, i % 8);
        }
        front.push();
        bench.step(back);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.OKAY);
        assertThat(mapped()).isEqualTo(1);
        assertThat(back.counters().persistentHits()).isEqualTo(10);
    }
}
