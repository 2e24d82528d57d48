package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import io.ringside.testkit.Seed;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.frontend.BlkfrontRefusal;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random suspends: each request ends once, whatever the backend has of it at that moment. */
final class BlkReplayTest {
    private static final int DISK_SECTORS = 2048;
    private static final int LIVES = 60;
    private static final int FRAMES = 4000;

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private final TestBench bench = new TestBench();
    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);

    // What a backend in the test's own hands has of the requests.
    private final Deque<BlockRequest> inFlight = new ArrayDeque<>(); // in their order
    private final List<Taken> taken = new ArrayList<>();
    private final Set<Long> visible = new HashSet<>(); // sectors of requests that are answered
    private final Set<Long> mapped = new HashSet<>(); // sectors of requests of which it has a page
    private final boolean[] busy = new boolean[60]; // of the 64 sectors that there are
    private int firstFrame;
    private int submitted;
    private int ended;
    private int failed;

    /** A request that the backend has copied off the ring. */
    private record Taken(long id, int operation, long sector, List<Integer> references) {}

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    /**
     * Whose pages the backend has, and for how long, when the connection is cut: the caller's own,
     * others for the request, or others for as long as the connection lasts.
     */
    @ParameterizedTest
    @CsvSource({"false,1", "false,0", "true,1"})
    void losesAndDoublesNothingHoweverOftenItIsSuspended(
            final boolean everything, final String trusted) {
        bench.putFrontendKey("trusted", trusted);
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final MoodyStore store = new MoodyStore(disk, random.split(), 0);
        final Blkback back = bench.newBackend(store, Wakeups.ARMED, BlkbackOptions.FULL);
        final Blkfront front =
                bench.newFrontend(
                        Wakeups.ARMED,
                        everything ? BlkfrontOptions.ALL.withQueues(3) : BlkfrontOptions.PLAIN);
        final RandomWorkload work =
                new RandomWorkload(
                        bench.guest(), front, DISK_SECTORS, random, seed.toString(), false);
        bench.growGrantTable();
        final String atFirst = bench.resources();
        bench.connect(front, back);
        int withPagesMapped = 0;
        for (int i = 0; i < 30_000; i++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (front.isReady()) {
                        work.step();
                    }
                }
                case 1 -> bench.step(front);
                default -> bench.step(back);
            }
            if (front.isReady() && random.nextInt(100) == 0) {
                final boolean holds = store.heldCount() != 0; // And so their pages are mapped.
                front.suspend();
                assertThat(front.keptPages() != 0).as("%s", seed).isTrue(); // At least the ring.
                withPagesMapped += holds ? 1 : 0;
            } else if (front.isSuspended() && random.nextInt(5) == 0) {
                front.resume();
            }
        }
        if (front.isSuspended()) {
            front.resume();
        }
        for (int i = 0; i < 5000 && work.completedCount() != work.submittedCount(); i++) {
            front.commit();
            bench.step(back);
            bench.step(front);
        }
        assertThat(work.completedCount()).as("%s", seed).isEqualTo(work.submittedCount());
        assertThat(work.completedCount()).as("%s", seed).isGreaterThan(500);
        assertThat(withPagesMapped).as("%s", seed).isGreaterThan(10);
        assertThat(front.counters().replays()).as("%s", seed).isGreaterThan(50);
        assertThat(front.counters().refusals(BlkfrontRefusal.KEPT_PAGE)).as("%s", seed).isZero();
        work.checkDisk(disk);
        front.shutdown();
        for (int i = 0; i < 1000 && !(front.isClosed() && back.isClosed()); i++) {
            bench.step(front);
            bench.step(back);
        }
        bench.settle(front, back);
        assertThat(bench.resources()).as("%s", seed).isEqualTo(atFirst);
    }

    /** Row 15 (XSA-396), and every moment at which a connection can be cut. */
    @ParameterizedTest
    @CsvSource({"false,1", "false,0", "true,1"})
    void endsEachRequestOnceWhateverTheBackendStillHasOfIt(
            final boolean persistent, final String trusted) {
        bench.putFrontendKey("trusted", trusted);
        bench.putBackendKey("feature-persistent", persistent ? "1" : "0");
        final Blkfront front =
                bench.newFrontend(
                        Wakeups.ARMED, BlkfrontOptions.PLAIN.withPersistentGrants(persistent));
        front.completionsTo(request -> checkEnded(request, persistent));
        firstFrame = bench.guest().frames().allocate(FRAMES);
        int suspendedWithPagesMapped = 0;
        for (int life = 0; life < LIVES; life++) {
            final RawBackend back = RawBackend.connect(bench, front);
            assertThat(back.requestProducer()).as("%s", seed).isEqualTo(inFlight.size());
            take(back);
            int next = 0;
            for (final BlockRequest request : inFlight) { // All of them again, in their order.
                assertThat(taken.get(next++).sector).as("%s", seed).isEqualTo(request.sector());
            }
            for (int i = random.nextInt(80); i > 0; i--) {
                act(front, back);
            }
            suspendedWithPagesMapped += mapped.isEmpty() ? 0 : 1;
            front.suspend();
            assertThat(visible).as("%s: what was answered has ended", seed).isEmpty();
            front.resume();
            bench.putBackendKey("state", "2");
            bench.step(front);
            assertThat(bench.frontendKey("state")).as("%s", seed).isEqualTo("1");
            back.close(); // Only now are the pages home.
            for (int i = 0; front.keptPages() != 0; i++) {
                assertThat(i).as("%s", seed).isLessThan(FRAMES);
                bench.step(front);
            }
            taken.clear();
            mapped.clear();
        }
        assertThat(ended + inFlight.size()).as("%s", seed).isEqualTo(submitted);
        assertThat(ended).as("%s", seed).isGreaterThan(LIVES / 4);
        assertThat(suspendedWithPagesMapped).as("%s", seed).isPositive();
        assertThat(front.counters().replays()).as("%s", seed).isGreaterThan(LIVES / 4);
        assertThat(failed != 0).as("%s", seed).isEqualTo(!persistent);
        assertThat(front.counters().refusals(BlkfrontRefusal.KEPT_PAGE))
                .as("%s", seed)
                .isEqualTo(failed);
        assertThat(front.counters().refusals()).as("%s", seed).isEqualTo(failed);
    }

    private void act(final Blkfront front, final RawBackend back) {
        switch (random.nextInt(8)) {
            case 0, 1 -> submit(front);
            case 2 -> take(back);
            case 3 -> {
                if (!taken.isEmpty()) {
                    map(back, taken.get(random.nextInt(taken.size())));
                }
            }
            case 4 -> {
                back.giveBack();
                mapped.clear();
            }
            case 5, 6 -> {
                if (!taken.isEmpty()) {
                    final Taken one = taken.remove(random.nextInt(taken.size()));
                    back.put(one.id, one.operation, BlkStatus.OKAY);
                    back.push();
                    visible.add(one.sector);
                }
            }
            default -> bench.step(front);
        }
    }

    private void submit(final Blkfront front) {
        final int sector = random.nextInt(busy.length);
        final int segments = random.nextInt(3) + 1;
        if (busy[sector]) {
            return;
        }
        final BlockRequest request =
                new BlockRequest(segments)
                        .reset(
                                random.nextBoolean() ? BlockOperation.READ : BlockOperation.WRITE,
                                sector);
        for (int i = 0; i < segments; i++) {
            final int frame = firstFrame + (submitted * 3 + i) % FRAMES;
            request.addSegment(TestDomain.address(frame), 512);
        }
        if (front.submit(request)) {
            busy[sector] = true;
            inFlight.add(request);
            submitted++;
            front.commit();
        }
    }

    /** Copies what is there, since an answer may come to lie over a request. */
    private void take(final RawBackend back) {
        final int known = back.answeredCount() + taken.size();
        for (int index = known; index < back.requestProducer(); index++) {
            final BlkRequest request = back.request(index);
            final List<Integer> references = new ArrayList<>();
            for (int i = 0; i < request.segmentCount(); i++) {
                references.add(request.segment(i, new BlkSegment()).reference());
            }
            taken.add(new Taken(request.id(), request.operation(), request.sector(), references));
        }
    }

    private void map(final RawBackend back, final Taken one) {
        final int which = random.nextInt(one.references.size());
        back.mapAndKeep(one.references.get(which), true);
        mapped.add(one.sector);
    }

    private void checkEnded(final BlockRequest request, final boolean persistent) {
        assertThat(inFlight.remove(request)).as("%s: not for a second time", seed).isTrue();
        assertThat(visible.remove(request.sector())).as("%s: answered", seed).isTrue();
        final boolean kept = mapped.remove(request.sector()) && !persistent;
        assertThat(request.status())
                .as("%s sector=%d", seed, request.sector())
                .isEqualTo(kept ? BlockStatus.ERROR : BlockStatus.OK);
        busy[(int) request.sector()] = false;
        ended++;
        failed += kept ? 1 : 0;
    }
}
