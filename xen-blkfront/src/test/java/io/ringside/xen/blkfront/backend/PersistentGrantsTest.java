package io.ringside.xen.blkfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The pages that are kept, against a model made of Java's collections. */
final class PersistentGrantsTest {
    private static final int CAPACITY = 8;

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private final BlkbackCounters counters = new BlkbackCounters();
    private final Unmapped unmapped = new Unmapped();
    private final ReleasedPages released = new ReleasedPages(unmapped, 5, counters);
    private final PersistentGrants kept = new PersistentGrants(CAPACITY, released, counters);
    private final UnsafeBuffer page = new UnsafeBuffer(new byte[4096]);

    /** Remembers what is unmapped. */
    private static final class Unmapped implements GrantMapper {
        private final Set<Integer> handles = new HashSet<>();

        @Override
        public void map(final GrantMapBatch batch) {
            throw new AssertionError("nothing is mapped here");
        }

        @Override
        public void unmap(final GrantMapBatch batch) {
            for (int i = 0; i < batch.count(); i++) {
                if (!handles.add(batch.handle(i))) {
                    throw new AssertionError("unmapped twice: handle=" + batch.handle(i));
                }
            }
        }

        @Override
        public RingMapping mapRing(final int domain, final int... references) {
            throw new AssertionError("nothing is mapped here");
        }

        @Override
        public int mappedCount() {
            return 0;
        }
    }

    /** One use that has not ended. */
    private record Use(int entry, String key) {}

    @Test
    void keepsTheSamePagesAsAModelThatForgetsTheLeastRecentlyUsed() {
        final LinkedHashMap<String, Integer> idle = new LinkedHashMap<>(); // key to handle, by age
        final Map<String, Integer> inUse = new HashMap<>();
        final Map<String, Integer> useCounts = new HashMap<>();
        final List<Use> uses = new ArrayList<>();
        final Set<Integer> gone = new HashSet<>();
        int handles = 0;
        for (int step = 0; step < 100_000; step++) {
            if (uses.isEmpty() || random.nextInt(5) < 2 && uses.size() < 2 * CAPACITY) {
                final int reference = random.nextInt(20) - 5;
                final boolean onlyToRead = random.nextBoolean();
                final String writable = reference + "w";
                final String own = onlyToRead ? reference + "r" : writable;
                final String key =
                        inUse.containsKey(writable) || idle.containsKey(writable) ? writable : own;
                final int entry = kept.use(reference, onlyToRead);
                if (inUse.containsKey(key)) {
                    assertThat(kept.isNew(entry)).as("%s", seed).isFalse();
                } else if (idle.containsKey(key)) {
                    assertThat(kept.isNew(entry)).as("%s", seed).isFalse();
                    inUse.put(key, idle.remove(key));
                } else if (inUse.size() == CAPACITY) {
                    assertThat(entry).as("%s", seed).isEqualTo(PersistentGrants.NONE);
                    continue;
                } else {
                    if (inUse.size() + idle.size() == CAPACITY) {
                        gone.add(idle.pollFirstEntry().getValue());
                    }
                    assertThat(kept.isNew(entry)).as("%s", seed).isTrue();
                    if (random.nextInt(8) == 0) { // It could not be mapped.
                        assertThat(kept.isMapped(entry)).isFalse();
                        kept.endUse(entry);
                        continue;
                    }
                    kept.mapped(entry, ++handles, page);
                    inUse.put(key, handles);
                }
                assertThat(kept.isMapped(entry)).as("%s", seed).isTrue();
                assertThat(kept.page(entry).capacity()).as("%s", seed).isEqualTo(4096);
                useCounts.merge(key, 1, Integer::sum);
                uses.add(new Use(entry, key));
            } else {
                final Use use = uses.remove(random.nextInt(uses.size()));
                kept.endUse(use.entry());
                if (useCounts.merge(use.key(), -1, Integer::sum) == 0) {
                    idle.put(use.key(), inUse.remove(use.key()));
                }
            }
            released.unmap();
            // The sets grow: comparing all of them each time takes minutes.
            assertThat(unmapped.handles).as("step=%d, %s", step, seed).hasSize(gone.size());
        }
        released.unmap(); // The last step may have gone on before it came to that.
        assertThat(unmapped.handles).as("%s", seed).isEqualTo(gone);
        assertThat(counters.persistentEvictions()).as("%s", seed).isEqualTo(gone.size());
        assertThat(gone).as("%s", seed).hasSizeGreaterThan(1000);
        uses.forEach(use -> kept.endUse(use.entry()));
        kept.close();
        released.unmap();
        assertThat(unmapped.handles).as("%s", seed).hasSize(handles);
    }

    @Test
    void mapsAPageOnceForAllThatUseItInOneBatch() {
        final int first = kept.use(3, false);
        assertThat(kept.isNew(first)).isTrue();
        final int second = kept.use(3, true);
        assertThat(second).isEqualTo(first);
        assertThat(kept.isNew(second)).isFalse();
        kept.mapped(first, 77, page);
        kept.endUse(first);
        kept.endUse(second);
        assertThat(kept.isMapped(kept.use(3, true))).isTrue();
        assertThat(counters.persistentHits()).isEqualTo(2);
        assertThat(counters.persistentMisses()).isEqualTo(1);
    }

    @Test
    void forgetsAPageThatCouldNotBeMappedOnlyWithItsLastUse() {
        final int first = kept.use(3, false);
        final int second = kept.use(3, false);
        kept.endUse(first);
        assertThat(kept.isMapped(second)).isFalse();
        kept.endUse(second);
        for (int reference = 0; reference < CAPACITY; reference++) {
            final int entry = kept.use(reference, false);
            assertThat(entry).isNotEqualTo(PersistentGrants.NONE);
            assertThat(kept.isNew(entry)).isTrue();
        }
        assertThat(kept.use(99, false)).isEqualTo(PersistentGrants.NONE);
    }

    /** What was lent for reading only is never written to. */
    @Test
    void keepsAPageForReadingApartFromTheSameForWriting() {
        final int reading = kept.use(3, true);
        kept.mapped(reading, 1, page);
        kept.endUse(reading);
        final int writing = kept.use(3, false);
        assertThat(writing).isNotEqualTo(reading);
        assertThat(kept.isNew(writing)).isTrue();
    }
}
