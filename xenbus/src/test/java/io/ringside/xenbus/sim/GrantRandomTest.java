package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantTable;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.GrantEntry;
import io.ringside.xenbus.protocol.GrantEntryV2;
import io.ringside.xenbus.protocol.GrantStatusWords;
import io.ringside.xenbus.sim.store.StoreLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * One lender and two borrowers do random things, and a list of loans says what must come of each.
 */
class GrantRandomTest {
    private static final int STEPS = 50_000;
    private static final int HANDLES = 12;
    private static final int REFERENCES = 24;

    private static final class Loan {
        private final int borrower;
        private final int frame;
        private final boolean readOnly;
        private boolean cleared;
        private int reads;
        private int writes;

        private Loan(final int borrower, final int frame, final boolean readOnly) {
            this.borrower = borrower;
            this.frame = frame;
            this.readOnly = readOnly;
        }
    }

    private record Mapping(GrantMapBatch batch, int reference, boolean readOnly) {}

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private final SimulatedXen xen =
            new SimulatedXen(new XenLimits(1, HANDLES), StoreLimits.DEFAULTS);
    private final TestDomain lender = new TestDomain(xen, 3);
    private final TestDomain[] borrowers = {new TestDomain(xen, 7), new TestDomain(xen, 9)};
    private final DomainGrantTable table = lender.domain().grantTable();
    private final Loan[] loans = new Loan[GrantEntry.RESERVED_ENTRIES + REFERENCES];
    private final List<List<Mapping>> mappings = List.of(new ArrayList<>(), new ArrayList<>());
    private final int firstFrame = lender.frames().allocate(8);
    private final int[] copyFrames = {
        borrowers[0].frames().allocate(), borrowers[1].frames().allocate()
    };
    private int lent;

    @Test
    void answersAsTheListOfLoansSays() {
        followTheListOfLoans();
    }

    @Test
    void answersAsTheListOfLoansSaysInTheSecondVersion() {
        assertThat(table.setVersion(2)).isZero();
        followTheListOfLoans();
    }

    private void followTheListOfLoans() {
        for (int frame = 0; frame < 8; frame++) {
            lender.page(firstFrame + frame).putInt(0, frame);
        }
        for (int step = 0; step < STEPS; step++) {
            final int borrower = random.nextInt(2);
            switch (random.nextInt(6)) {
                case 0 -> lend();
                case 1 -> takeBack();
                case 2, 3 -> map(borrower);
                case 4 -> copy(borrower);
                default -> unmap(borrower);
            }
            assertThat(table.usedCount()).as("%s", seed).isEqualTo(lent);
            assertThat(borrowers[borrower].domain().grantMapper().mappedCount())
                    .as("%s", seed)
                    .isEqualTo(mappings.get(borrower).size());
        }
        assertThat(lender.domain().foreignMappings())
                .as("%s", seed)
                .isEqualTo(mappings.get(0).size() + mappings.get(1).size());
        for (final TestDomain borrower : borrowers) {
            borrower.close();
        }
        assertThat(lender.domain().foreignMappings()).as("%s", seed).isZero();
        lender.close();
    }

    private void lend() {
        if (lent == REFERENCES) {
            return;
        }
        final Loan loan = new Loan(random.nextInt(2), random.nextInt(8), random.nextBoolean());
        final int reference =
                table.grantAccess(
                        borrowers[loan.borrower].domain().id(),
                        firstFrame + loan.frame,
                        loan.readOnly);
        assertThat(reference).as("%s", seed).isNotEqualTo(GrantTable.NO_REFERENCE);
        assertThat(loans[reference]).as("%s: handed out twice", seed).isNull();
        loans[reference] = loan;
        lent++;
    }

    private void takeBack() {
        final int reference = reference();
        final Loan loan = loans[reference];
        if (loan == null) {
            return;
        }
        final boolean free = loan.reads + loan.writes == 0;
        loan.cleared = table.version() == 2;
        assertThat(table.endAccess(reference)).as("%s", seed).isEqualTo(free);
        if (free) {
            loans[reference] = null;
            lent--;
        }
    }

