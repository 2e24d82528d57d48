package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.testkit.WireFacts;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.GrantEntry;
import io.ringside.xenbus.protocol.hypercall.GnttabCopy;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrantCopyTest {
    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain lender = new TestDomain(xen, 3);
    private final TestDomain user = new TestDomain(xen, 7);
    private final DomainGrantTable table = lender.domain().grantTable();
    private final DomainGrantCopier copier = user.domain().grantCopier();
    private final GrantCopyBatch batch = new GrantCopyBatch(8);
    private final int lent = lender.frames().allocate();
    private final int own = user.frames().allocate();

    @BeforeEach
    void fillPages() {
        for (int i = 0; i < 4096; i++) {
            lender.page(lent).putByte(i, (byte) i);
        }
    }

    @AfterEach
    void endDomains() {
        user.close();
        lender.close();
    }

    @Test
    void copiesInAndOutAndNothingBesides() {
        batch.reset();
        batch.addIn(3, table.grantAccess(7, lent, true), 10, own, 4000, 96);
        batch.addOut(own, 4000, 3, table.grantAccess(7, lent, false), 2000, 5);
        copier.copy(batch);
        assertThat(batch.allCopied()).isTrue();
        assertThat(user.page(own).getByte(3999)).isZero();
        assertThat(user.page(own).getByte(4000)).isEqualTo((byte) 10);
        assertThat(user.page(own).getByte(4095)).isEqualTo((byte) 105);
        assertThat(lender.page(lent).getByte(1999)).isEqualTo((byte) 1999);
        assertThat(lender.page(lent).getByte(2000)).isEqualTo((byte) 10);
        assertThat(lender.page(lent).getByte(2004)).isEqualTo((byte) 14);
        assertThat(lender.page(lent).getByte(2005)).isEqualTo((byte) 2005);
    }

    @Test
    void countsOneHypercallForABatchAndEachCopyWithItsBytes() {
        batch.reset();
        final int reference = table.grantAccess(7, lent, true);
        batch.addIn(3, reference, 0, own, 0, 4096);
        batch.addIn(3, reference, 0, own, 0, 4);
        batch.addIn(3, 9999, 0, own, 0, 4);
        copier.copy(batch);
        assertThat(user.count(Crossing.HYPERCALL)).isEqualTo(1);
        assertThat(user.count(Crossing.GRANT_COPY)).isEqualTo(2);
        assertThat(user.domain().vcpu().bytesCopied()).isEqualTo(4100);
        assertThat(lender.count(Crossing.GRANT_COPY)).isZero();
    }

    /** Copying the lender's table shows the entry's own bits as they are in the midst of it. */
    @Test
    void marksTheEntryInUseWhileItCopiesAndNoLonger() {
        final int reference = table.grantAccess(7, table.tableFrame(0), false);
        batch.reset();
        batch.addIn(3, reference, 0, own, 0, 4096);
        copier.copy(batch);
        final GrantEntry seen = new GrantEntry().wrap(user.page(own), reference);
        assertThat(GrantEntry.flags(seen.headerAcquire()))
                .isEqualTo(GrantEntry.PERMIT_ACCESS | GrantEntry.READING);
        final GrantEntry now = new GrantEntry().wrap(lender.page(table.tableFrame(0)), reference);
        assertThat(GrantEntry.flags(now.headerAcquire())).isEqualTo(GrantEntry.PERMIT_ACCESS);
        assertThat(lender.domain().foreignMappings()).isZero();
        assertThat(table.endAccess(reference)).isTrue();
    }

    /** Threats, rows 10 and 11: each copy has its own answer, and none is an exception. */
    @Test
    void namesWhatIsWrongWithEachCopy() {
        final int good = table.grantAccess(7, lent, false);
        batch.reset();
        batch.addIn(3, good, 4000, own, 0, 97);
        batch.addIn(3, good, 0, own, 4096, 1);
        batch.addIn(3, good, -1, own, 0, 1);
        batch.addIn(3, good, 0, own, 0, -1);
        batch.addIn(3, good, Integer.MAX_VALUE, own, 0, Integer.MAX_VALUE);
        batch.addIn(99, good, 0, own, 0, 1);
        batch.addIn(3, -1, 0, own, 0, 1);
        batch.addOut(own, 0, 3, table.grantAccess(7, lent, true), 0, 1);
        copier.copy(batch);
        for (int i = 0; i < 5; i++) {
            assertThat(batch.status(i)).as("copy %d", i).isEqualTo(GnttabStatus.BAD_COPY_ARG);
        }
        assertThat(batch.status(5)).isEqualTo(GnttabStatus.BAD_DOMAIN);
        assertThat(batch.status(6)).isEqualTo(GnttabStatus.BAD_GNTREF);
        assertThat(batch.status(7)).as("read-only").isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(user.count(Crossing.GRANT_COPY)).isZero();
        batch.reset();
        batch.addIn(3, good, 0, 64, 0, 1);
        batch.addIn(3, good, 0, -1, 0, 1);
        batch.from(3, lent, 0);
        batch.to(DomainId.SELF, own, 0);
        batch.add(0, 1);
        batch.addIn(3, table.grantAccess(5, lent, false), 0, own, 0, 1);
        batch.addIn(3, good, 4096, own, 4096, 0);
        copier.copy(batch);
        assertThat(batch.status(0)).isEqualTo(GnttabStatus.BAD_PAGE);
        assertThat(batch.status(1)).isEqualTo(GnttabStatus.BAD_PAGE);
        assertThat(batch.status(2)).as("not its own").isEqualTo(GnttabStatus.PERMISSION_DENIED);
        assertThat(batch.status(3)).as("another's").isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(batch.status(4)).as("nothing to copy").isEqualTo(GnttabStatus.OKAY);
        assertThat(lender.domain().foreignMappings()).isZero();
    }

    @Test
    void copiesBetweenTwoGrantsAndTwoFrames() {
        final TestDomain third = new TestDomain(xen, 9);
        final int target = third.frames().allocate();
        batch.reset();
        batch.from(3, table.grantAccess(7, lent, true), 1);
        batch.to(9, third.domain().grantTable().grantAccess(7, target, false), 2);
        batch.add(GrantCopyBatch.SOURCE_GRANT | GrantCopyBatch.DESTINATION_GRANT, 3);
        batch.from(DomainId.SELF, own, 0);
        batch.to(7, own, 100);
        batch.add(0, 1);
        copier.copy(batch);
        assertThat(batch.allCopied()).isTrue();
        assertThat(third.page(target).getInt(1)).isEqualTo(0x0302_0100);
        third.close();
    }

    /** The bytes of a caller of either width, at the offsets of grant_table.h. */
    @Test
    void readsTheOperationsOfCallersOfEitherWidth() {
        final WireFacts facts = WireFacts.load("xen-grant");
        final int reference = table.grantAccess(7, lent, true);
        for (final String variant : new String[] {"", "@x86_32"}) {
            final WireFacts.Struct copy = facts.struct("gnttab_copy" + variant);
            final WireFacts.Struct pointer = facts.struct("gnttab_copy_ptr" + variant);
            final UnsafeBuffer bytes = new UnsafeBuffer(new byte[100 * copy.size()]);
            for (int i = 0; i < 100; i++) {
                final int at = i * copy.size();
                final int to = at + copy.offset("dest");
                bytes.putInt(at + pointer.offset("u.ref"), i == 70 ? 9999 : reference);
                bytes.putShort(at + pointer.offset("domid"), (short) 3);
                bytes.putShort(at + pointer.offset("offset"), (short) (i + 5));
                bytes.putInt(to + pointer.offset("u.gmfn"), i == 71 ? -1 : own);
                bytes.putShort(to + pointer.offset("domid"), (short) DomainId.SELF);
                bytes.putShort(to + pointer.offset("offset"), (short) (2 * i));
                bytes.putShort(at + copy.offset("len"), (short) 2);
                bytes.putShort(at + copy.offset("flags"), (short) 1);
                bytes.putShort(at + copy.offset("status"), (short) 77);
            }
            user.page(own).setMemory(0, 4096, (byte) 0);
            final long before = user.count(Crossing.HYPERCALL);
            copier.copy(bytes, 100, !variant.isEmpty());
            assertThat(user.count(Crossing.HYPERCALL)).isEqualTo(before + 1);
            for (int i = 0; i < 100; i++) {
                final int expected =
                        switch (i) {
                            case 70 -> GnttabStatus.BAD_GNTREF;
                            case 71 -> GnttabStatus.BAD_PAGE;
                            default -> GnttabStatus.OKAY;
                        };
                assertThat(bytes.getShort(i * copy.size() + copy.offset("status")))
                        .as("%s copy %d", variant, i)
                        .isEqualTo((short) expected);
                final int copied = expected == GnttabStatus.OKAY ? i + 5 + ((i + 6) << 8) : 0;
                assertThat(user.page(own).getShort(2 * i)).isEqualTo((short) copied);
            }
            assertThat(copy.size())
                    .isEqualTo(
                            variant.isEmpty() ? GnttabCopy.SIZE_BYTES : GnttabCopy.SIZE_BYTES_32);
        }
    }

    @Test
    void leavesAloneWhatHasAStatusAlready() {
        batch.reset();
        batch.addIn(3, table.grantAccess(7, lent, true), 1, own, 0, 1);
        batch.result(0, GnttabStatus.EAGAIN);
        copier.copy(batch);
        assertThat(batch.status(0)).isEqualTo(GnttabStatus.EAGAIN);
        assertThat(user.page(own).getByte(0)).isZero();
    }

    @Test
    void copiesFromAPageThatIsMappedToo() {
        final int reference = table.grantAccess(7, lent, false);
        final var mapping = new io.ringside.xenbus.grant.GrantMapBatch(1).reset(3);
        mapping.add(reference, true);
        user.domain().grantMapper().map(mapping);
        batch.reset();
        batch.addOut(own, 0, 3, reference, 0, 1);
        copier.copy(batch);
        assertThat(batch.allCopied()).isTrue();
        final GrantEntry now = new GrantEntry().wrap(lender.page(table.tableFrame(0)), reference);
        assertThat(GrantEntry.flags(now.headerAcquire()))
                .isEqualTo(GrantEntry.PERMIT_ACCESS | GrantEntry.READING);
        user.domain().grantMapper().unmap(mapping);
        assertThat(table.endAccess(reference)).isTrue();
    }
}
