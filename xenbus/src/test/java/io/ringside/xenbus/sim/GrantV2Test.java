package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.testkit.Seed;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantTable;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.GrantEntry;
import io.ringside.xenbus.protocol.GrantEntryV2;
import io.ringside.xenbus.protocol.XenErrno;
import io.ringside.xenbus.sim.store.StoreLimits;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrantV2Test {
    private final SimulatedXen xen = new SimulatedXen(new XenLimits(9, 8), StoreLimits.DEFAULTS);
    private final TestDomain lender = new TestDomain(xen, 3);
    private final TestDomain user = new TestDomain(xen, 7);
    private final DomainGrantTable table = lender.domain().grantTable();
    private final GrantMapBatch mapping = new GrantMapBatch(1);
    private final GrantCopyBatch copies = new GrantCopyBatch(4);
    private final int lent = lender.frames().allocate();
    private final int own = user.frames().allocate();

    @AfterEach
    void endDomains() {
        user.close();
        lender.close();
        assertThat(lender.frames().usedCount()).as("the page lent").isEqualTo(1);
    }

    @Test
    void changesTheVersionByTheRules() {
        assertThat(table.version()).isEqualTo(1);
        assertThat(table.setVersion(0)).isEqualTo(-XenErrno.EINVAL);
        assertThat(table.setVersion(3)).isEqualTo(-XenErrno.EINVAL);
        final int reference = table.grantAccess(7, lent, false);
        map(reference);
        assertThat(table.setVersion(2)).isEqualTo(-XenErrno.EBUSY);
        assertThat(table.statusPageCount()).isZero();
        assertThat(table.version()).isEqualTo(1);
        user.domain().grantMapper().unmap(mapping);
        assertThat(table.setVersion(2)).isZero();
        assertThat(table.version()).isEqualTo(2);
        assertThat(table.statusPageCount()).isEqualTo(1);
        assertThat(table.usedCount()).as("wiped").isZero();
        assertThat(map(reference)).isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(table.setVersion(1)).isZero();
        assertThat(table.statusPageCount()).isZero();
        final SimulatedXen old = new SimulatedXen(new XenLimits(1, 1, 1), StoreLimits.DEFAULTS);
        try (TestDomain domain = new TestDomain(old, 3)) {
            assertThat(domain.domain().grantTable().setVersion(2)).isEqualTo(-XenErrno.ENOSYS);
        }
    }

    @Test
    void keepsTheReservedEntriesWhenTheVersionChanges() {
        final GrantEntry store = new GrantEntry().wrap(lender.page(table.tableFrame(0)), 1);
        store.frame(lent);
        store.headerRelease(GrantEntry.header(GrantEntry.PERMIT_ACCESS, 7));
        assertThat(map(1)).isEqualTo(GnttabStatus.OKAY);
        assertThat(table.setVersion(2)).as("mapped but reserved").isZero();
        final GrantEntryV2 now = rawEntry(1);
        assertThat(now.frame()).isEqualTo(lent);
        assertThat(now.headerVolatile()).isEqualTo(GrantEntry.header(GrantEntry.PERMIT_ACCESS, 7));
        assertThat(status(1)).isEqualTo(GrantEntry.READING | GrantEntry.WRITING);
        now.frame(1L << 32);
        assertThat(table.setVersion(1)).isEqualTo(-XenErrno.ERANGE);
        now.frame(lent);
        now.headerVolatile(GrantEntry.header(GrantEntry.TRANSITIVE, 7));
        assertThat(table.setVersion(1)).isEqualTo(-XenErrno.ERANGE);
        now.headerVolatile(GrantEntry.header(GrantEntry.PERMIT_ACCESS, 7));
        assertThat(table.setVersion(1)).isZero();
        assertThat(store.headerAcquire()).isEqualTo(GrantEntry.header(0x19, 7));
        user.domain().grantMapper().unmap(mapping);
        assertThat(store.headerAcquire()).isEqualTo(GrantEntry.header(1, 7));
    }

    /** Threats, row 15: cleared first, looked at second, and kept as long as it is mapped. */
    @Test
    void takesBackByClearingTheEntryAndThenLookingAtTheStatus() {
        table.setVersion(2);
        final int reference = table.grantAccess(7, lent, false);
        assertThat(map(reference)).isEqualTo(GnttabStatus.OKAY);
        assertThat(status(reference)).isEqualTo(GrantEntry.READING | GrantEntry.WRITING);
        assertThat(rawEntry(reference).headerVolatile()).isEqualTo(GrantEntry.header(1, 7));
        assertThat(table.endAccess(reference)).isFalse();
        assertThat(rawEntry(reference).headerVolatile()).isZero();
        assertThat(table.usedCount()).isEqualTo(1);
        user.domain().grantMapper().unmap(mapping);
        assertThat(map(reference)).as("gone already").isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(status(reference)).isZero();
        assertThat(table.endAccess(reference)).isTrue();
    }

    /** Threats, row 15: what was lent for reading is not written to because it was taken back. */
    @Test
    void refusesToWriteWhatIsReadAndWasTakenBack() {
        table.setVersion(2);
        final int reference = table.grantAccess(7, lent, true);
        final GrantMapBatch reading = new GrantMapBatch(1).reset(3);
        reading.add(reference, true);
        user.domain().grantMapper().map(reading);
        assertThat(reading.allMapped()).isTrue();
        assertThat(table.endAccess(reference)).isFalse();
        assertThat(map(reference)).isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(status(reference)).isEqualTo(GrantEntry.READING);
        user.domain().grantMapper().unmap(reading);
        assertThat(table.endAccess(reference)).isTrue();
    }

    @Test
    void lendsAPartOfAPageForCopyingOnly() {
        table.setVersion(2);
        lender.page(lent).putLong(100, 0x1122_3344_5566_7788L);
        final int reference = table.grantSubPage(7, lent, 100, 8, true);
        assertThat(map(reference)).isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(copyIn(3, reference, 100, 8)).isEqualTo(GnttabStatus.OKAY);
        assertThat(user.page(own).getLong(0)).isEqualTo(0x1122_3344_5566_7788L);
        assertThat(copyIn(3, reference, 99, 8)).isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(copyIn(3, reference, 101, 8)).isEqualTo(GnttabStatus.GENERAL_ERROR);
        copies.reset().addOut(own, 0, 3, reference, 100, 1);
        user.domain().grantCopier().copy(copies);
        assertThat(copies.status(0)).as("read-only").isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(table.endAccess(reference)).isTrue();
        assertThatThrownBy(() -> table.grantSubPage(7, lent, 4000, 97, true))
                .hasMessageContaining("offsetBytes=4000");
    }

    @Test
    void followsATransitiveGrantOnce() {
        final TestDomain middle = new TestDomain(xen, 5);
        final DomainGrantTable via = middle.domain().grantTable();
        via.setVersion(2);
        lender.page(lent).putInt(0, 0x1234);
        final int first = table.grantAccess(5, lent, true);
        final int second = via.grantTransitive(7, 3, first, false);
        assertThat(copyIn(5, second, 0, 4)).isEqualTo(GnttabStatus.OKAY);
        assertThat(user.page(own).getInt(0)).isEqualTo(0x1234);
        assertThat(map(5, second)).isEqualTo(GnttabStatus.GENERAL_ERROR);
        copies.reset().addOut(own, 0, 5, second, 0, 1);
        user.domain().grantCopier().copy(copies);
        assertThat(copies.status(0)).as("read-only below").isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(copyIn(5, via.grantTransitive(7, 3, 600, true), 0, 1))
                .isEqualTo(GnttabStatus.BAD_GNTREF);
        assertThat(copyIn(5, via.grantTransitive(7, 99, first, true), 0, 1))
                .isEqualTo(GnttabStatus.BAD_DOMAIN);
        assertThat(copyIn(5, via.grantTransitive(7, 5, second, true), 0, 1))
                .as("its own")
                .isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(lender.domain().foreignMappings() + middle.domain().foreignMappings()).isZero();
        assertThat(table.endAccess(first) && via.endAccess(second)).isTrue();
        middle.close();
    }

    /** Two entries that stand for one another would be followed for ever. */
    @Test
    void refusesAChainOfTransitiveGrants() {
        table.setVersion(2);
        user.domain().grantTable().setVersion(2);
        final TestDomain middle = new TestDomain(xen, 5);
        middle.domain().grantTable().setVersion(2);
        final int there = table.grantTransitive(5, 5, 8, false);
        final int back = middle.domain().grantTable().grantTransitive(7, 3, there, false);
        assertThat(back).isEqualTo(8);
        assertThat(copyIn(5, back, 0, 1)).isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(lender.domain().foreignMappings() + middle.domain().foreignMappings()).isZero();
        middle.close();
    }

    @Test
    void growsWithAPageOfStatusWordsForEveryEightOfEntries() {
        table.setVersion(2);
        int granted = 0;
        while (table.grantAccess(7, lent, true) != GrantTable.NO_REFERENCE) {
            granted++;
        }
        assertThat(granted).isEqualTo(9 * 256 - GrantEntry.RESERVED_ENTRIES);
        assertThat(table.pageCount()).isEqualTo(table.maxPageCount()).isEqualTo(9);
        assertThat(table.statusPageCount()).isEqualTo(2);
        mapping.reset(3).add(2100, true);
        user.domain().grantMapper().map(mapping);
        assertThat(mapping.allMapped()).isTrue();
        assertThat(lender.page(table.statusFrame(1)).getShort((2100 - 2048) * 2))
                .isEqualTo((short) GrantEntry.READING);
        assertThatThrownBy(() -> table.statusFrame(2)).hasMessageContaining("page=2");
    }

    @Test
    void swapsTwoEntriesThatNobodyUses() {
        table.setVersion(2);
        final int whole = table.grantAccess(7, lent, true);
        final int part = table.grantSubPage(5, lent, 16, 32, false);
        assertThat(table.swap(whole, part)).isEqualTo(GnttabStatus.OKAY);
        assertThat(rawEntry(part).headerVolatile()).isEqualTo(GrantEntry.header(5, 7));
        assertThat(rawEntry(whole).headerVolatile()).isEqualTo(GrantEntry.header(0x101, 5));
        assertThat(rawEntry(whole).subPageOffset()).isEqualTo(16);
        assertThat(rawEntry(whole).subPageLength()).isEqualTo(32);
        mapping.reset(3).add(part, true);
        user.domain().grantMapper().map(mapping);
        assertThat(mapping.allMapped()).isTrue();
        assertThat(table.swap(whole, part)).isEqualTo(GnttabStatus.EAGAIN);
        assertThat(table.swap(whole, 256)).isEqualTo(GnttabStatus.BAD_GNTREF);
        assertThat(table.swap(-1, whole)).isEqualTo(GnttabStatus.BAD_GNTREF);
    }

    @Test
    void refusesPartsAndTransitionsInTheFirstVersion() {
        assertThatThrownBy(() -> table.grantSubPage(7, lent, 0, 1, true))
                .hasMessageContaining("version=1");
        assertThatThrownBy(() -> table.grantTransitive(7, 3, 8, true))
                .hasMessageContaining("version=1");
    }

    /** Threats, rows 11 and 16: whatever stands in table and status words, only answers come. */
    @Test
    void answersWhateverStandsInTheTable() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        table.setVersion(2);
        final UnsafeBuffer entries = lender.page(table.tableFrame(0));
        final UnsafeBuffer words = lender.page(table.statusFrame(0));
        final GrantMapBatch batch = new GrantMapBatch(1);
        int done = 0;
        for (int round = 0; round < 200_000; round++) {
            final int reference = random.nextInt(256);
            final GrantEntryV2 entry = new GrantEntryV2().wrap(entries, reference);
            entry.frame(random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(70));
            if (random.nextBoolean()) {
                entry.subPage(random.nextInt(), random.nextInt());
            } else {
                entry.target(random.nextInt(9), random.nextInt(300));
            }
            entry.headerVolatile(GrantEntry.header(random.nextInt(), random.nextInt(2) + 6));
            words.putInt(random.nextInt(1024) * 4, random.nextInt());
            batch.reset(3).add(reference, random.nextBoolean());
            user.domain().grantMapper().map(batch);
            final int status = copyIn(3, reference, random.nextInt(4096), 1);
            assertThat(GnttabStatus.name(status)).as("%s", seed).startsWith("GNTST_");
            done += status == GnttabStatus.OKAY ? 1 : 0;
            user.domain().grantMapper().unmap(batch);
        }
        assertThat(done).as("%s", seed).isPositive();
        assertThat(lender.domain().foreignMappings()).as("%s", seed).isZero();
    }

    private int map(final int reference) {
        return map(3, reference);
    }

    private int map(final int domain, final int reference) {
        mapping.reset(domain).add(reference, false);
        user.domain().grantMapper().map(mapping);
        return mapping.status(0);
    }

    private int copyIn(final int domain, final int reference, final int offset, final int length) {
        copies.reset().addIn(domain, reference, offset, own, 0, length);
        user.domain().grantCopier().copy(copies);
        return copies.status(0);
    }

    private GrantEntryV2 rawEntry(final int reference) {
        return new GrantEntryV2().wrap(lender.page(table.tableFrame(0)), reference);
    }

    private int status(final int reference) {
        return lender.page(table.statusFrame(0)).getShort(reference * 2);
    }
}