    private void map(final int borrower) {
        final int reference = reference();
        final boolean readOnly = random.nextBoolean();
        final GrantMapBatch batch = new GrantMapBatch(1).reset(3);
        batch.add(reference, readOnly);
        borrowers[borrower].domain().grantMapper().map(batch);
        final Loan loan = loans[reference];
        final int expected;
        if (mappings.get(borrower).size() == HANDLES) {
            expected = GnttabStatus.NO_DEVICE_SPACE;
        } else {
            expected = expectedOfLoan(loan, borrower, readOnly);
        }
        assertThat(batch.status(0)).as("%s", seed).isEqualTo(expected);
        if (expected != GnttabStatus.OKAY || loan == null) {
            assertThat(batch.page(0).capacity()).as("%s", seed).isZero();
            return;
        }
        assertThat(batch.page(0).getInt(0)).as("%s", seed).isEqualTo(loan.frame);
        loan.reads += readOnly ? 1 : 0;
        loan.writes += readOnly ? 0 : 1;
        mappings.get(borrower).add(new Mapping(batch, reference, readOnly));
        checkFlags(reference, loan);
    }

    /** An entry that was cleared in vain is lost to all but those who use it just so. */
    private static int expectedOfLoan(
            final @Nullable Loan loan, final int borrower, final boolean readOnly) {
        if (loan == null || loan.borrower != borrower) {
            return GnttabStatus.GENERAL_ERROR;
        }
        final boolean used = loan.writes != 0 || (readOnly && loan.reads != 0);
        if (loan.cleared && !used) {
            return GnttabStatus.GENERAL_ERROR;
        }
        return loan.readOnly && !readOnly ? GnttabStatus.GENERAL_ERROR : GnttabStatus.OKAY;
    }

    private void copy(final int borrower) {
        final int reference = reference();
        final boolean readOnly = random.nextBoolean();
        final Loan loan = loans[reference];
        final int frame = copyFrames[borrower];
        final GrantCopyBatch batch = new GrantCopyBatch(1).reset();
        if (readOnly) {
            batch.addIn(3, reference, 0, frame, 0, 4);
        } else {
            batch.addOut(frame, 4, 3, reference, 4, 4);
        }
        borrowers[borrower].domain().grantCopier().copy(batch);
        final int expected = expectedOfLoan(loan, borrower, readOnly);
        assertThat(batch.status(0)).as("%s", seed).isEqualTo(expected);
        if (expected == GnttabStatus.OKAY && loan != null) {
            if (readOnly) {
                assertThat(borrowers[borrower].page(frame).getInt(0))
                        .as("%s", seed)
                        .isEqualTo(loan.frame);
            }
            checkFlags(reference, loan);
        }
    }

    private void unmap(final int borrower) {
        final List<Mapping> own = mappings.get(borrower);
        if (own.isEmpty()) {
            return;
        }
        final Mapping mapping = own.remove(random.nextInt(own.size()));
        borrowers[borrower].domain().grantMapper().unmap(mapping.batch());
        assertThat(mapping.batch().status(0)).as("%s", seed).isEqualTo(GnttabStatus.OKAY);
        assertThat(mapping.batch().page(0).capacity()).as("%s", seed).isZero();
        final Loan loan = loans[mapping.reference()];
        assertThat(loan).as("%s: taken back while mapped", seed).isNotNull();
        loan.reads -= mapping.readOnly() ? 1 : 0;
        loan.writes -= mapping.readOnly() ? 0 : 1;
        checkFlags(mapping.reference(), loan);
    }

    private void checkFlags(final int reference, final Loan loan) {
        final int permitted = GrantEntry.PERMIT_ACCESS | (loan.readOnly ? GrantEntry.READ_ONLY : 0);
        int expected = loan.cleared ? 0 : permitted;
        if (loan.reads + loan.writes != 0) {
            expected |= GrantEntry.READING;
        }
        if (loan.writes != 0) {
            expected |= GrantEntry.WRITING;
        }
        assertThat(flags(reference)).as("%s", seed).isEqualTo(expected);
    }

    private int flags(final int reference) {
        final UnsafeBuffer page = lender.page(table.tableFrame(0));
        if (table.version() == 1) {
            return GrantEntry.flags(new GrantEntry().wrap(page, reference).headerAcquire());
        }
        final GrantStatusWords status = new GrantStatusWords(lender.page(table.statusFrame(0)));
        final int header = new GrantEntryV2().wrap(page, reference).headerVolatile();
        return GrantEntry.flags(header) | status.statusVolatile(reference);
    }

    private int reference() {
        return GrantEntry.RESERVED_ENTRIES + random.nextInt(REFERENCES);
    }
}
