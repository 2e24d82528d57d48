package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.testkit.Seed;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.protocol.DomainId;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A batch is one hypercall, and nothing else: each copy ends as if it were made alone. */
final class CopyRunTest {
    private static final int ROUNDS = 300;
    private static final int COPIES = 24;
    private static final int PAGES = 4;
    private static final int FLAGS = 4;

    private final Seed seed = Seed.ofRun();

    @Test
    void endsEachCopyAsIfItWereMadeAlone() {
        final World together = new World();
        final World alone = new World();
        final SplittableRandom random = seed.random();
        final GrantCopyBatch many = new GrantCopyBatch(COPIES);
        final GrantCopyBatch one = new GrantCopyBatch(1);
        for (int round = 0; round < ROUNDS; round++) {
            many.reset();
            final int[] expected = new int[COPIES];
            for (int i = 0; i < COPIES; i++) {
                final long recipe = random.nextLong();
                together.add(many, recipe);
                one.reset();
                alone.add(one, recipe);
                alone.user.domain().grantCopier().copy(one);
                expected[i] = one.status(0);
            }
            together.user.domain().grantCopier().copy(many);
            for (int i = 0; i < COPIES; i++) {
                assertThat(many.status(i)).as("copy %d, %s", i, seed).isEqualTo(expected[i]);
            }
            assertThat(together.bytes()).as(seed.toString()).isEqualTo(alone.bytes());
            assertThat(together.uses()).as(seed.toString()).isZero();
        }
        assertThat(together.user.count(Crossing.HYPERCALL)).isEqualTo(ROUNDS);
        assertThat(together.user.count(Crossing.GRANT_COPY))
                .isEqualTo(alone.user.count(Crossing.GRANT_COPY));
        assertThat(together.user.domain().vcpu().bytesCopied())
                .isEqualTo(alone.user.domain().vcpu().bytesCopied());
        together.close();
        alone.close();
    }

    /** Two lenders and one who copies; the same recipe means the same copy in each world. */
    private static final class World {
        private final SimulatedXen xen = new SimulatedXen();
        private final TestDomain[] lenders = {new TestDomain(xen, 3), new TestDomain(xen, 4)};
        private final TestDomain user = new TestDomain(xen, 7);
        private final int[][] references = new int[2][];
        private final int ownFirst = user.frames().allocate(PAGES);

        World() {
            for (int i = 0; i < 2; i++) {
                final DomainGrantTable table = lenders[i].domain().grantTable();
                final int first = lenders[i].frames().allocate(PAGES);
                references[i] =
                        new int[] {
                            table.grantAccess(7, first, false),
                            table.grantAccess(7, first + 1, false),
                            table.grantAccess(7, first + 2, true),
                            table.grantAccess(8, first + 3, false),
                            -1,
                            9999
                        };
                for (int page = 0; page < PAGES; page++) {
                    lenders[i].page(first + page).setMemory(0, 4096, (byte) (16 * i + page));
                }
            }
        }

        private void add(final GrantCopyBatch batch, final long recipe) {
            final SplittableRandom random = new SplittableRandom(recipe);
            final int flags =
                    random.nextInt(10) == 0 ? random.nextInt(FLAGS) : 1 + random.nextInt(2);
            final int lender = random.nextInt(2);
            final int reference =
                    references[lender][random.nextInt(8) == 0 ? random.nextInt(6) : 0];
            final int domain = random.nextInt(20) == 0 ? 99 : 3 + lender;
            final int frame = random.nextInt(20) == 0 ? -1 : ownFirst + random.nextInt(PAGES);
            final int self = random.nextInt(20) == 0 ? domain : DomainId.SELF;
            final int length = random.nextInt(random.nextInt(3) == 0 ? 4097 : 100);
            final int offset = random.nextInt(4096 - Math.min(length, 4000));
            if ((flags & GrantCopyBatch.SOURCE_GRANT) != 0) {
                batch.from(domain, reference, offset);
            } else {
                batch.from(self, frame, offset);
            }
            if ((flags & GrantCopyBatch.DESTINATION_GRANT) != 0) {
                batch.to(domain, reference, random.nextInt(64));
            } else {
                batch.to(self, frame, random.nextInt(64));
            }
            batch.add(flags, length);
        }

        private int bytes() {
            int hash = 1;
            for (final TestDomain domain : new TestDomain[] {lenders[0], lenders[1], user}) {
                final byte[] page = new byte[4096];
                for (int frame = 0; frame < 64; frame++) {
                    domain.page(frame).getBytes(0, page);
                    hash = 31 * hash + Arrays.hashCode(page);
                }
            }
            return hash;
        }

        private int uses() {
            return lenders[0].domain().foreignMappings() + lenders[1].domain().foreignMappings();
        }

        private void close() {
            user.close();
            lenders[0].close();
            lenders[1].close();
        }
    }
}
