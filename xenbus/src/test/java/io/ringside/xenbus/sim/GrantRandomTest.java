package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantTable;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.GrantEntry;
import io.ringside.xenbus.sim.store.StoreLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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
    private int lent;

    @Test
    void answersAsTheListOfLoansSays() {
        for (int frame = 0; frame < 8; frame++) {
            lender.page(firstFrame + frame).putInt(0, frame);
        }
        for (int step = 0; step < STEPS; step++) {
            final int borrower = random.nextInt(2);
            switch (random.nextInt(5)) {
                case 0 -> lend();
                case 1 -> takeBack();
                case 2, 3 -> map(borrower);
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
        } else if (loan == null || loan.borrower != borrower || (loan.readOnly && !readOnly)) {
            expected = GnttabStatus.GENERAL_ERROR;
        } else {
            expected = GnttabStatus.OKAY;
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
        int expected = GrantEntry.PERMIT_ACCESS | (loan.readOnly ? GrantEntry.READ_ONLY : 0);
        if (loan.reads + loan.writes != 0) {
            expected |= GrantEntry.READING;
        }
        if (loan.writes != 0) {
            expected |= GrantEntry.WRITING;
        }
        final GrantEntry entry = new GrantEntry().wrap(lender.page(table.tableFrame(0)), reference);
        assertThat(GrantEntry.flags(entry.headerAcquire())).as("%s", seed).isEqualTo(expected);
    }

    private int reference() {
        return GrantEntry.RESERVED_ENTRIES + random.nextInt(REFERENCES);
    }
}
