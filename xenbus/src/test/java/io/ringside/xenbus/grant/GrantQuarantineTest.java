package io.ringside.xenbus.grant;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.sim.TestDomain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threats, row 15: a page that is still mapped is kept, and comes back when it is not. */
class GrantQuarantineTest {
    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain lender = new TestDomain(xen, 3);
    private final TestDomain borrower = new TestDomain(xen, 7);
    private final GrantTable table = lender.domain().grantTable();
    private final GrantQuarantine quarantine = new GrantQuarantine(table, lender.frames());
    private final int framesBefore = lender.frames().usedCount();

    @AfterEach
    void endDomains() {
        borrower.close();
        lender.close();
    }

    @Test
    void freesAtOnceWhatNobodyHasMapped() {
        final int frame = lender.frames().allocate();
        assertThat(quarantine.release(table.grantAccess(7, frame, false), frame)).isTrue();
        assertThat(lender.frames().usedCount()).isEqualTo(framesBefore);
        assertThat(quarantine.heldCount()).isZero();
        assertThat(table.usedCount()).isZero();
    }

    @Test
    void keepsEachPageUntilItsOwnMappingIsGone() {
        final GrantMapBatch[] mappings = new GrantMapBatch[3];
        final int[] frames = new int[3];
        for (int i = 0; i < 3; i++) {
            frames[i] = lender.frames().allocate();
            mappings[i] = new GrantMapBatch(1).reset(3);
            mappings[i].add(table.grantAccess(7, frames[i], false), false);
            borrower.domain().grantMapper().map(mappings[i]);
            assertThat(quarantine.release(mappings[i].reference(0), frames[i])).isFalse();
        }
        assertThat(quarantine.heldCount()).isEqualTo(3);
        assertThat(quarantine.reclaim()).isZero();
        borrower.domain().grantMapper().unmap(mappings[1]);
        assertThat(quarantine.reclaim()).isEqualTo(1);
        assertThat(quarantine.heldCount()).isEqualTo(2);
        assertThat(lender.frames().usedCount()).isEqualTo(framesBefore + 2);
        assertThat(lender.frames().allocate())
                .as("not one that is mapped")
                .isNotIn(frames[0], frames[2]);
        borrower.domain().grantMapper().unmap(mappings[0]);
        borrower.domain().grantMapper().unmap(mappings[2]);
        assertThat(quarantine.reclaim()).isEqualTo(2);
        assertThat(table.usedCount()).isZero();
        assertThat(lender.frames().usedCount()).isEqualTo(framesBefore + 1);
    }
}
