package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.Crossing;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantMapper.RingMapping;
import io.ringside.xenbus.grant.GrantTable;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.GrantEntry;
import io.ringside.xenbus.sim.store.StoreLimits;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrantTest {
    private static final int HANDLES = 8;

    private final SimulatedXen xen =
            new SimulatedXen(new XenLimits(2, HANDLES), StoreLimits.DEFAULTS);
    private final TestDomain lender = new TestDomain(xen, 3);
    private final TestDomain borrower = new TestDomain(xen, 7);
    private final DomainGrantTable table = lender.domain().grantTable();
    private final DomainGrantMapper mapper = borrower.domain().grantMapper();
    private final GrantMapBatch batch = new GrantMapBatch(16);
    private final int frame = lender.frames().allocate();

    @AfterEach
    void endDomains() {
        borrower.close();
        lender.close();
    }

    @Test
    void laysTheEntryInTheDomainsOwnTablePage() {
        final int reference = table.grantAccess(7, frame, true);
        assertThat(reference).isEqualTo(GrantEntry.RESERVED_ENTRIES);
        assertThat(hex(lender.page(table.tableFrame(0)), reference * 8, 8))
                .isEqualTo("05 00 07 00 0%x 00 00 00".formatted(frame));
    }

    @Test
    void mapsThePageThatWasGranted() {
        lender.page(frame).putInt(100, 0x1234);
        mapOne(table.grantAccess(7, frame, false), false);
        assertThat(batch.allMapped()).isTrue();
        assertThat(batch.page(0).capacity()).isEqualTo(4096);
        assertThat(batch.page(0).getInt(100)).isEqualTo(0x1234);
        batch.page(0).putInt(200, 0x5678);
        assertThat(lender.page(frame).getInt(200)).isEqualTo(0x5678);
    }

    @Test
    void countsOneHypercallAndOneFlushForABatchAndOneMapForEachPage() {
        batch.reset(3);
        batch.add(table.grantAccess(7, frame, false), false);
        batch.add(table.grantAccess(7, frame, false), true);
        batch.add(9999, false);
        mapper.map(batch);
        assertThat(borrower.count(Crossing.HYPERCALL)).isEqualTo(1);
        assertThat(borrower.count(Crossing.PAGE_MAP)).isEqualTo(2);
        assertThat(borrower.count(Crossing.TLB_FLUSH)).isZero();
        mapper.unmap(batch);
        assertThat(borrower.count(Crossing.HYPERCALL)).isEqualTo(2);
        assertThat(borrower.count(Crossing.PAGE_UNMAP)).isEqualTo(2);
        assertThat(borrower.count(Crossing.TLB_FLUSH)).isEqualTo(1);
        mapper.unmap(batch);
        assertThat(borrower.count(Crossing.HYPERCALL)).isEqualTo(3);
        assertThat(borrower.count(Crossing.TLB_FLUSH)).as("nothing to forget").isEqualTo(1);
        assertThat(lender.count(Crossing.HYPERCALL)).isZero();
    }

    /** Threats, row 15: looked at and taken back in one step, or not at all. */
    @Test
    void refusesToTakeBackWhatIsMappedAndTakesItBackLater() {
        final int reference = table.grantAccess(7, frame, false);
        mapOne(reference, false);
        assertThat(table.endAccess(reference)).isFalse();
        assertThat(table.usedCount()).isEqualTo(1);
        mapper.unmap(batch);
        assertThat(batch.page(0).capacity()).isZero();
        assertThat(table.endAccess(reference)).isTrue();
        assertThat(table.usedCount()).isZero();
        mapOne(reference, false);
        assertThat(batch.status(0)).isEqualTo(GnttabStatus.GENERAL_ERROR);
    }

    @Test
    void showsInTheFlagsHowThePageIsMapped() {
        final int reference = table.grantAccess(7, frame, false);
        final GrantMapBatch reading = new GrantMapBatch(1).reset(3);
        reading.add(reference, true);
        mapper.map(reading);
        assertThat(flags(reference)).isEqualTo(GrantEntry.PERMIT_ACCESS | GrantEntry.READING);
        mapOne(reference, false);
        assertThat(flags(reference))
                .isEqualTo(GrantEntry.PERMIT_ACCESS | GrantEntry.READING | GrantEntry.WRITING);
        mapper.unmap(batch);
        assertThat(flags(reference)).isEqualTo(GrantEntry.PERMIT_ACCESS | GrantEntry.READING);
        mapper.unmap(reading);
        assertThat(flags(reference)).isEqualTo(GrantEntry.PERMIT_ACCESS);
    }

    @Test
    void countsSeveralMappingsOfOneReference() {
        final int reference = table.grantAccess(7, frame, false);
        batch.reset(3);
        batch.add(reference, false);
        batch.add(reference, false);
        mapper.map(batch);
        final GrantMapBatch second = new GrantMapBatch(1).reset(3);
        second.add(reference, false);
        mapper.map(second);
        mapper.unmap(batch);
        assertThat(table.endAccess(reference)).isFalse();
        mapper.unmap(second);
        assertThat(table.endAccess(reference)).isTrue();
    }

    @Test
    void refusesAWritableMappingOfAReadOnlyGrant() {
        final int reference = table.grantAccess(7, frame, true);
        mapOne(reference, false);
        assertThat(batch.status(0)).isEqualTo(GnttabStatus.GENERAL_ERROR);
        mapOne(reference, true);
        assertThat(batch.status(0)).isEqualTo(GnttabStatus.OKAY);
        final GrantMapBatch writing = new GrantMapBatch(1).reset(3);
        writing.add(reference, false);
        mapper.map(writing);
        assertThat(writing.status(0)).isEqualTo(GnttabStatus.GENERAL_ERROR);
    }

    @Test
    void namesWhatIsWrongWithEachEntry() {
        batch.reset(3);
        batch.add(table.grantAccess(5, frame, false), false);
        batch.add(512, false);
        batch.add(-1, false);
        batch.add(20, false);
        mapper.map(batch);
        assertThat(batch.status(0)).as("not ours").isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(batch.status(1)).as("beyond").isEqualTo(GnttabStatus.BAD_GNTREF);
        assertThat(batch.status(2)).as("unsigned").isEqualTo(GnttabStatus.BAD_GNTREF);
        assertThat(batch.status(3)).as("invalid").isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(mapper.mappedCount()).isZero();
        batch.reset(99);
        batch.add(8, false);
        mapper.map(batch);
        assertThat(batch.status(0)).isEqualTo(GnttabStatus.BAD_DOMAIN);
    }

    /** Threats, row 10: one bad entry neither hides nor spoils the others. */
    @Test
    void keepsTheStatusOfEachEntryOfABatch() {
        batch.reset(3);
        batch.add(table.grantAccess(7, frame, false), false);
        batch.add(table.grantAccess(5, frame, false), false);
        batch.add(table.grantAccess(7, lender.frames().allocate(), false), false);
        mapper.map(batch);
        assertThat(batch.allMapped()).isFalse();
        assertThat(batch.page(0).capacity()).isEqualTo(4096);
        assertThat(batch.page(1).capacity()).isZero();
        assertThat(batch.handle(1)).isEqualTo(GrantMapBatch.NO_HANDLE);
        assertThat(batch.page(2).capacity()).isEqualTo(4096);
        mapper.unmap(batch);
        assertThat(mapper.mappedCount()).isZero();
        assertThat(batch.status(1)).isEqualTo(GnttabStatus.GENERAL_ERROR);
    }

    /** Threats, row 10: a ring is mapped whole, or not at all. */
    @Test
    void unwindsARingOfWhichOnePageFails() {
        final int first = table.grantAccess(7, frame, false);
        final int readOnly = table.grantAccess(7, lender.frames().allocate(), true);
        assertThat(mapper.mapRing(3, first, readOnly))
                .isEqualTo(new RingMapping.Refused(readOnly, GnttabStatus.GENERAL_ERROR));
        assertThat(mapper.mappedCount()).isZero();
        assertThat(borrower.count(Crossing.PAGE_MAP)).isZero();
        assertThat(table.endAccess(first)).isTrue();
        assertThat(mapper.mapRing(99, 8))
                .isEqualTo(new RingMapping.Refused(8, GnttabStatus.BAD_DOMAIN));
    }

    @Test
    void mapsTheScatteredPagesOfARingInARow() {
        final int neighbour = lender.frames().allocate();
        final int first = table.grantAccess(7, neighbour, false);
        final int second = table.grantAccess(7, frame, false);
        lender.page(neighbour).putByte(0, (byte) 1);
        lender.page(frame).putByte(0, (byte) 2);
        if (mapper.mapRing(3, first, second) instanceof RingMapping.Mapped ring) {
            assertThat(ring.pages().buffer().capacity()).isEqualTo(8192);
            assertThat(ring.pages().buffer().getByte(0)).isEqualTo((byte) 1);
            assertThat(ring.pages().buffer().getByte(4096)).isEqualTo((byte) 2);
            assertThat(mapper.mappedCount()).isEqualTo(2);
            assertThat(borrower.count(Crossing.PAGE_MAP)).isEqualTo(2);
            ring.unmap().run();
            assertThat(ring.pages().buffer().capacity()).isZero();
            assertThat(borrower.count(Crossing.PAGE_UNMAP)).isEqualTo(2);
            assertThat(borrower.count(Crossing.TLB_FLUSH)).isEqualTo(1);
            assertThat(borrower.count(Crossing.HYPERCALL)).isEqualTo(2);
        }
        assertThat(mapper.mappedCount()).isZero();
        assertThat(borrower.count(Crossing.PAGE_UNMAP)).isEqualTo(2);
        assertThat(table.endAccess(first) && table.endAccess(second)).isTrue();
    }

    /** Threats, row 8: a ring given back twice does not take the handle of who came after. */
    @Test
    void givesARingBackOnlyOnce() {
        final int reference = table.grantAccess(7, frame, false);
        final RingMapping old = mapper.mapRing(3, reference);
        unmap(old);
        final RingMapping current = mapper.mapRing(3, reference);
        unmap(old);
        assertThat(mapper.mappedCount()).isEqualTo(1);
        assertThat(table.endAccess(reference)).isFalse();
        unmap(current);
        assertThat(table.endAccess(reference)).isTrue();
    }

    @Test
    void refusesToUnmapAHandleThatMapsNothing() {
        batch.reset(3);
        batch.add(8, false);
        batch.add(9, false);
        batch.result(0, GnttabStatus.OKAY, 5);
        batch.result(1, GnttabStatus.OKAY, 1_000_000);
        mapper.unmap(batch);
        assertThat(batch.status(0)).isEqualTo(GnttabStatus.BAD_HANDLE);
        assertThat(batch.status(1)).isEqualTo(GnttabStatus.BAD_HANDLE);
        assertThat(batch.handle(0)).isEqualTo(GrantMapBatch.NO_HANDLE);
        assertThat(borrower.count(Crossing.PAGE_UNMAP)).isZero();
        assertThat(borrower.count(Crossing.TLB_FLUSH)).isZero();
    }

    @Test
    void mapsNoMoreThanItHasHandles() {
        batch.reset(3);
        for (int i = 0; i <= HANDLES; i++) {
            batch.add(table.grantAccess(7, frame, false), false);
        }
        mapper.map(batch);
        assertThat(mapper.mappedCount()).isEqualTo(HANDLES);
        assertThat(batch.status(HANDLES)).isEqualTo(GnttabStatus.NO_DEVICE_SPACE);
        mapper.unmap(batch);
        mapOne(table.grantAccess(7, frame, false), false);
        assertThat(batch.allMapped()).isTrue();
    }

    @Test
    void growsTheTableByAPageUntilItIsFull() {
        int granted = 0;
        while (table.grantAccess(7, frame, true) != GrantTable.NO_REFERENCE) {
            granted++;
        }
        assertThat(granted).isEqualTo(2 * 512 - GrantEntry.RESERVED_ENTRIES);
        assertThat(table.usedCount()).isEqualTo(granted);
        assertThat(table.pageCount()).isEqualTo(2);
        assertThat(lender.count(Crossing.HYPERCALL)).isEqualTo(1);
        mapOne(1023, true);
        assertThat(batch.allMapped()).isTrue();
        mapper.unmap(batch);
        assertThat(table.endAccess(1023)).isTrue();
        assertThat(table.grantAccess(7, frame, true)).isEqualTo(1023);
    }

    @Test
    void refusesToEndWhatIsNotGranted() {
        assertThatThrownBy(() -> table.endAccess(8)).hasMessageContaining("reference=8");
        assertThatThrownBy(() -> table.endAccess(0)).hasMessageContaining("reference=0");
        assertThatThrownBy(() -> table.endAccess(-1)).hasMessageContaining("reference=-1");
    }

    /** Threats, row 11: what a hostile lender writes into its table is refused, never asserted. */
    @Test
    void refusesAFrameThatTheLenderDoesNotHave() {
        final GrantEntry entry = rawEntry(300);
        entry.frame(0xFFFF_FFFFL);
        entry.headerRelease(GrantEntry.header(GrantEntry.PERMIT_ACCESS, 7));
        mapOne(300, false);
        assertThat(batch.status(0)).isEqualTo(GnttabStatus.BAD_PAGE);
        assertThat(batch.page(0).capacity()).isZero();
        assertThat(flags(300)).isEqualTo(GrantEntry.PERMIT_ACCESS);
        assertThat(mapper.mapRing(3, 300))
                .isEqualTo(new RingMapping.Refused(300, GnttabStatus.BAD_PAGE));
        assertThat(mapper.mappedCount()).isZero();
    }

    @Test
    void refusesEntriesThatAreNotForMapping() {
        for (final int flags : new int[] {0, 2, 3, 0x101, 0xFFFE}) {
            final GrantEntry entry = rawEntry(300);
            entry.frame(frame);
            entry.headerRelease(GrantEntry.header(flags, 7));
            mapOne(300, true);
            assertThat(batch.status(0)).as("flags=%x", flags).isEqualTo(GnttabStatus.GENERAL_ERROR);
        }
    }

    /** The frame is fixed while the page is mapped, whatever the lender writes meanwhile. */
    @Test
    void keepsTheFrameOfAMappedEntry() {
        final int other = lender.frames().allocate();
        lender.page(frame).putByte(0, (byte) 1);
        lender.page(other).putByte(0, (byte) 2);
        final int reference = table.grantAccess(7, frame, false);
        mapOne(reference, false);
        rawEntry(reference).frame(other);
        final GrantMapBatch second = new GrantMapBatch(1).reset(3);
        second.add(reference, false);
        mapper.map(second);
        assertThat(second.page(0).getByte(0)).isEqualTo((byte) 1);
        rawEntry(reference).headerRelease(GrantEntry.header(GrantEntry.PERMIT_ACCESS, 9));
        assertThat(second.page(0).getByte(0)).isEqualTo((byte) 1);
    }

    /** Threats, row 16: nothing that a frame held before reaches the hypervisor or a peer. */
    @Test
    void zeroesTheFramesOfTheControlPlane() {
        final TestDomain dirty = new TestDomain(xen, 11);
        final int used = dirty.domain().grantTable().tableFrame(0);
        dirty.page(used).setMemory(0, 4096, (byte) 0xFF);
        dirty.page(dirty.domain().sharedInfoFrame()).setMemory(0, 4096, (byte) 0xFF);
        dirty.domain().destroy();
        assertThat(dirty.frames().usedCount()).isZero();
        final Domain next =
                xen.createDomain(
                        11,
                        dirty.domain().memory(),
                        new io.ringside.hypervisor.FrameAllocator(dirty.domain().memory()),
                        dirty.domain().vcpu(),
                        dirty.domain().doorbell());
        assertThat(hex(dirty.page(next.sharedInfoFrame()), 0, 16))
                .isEqualTo("00 ".repeat(16).trim());
        assertThat(hex(dirty.page(next.grantTable().tableFrame(0)), 8, 8))
                .isEqualTo("00 00 00 00 00 00 00 00");
        next.destroy();
        dirty.close();
    }

    @Test
    void keepsMappingsOfADomainThatIsGoneUntilTheyAreUndone() {
        mapOne(table.grantAccess(7, frame, false), false);
        lender.page(frame).putByte(0, (byte) 9);
        lender.domain().destroy();
        assertThat(batch.page(0).getByte(0)).isEqualTo((byte) 9);
        assertThat(lender.domain().foreignMappings()).isEqualTo(1);
        final GrantMapBatch late = new GrantMapBatch(1).reset(3);
        late.add(8, false);
        mapper.map(late);
        assertThat(late.status(0)).isEqualTo(GnttabStatus.BAD_DOMAIN);
        mapper.unmap(batch);
        assertThat(lender.domain().foreignMappings()).isZero();
    }

    @Test
    void undoesTheMappingsOfABorrowerThatIsGone() {
        final int reference = table.grantAccess(7, frame, false);
        mapOne(reference, false);
        borrower.domain().destroy();
        assertThat(lender.domain().foreignMappings()).isZero();
        assertThat(table.endAccess(reference)).isTrue();
    }

    private void mapOne(final int reference, final boolean readOnly) {
        batch.reset(3);
        batch.add(reference, readOnly);
        mapper.map(batch);
    }

    private static void unmap(final RingMapping ring) {
        assertThat(ring).isInstanceOf(RingMapping.Mapped.class);
        ((RingMapping.Mapped) ring).unmap().run();
    }

    private GrantEntry rawEntry(final int reference) {
        return new GrantEntry().wrap(lender.page(table.tableFrame(0)), reference);
    }

    private int flags(final int reference) {
        return GrantEntry.flags(rawEntry(reference).headerAcquire());
    }

    private static String hex(final UnsafeBuffer buffer, final int offset, final int length) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("%02x ".formatted(buffer.getByte(offset + i)));
        }
        return text.toString().trim();
    }
}
