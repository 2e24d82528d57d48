package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.FrameAllocator;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.grant.GrantOperations;
import io.ringside.xenbus.grant.GrantTable;
import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.GrantEntry;
import io.ringside.xenbus.protocol.XenErrno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrantOperationsTest {
    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain lender = new TestDomain(xen, 3);
    private final TestDomain user = new TestDomain(xen, 7);
    private final DomainGrantTable table = lender.domain().grantTable();
    private final GrantOperations operations = user.domain().grantOperations();

    @AfterEach
    void endDomains() {
        user.close();
        lender.close();
    }

    @Test
    void refusesATransferAndLeavesTheWaitingEntryAlone() {
        for (int version = 1; version <= 2; version++) {
            assertThat(table.setVersion(version)).isZero();
            final int reference = table.acceptTransfer(7);
            final int flags = lender.page(table.tableFrame(0)).getInt(reference * 8 * version);
            assertThat(flags).isEqualTo(GrantEntry.header(GrantEntry.ACCEPT_TRANSFER, 7));
            assertThat(operations.transfer(5, 3, reference)).isEqualTo(GnttabStatus.GENERAL_ERROR);
            assertThat(lender.page(table.tableFrame(0)).getInt(reference * 8 * version))
                    .isEqualTo(flags);
            final GrantMapBatch batch = new GrantMapBatch(1).reset(3);
            batch.add(reference, true);
            user.domain().grantMapper().map(batch);
            assertThat(batch.status(0)).isEqualTo(GnttabStatus.GENERAL_ERROR);
            assertThat(table.endAccess(reference)).isTrue();
        }
        assertThat(operations.transfer(64, 3, 8)).isEqualTo(GnttabStatus.BAD_PAGE);
        assertThat(operations.transfer(-1, 3, 8)).isEqualTo(GnttabStatus.BAD_PAGE);
        assertThat(operations.transfer(5, 99, 8)).isEqualTo(GnttabStatus.BAD_DOMAIN);
        assertThat(operations.transfer(5, 7, 8)).isEqualTo(GnttabStatus.BAD_DOMAIN);
    }

    /** A lender without memory for another page of its table has no reference left. */
    @Test
    void lendsNoMoreThanTheTableHasFramesFor() {
        final FrameAllocator frames = lender.frames();
        final int frame = frames.allocate();
        final int spare = frames.allocate();
        while (frames.usedCount() < lender.domain().memory().frameCount() - 1) {
            frames.allocate();
        }
        int granted = 0;
        while (table.grantAccess(7, frame, true) != GrantTable.NO_REFERENCE) {
            granted++;
        }
        assertThat(granted).isEqualTo(512 - GrantEntry.RESERVED_ENTRIES);
        frames.free(spare);
        assertThat(table.grantAccess(7, frame, true)).isNotEqualTo(GrantTable.NO_REFERENCE);
        assertThat(table.pageCount()).isEqualTo(2);
    }

    @Test
    void replacesAMappingByNothingOnly() {
        final GrantMapBatch batch = new GrantMapBatch(2).reset(3);
        batch.add(table.grantAccess(7, lender.frames().allocate(), false), false);
        batch.add(9999, false);
        user.domain().grantMapper().map(batch);
        operations.unmapAndReplace(batch, 0x1000);
        assertThat(batch.status(0)).isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(batch.status(1)).isEqualTo(GnttabStatus.BAD_GNTREF);
        assertThat(user.domain().grantMapper().mappedCount()).isEqualTo(1);
        operations.unmapAndReplace(batch, 0);
        assertThat(batch.status(0)).isEqualTo(GnttabStatus.OKAY);
        assertThat(user.domain().grantMapper().mappedCount()).isZero();
    }

    @Test
    void flushesOnlyWhatIsItsOwnAndWithinAPage() {
        assertThat(operations.cacheFlush(5, 0, 4096, 1)).isZero();
        assertThat(operations.cacheFlush(5, 4095, 1, 3)).isZero();
        assertThat(operations.cacheFlush(5, 4096, 0, 1)).isEqualTo(-XenErrno.EINVAL);
        assertThat(operations.cacheFlush(5, 4095, 2, 1)).isEqualTo(-XenErrno.EINVAL);
        assertThat(operations.cacheFlush(5, -1, 2, 1)).isEqualTo(-XenErrno.EINVAL);
        assertThat(operations.cacheFlush(5, 0, -1, 1)).isEqualTo(-XenErrno.EINVAL);
        assertThat(operations.cacheFlush(5, 0, 1, 4)).isEqualTo(-XenErrno.EINVAL);
        assertThat(operations.cacheFlush(5, 0, 1, 2)).isEqualTo(-XenErrno.EOPNOTSUPP);
        assertThat(operations.cacheFlush(5, 0, 1, 1 | 1 << 31)).isEqualTo(-XenErrno.EOPNOTSUPP);
        assertThat(operations.cacheFlush(64, 0, 1, 1)).isEqualTo(-XenErrno.EPERM);
        assertThat(operations.cacheFlush(64, 0, 0, 1)).as("nothing to do").isZero();
    }

    @Test
    void tellsTheVersionOfItsOwnTableOnly() {
        assertThat(operations.version(DomainId.SELF)).isEqualTo(1);
        user.domain().grantTable().setVersion(2);
        assertThat(operations.version(7)).isEqualTo(2);
        assertThat(operations.version(3)).isEqualTo(-XenErrno.EPERM);
        assertThat(operations.version(99)).isEqualTo(-XenErrno.ESRCH);
    }
}
