package io.ringside.xen.blkfront.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.xen.blkfront.TestDomain;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.sim.XenLimits;
import io.ringside.xenbus.sim.store.StoreLimits;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LentPagesTest {
    private static final int HOST = 0;
    private static final int GUEST = 5;
    private static final int GUEST_FRAMES = 64;
    private static final int SLOTS = 32;
    private static final int BOUNCE_PAGES = 4;
    private static final int RESERVED_AND_USABLE = 512;
    private static final int RESERVED = 8;

    private final SimulatedXen xen = new SimulatedXen(new XenLimits(1, 1024), StoreLimits.DEFAULTS);
    private final TestDomain host = new TestDomain(xen, HOST, 8);
    private final TestDomain guest = new TestDomain(xen, GUEST, GUEST_FRAMES);
    private final BlockRequest request = new BlockRequest(11);
    private final GrantMapBatch batch = new GrantMapBatch(11);
    private LentPages lent = pages(null);
    private int firstFrame;

    @BeforeEach
    void allocate() {
        firstFrame = guest.frames().allocate(4);
        for (int frame = firstFrame; frame < GUEST_FRAMES; frame++) {
            guest.page(frame).setMemory(0, 4096, (byte) 0x77); // What lay there before.
        }
    }

    @AfterEach
    void close() {
        guest.close();
        host.close();
    }

    @Test
    void lendsPagesOnlyAsFarAsTheOperationNeeds() {
        lend(0, BlockOperation.WRITE, 1);
        assertThat(hostMaps(0, false)).isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(hostMaps(0, true)).isEqualTo(GnttabStatus.OKAY);
        hostUnmaps();

        lend(1, BlockOperation.READ, 1);
        assertThat(hostMaps(1, false)).isEqualTo(GnttabStatus.OKAY);
        hostUnmaps();
    }

    @Test
    void takesEveryPageBack() {
        lend(3, BlockOperation.READ, 4);
        assertThat(guest.domain().grantTable().usedCount()).isEqualTo(4);

        assertThat(lent.takeBack(3, null)).isZero();
        assertThat(guest.domain().grantTable().usedCount()).isZero();
        assertThat(lent.takeBack(3, null)).isZero();
    }

    /** Row 15 (XSA-396): a page that is still mapped is not reused on the hope that it is not. */
    @Test
    void keepsAMappedPageAsideUntilItIsHome() {
        lend(0, BlockOperation.READ, 4);
        hostMaps(0, false);

        assertThat(lent.takeBack(0, null)).isEqualTo(1);
        assertThat(lent.keptCount()).isEqualTo(1);
        assertThat(guest.domain().grantTable().usedCount()).isEqualTo(1);
        assertThat(lent.namesKeptPage(request)).isTrue();
        request.reset(BlockOperation.READ, 0).addSegment(TestDomain.address(firstFrame + 1), 512);
        assertThat(lent.namesKeptPage(request)).isFalse();
        assertThat(lent.reclaim(8)).isZero();

        hostUnmaps();
        assertThat(lent.reclaim(8)).isEqualTo(1);
        assertThat(lent.keptCount()).isZero();
        assertThat(guest.domain().grantTable().usedCount()).isZero();
    }

    @Test
    void triesKeptPagesInTurnAndOnlyAFewAtATime() {
        final GrantMapBatch first = new GrantMapBatch(3);
        lend(0, BlockOperation.READ, 4);
        first.reset(GUEST);
        for (int i = 0; i < 3; i++) {
            first.add(lent.reference(0, i), false);
        }
        host.domain().grantMapper().map(first);
        hostMaps(0, 3, false);
        assertThat(lent.takeBack(0, null)).isEqualTo(4);

        hostUnmaps(); // Only the page that was kept last comes home.
        assertThat(lent.reclaim(2)).isZero();
        assertThat(lent.reclaim(2)).isEqualTo(1);
        assertThat(lent.reclaim(100)).isZero();
        host.domain().grantMapper().unmap(first);
        assertThat(lent.reclaim(2)).isEqualTo(2);
        assertThat(lent.reclaim(2)).isEqualTo(1);
        assertThat(lent.reclaim(2)).isZero();
    }

    @Test
    void lendsNothingWhenTheTableHasNoRoomForAll() {
        final int room = RESERVED_AND_USABLE - RESERVED;
        for (int i = 0; i < room - 3; i++) {
            guest.domain().grantTable().grantAccess(HOST, firstFrame, true);
        }

        fill(BlockOperation.READ, 4);
        assertThat(lent.lend(0, request)).isFalse();
        assertThat(guest.domain().grantTable().usedCount()).isEqualTo(room - 3);
        fill(BlockOperation.READ, 3);
        assertThat(lent.lend(0, request)).isTrue();
    }

    /** Row 16 (XSA-403): what lies beside the sectors of a request is nobody's business. */
    @Test
    void showsABackendThatIsNotTrustedTheSectorsAndNothingElse() {
        final int usedBefore = guest.frames().usedCount();
        lent = pages(bounce());
        guest.page(firstFrame).setMemory(0, 4096, (byte) 0x5e);
        guest.page(firstFrame).setMemory(512, 1024, (byte) 0x11);
        request.reset(BlockOperation.WRITE, 0)
                .addSegment(TestDomain.address(firstFrame) + 512, 1024);

        assertThat(lent.lend(0, request)).isTrue();
        assertThat(hostMaps(0, true)).isEqualTo(GnttabStatus.OKAY);
        final UnsafeBuffer seen = batch.page(0);
        for (int i = 0; i < 4096; i++) {
            assertThat(seen.getByte(i)).isEqualTo((byte) (i >= 512 && i < 1536 ? 0x11 : 0));
        }
        hostUnmaps();
        assertThat(lent.takeBack(0, null)).isZero();
        assertThat(guest.domain().vcpu().bytesCopied()).isEqualTo(1024);
        lent.close();
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore);
    }

    @Test
    void copiesInWhatABackendThatIsNotTrustedHasRead() {
        lent = pages(bounce());
        guest.page(firstFrame).setMemory(0, 4096, (byte) 0x5e);
        request.reset(BlockOperation.READ, 0).addSegment(TestDomain.address(firstFrame) + 512, 512);

        lent.lend(0, request);
        assertThat(hostMaps(0, false)).isEqualTo(GnttabStatus.OKAY);
        assertThat(batch.page(0).getByte(512)).isZero();
        batch.page(0).setMemory(0, 4096, (byte) 0x22);
        hostUnmaps();
        assertThat(lent.takeBack(0, request)).isZero();

        for (int i = 0; i < 4096; i++) {
            assertThat(guest.page(firstFrame).getByte(i))
                    .isEqualTo((byte) (i >= 512 && i < 1024 ? 0x22 : 0x5e));
        }
    }

    @Test
    void copiesNothingInUnlessAllPagesAreHome() {
        lent = pages(bounce());
        guest.page(firstFrame).setMemory(0, 4096, (byte) 0x5e);
        fill(BlockOperation.READ, 2);
        lent.lend(0, request);
        hostMaps(0, 1, false);
        assertThat(lent.takeBack(0, request)).isEqualTo(1);
        assertThat(guest.page(firstFrame).getByte(0)).isEqualTo((byte) 0x5e);
        assertThat(guest.domain().vcpu().bytesCopied()).isZero();
    }

    @Test
    void takesNoMorePagesHoweverManyOfItsOwnAreKept() {
        final int usedBefore = guest.frames().usedCount();
        lent = pages(bounce());
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore + BOUNCE_PAGES);
        lend(0, BlockOperation.READ, 1);
        hostMaps(0, false);
        assertThat(lent.takeBack(0, null)).isEqualTo(1);
        assertThat(lent.namesKeptPage(request)).isFalse();

        fill(BlockOperation.READ, BOUNCE_PAGES);
        assertThat(lent.lend(0, request)).isFalse();
        assertThat(guest.domain().grantTable().usedCount()).isEqualTo(1);
        lend(1, BlockOperation.READ, BOUNCE_PAGES - 1);
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore + BOUNCE_PAGES);
        assertThat(lent.takeBack(1, null)).isZero();
        hostUnmaps();
        assertThat(lent.reclaim(1)).isEqualTo(1);
        lend(2, BlockOperation.READ, BOUNCE_PAGES);
        hostMaps(2, false);
        assertThat(lent.takeBack(2, null)).isEqualTo(1);

        lent.close();
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore + 1);
        hostUnmaps();
        assertThat(lent.reclaim(1)).isEqualTo(1);
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore);
    }

    private LentPages pages(final @Nullable BouncePages bounce) {
        return new LentPages(guest.domain().grantTable(), HOST, SLOTS, bounce);
    }

    private BouncePages bounce() {
        return new BouncePages(
                guest.domain().memory(), guest.frames(), guest.domain().vcpu(), BOUNCE_PAGES);
    }

    private void lend(final int slot, final BlockOperation operation, final int segments) {
        fill(operation, segments);
        assertThat(lent.lend(slot, request)).isTrue();
    }

    private void fill(final BlockOperation operation, final int segments) {
        request.reset(operation, 0);
        for (int i = 0; i < segments; i++) {
            request.addSegment(TestDomain.address(firstFrame + i), 4096);
        }
    }

    private int hostMaps(final int slot, final boolean readOnly) {
        return hostMaps(slot, 0, readOnly);
    }

    private int hostMaps(final int slot, final int segment, final boolean readOnly) {
        batch.reset(GUEST).add(lent.reference(slot, segment), readOnly);
        host.domain().grantMapper().map(batch);
        return batch.status(0);
    }

    private void hostUnmaps() {
        host.domain().grantMapper().unmap(batch);
    }
}
