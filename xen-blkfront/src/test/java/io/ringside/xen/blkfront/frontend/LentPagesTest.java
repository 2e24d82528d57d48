package io.ringside.xen.blkfront.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.hypervisor.Trace;
import io.ringside.xen.blkfront.TestDomain;
import io.ringside.xen.blkfront.frontend.LentPages.Lending;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.grant.GrantMapBatch;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.sim.XenLimits;
import io.ringside.xenbus.sim.store.StoreLimits;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LentPagesTest {
    private static final int HOST = 0;
    private static final int GUEST = 5;
    private static final int GUEST_FRAMES = 64;
    private static final int PLACES = 16;
    private static final int POOLED_PLACES = 4;
    private static final int RESERVED_AND_USABLE = 512;
    private static final int RESERVED = 8;

    private final SimulatedXen xen = new SimulatedXen(new XenLimits(1, 1024), StoreLimits.DEFAULTS);
    private final TestDomain host = new TestDomain(xen, HOST, 8);
    private final TestDomain guest = new TestDomain(xen, GUEST, GUEST_FRAMES);
    private final BlockRequest request = new BlockRequest(11);
    private final GrantMapBatch batch = new GrantMapBatch(11);
    private final int[] heads = new int[4];
    private final BlkfrontCounters counters = new BlkfrontCounters();
    private LentPages lent = pages(Lending.CALLERS, PLACES);
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

        assertThat(lent.takeBack(heads[3])).isZero();
        assertThat(guest.domain().grantTable().usedCount()).isZero();
        assertThat(lent.takeBack(LentPages.NONE)).isZero();
    }

    /** Row 15 (XSA-396): a page that is still mapped is not reused on the hope that it is not. */
    @Test
    void keepsAMappedPageAsideUntilItIsHome() {
        lend(0, BlockOperation.READ, 4);
        hostMaps(0, false);

        assertThat(lent.takeBack(heads[0])).isEqualTo(1);
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
            first.add(lent.reference(place(0, i)), false);
        }
        host.domain().grantMapper().map(first);
        hostMaps(0, 3, false);
        assertThat(lent.takeBack(heads[0])).isEqualTo(4);

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
        assertThat(lent.lend(request, 0, request.segmentCount())).isEqualTo(LentPages.NONE);
        assertThat(guest.domain().grantTable().usedCount()).isEqualTo(room - 3);
        fill(BlockOperation.READ, 3);
        lend(0);
    }

    /** Row 16 (XSA-403): what lies beside the sectors of a request is nobody's business. */
    @Test
    void showsABackendThatIsNotTrustedTheSectorsAndNothingElse() {
        final int usedBefore = guest.frames().usedCount();
        lent = pages(Lending.BOUNCED, POOLED_PLACES);
        guest.page(firstFrame).setMemory(0, 4096, (byte) 0x5e);
        guest.page(firstFrame).setMemory(512, 1024, (byte) 0x11);
        request.reset(BlockOperation.WRITE, 0)
                .addSegment(TestDomain.address(firstFrame) + 512, 1024);

        lend(0);
        assertThat(hostMaps(0, true)).isEqualTo(GnttabStatus.OKAY);
        final UnsafeBuffer seen = batch.page(0);
        for (int i = 0; i < 4096; i++) {
            assertThat(seen.getByte(i)).isEqualTo((byte) (i >= 512 && i < 1536 ? 0x11 : 0));
        }
        hostUnmaps();
        assertThat(lent.takeBack(heads[0])).isZero();
        assertThat(guest.domain().vcpu().bytesCopied()).isEqualTo(1024);
        lent.close();
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore);
    }

    @Test
    void copiesInWhatABackendThatIsNotTrustedHasRead() {
        lent = pages(Lending.BOUNCED, POOLED_PLACES);
        guest.page(firstFrame).setMemory(0, 4096, (byte) 0x5e);
        request.reset(BlockOperation.READ, 0).addSegment(TestDomain.address(firstFrame) + 512, 512);

        lend(0);
        assertThat(hostMaps(0, false)).isEqualTo(GnttabStatus.OKAY);
        assertThat(batch.page(0).getByte(512)).isZero();
        batch.page(0).setMemory(0, 4096, (byte) 0x22);
        hostUnmaps();
        assertThat(lent.deliver(heads[0], request, 0)).isZero();

        for (int i = 0; i < 4096; i++) {
            assertThat(guest.page(firstFrame).getByte(i))
                    .isEqualTo((byte) (i >= 512 && i < 1024 ? 0x22 : 0x5e));
        }
    }

    @Test
    void copiesNothingInUnlessAllPagesAreHome() {
        lent = pages(Lending.BOUNCED, POOLED_PLACES);
        guest.page(firstFrame).setMemory(0, 4096, (byte) 0x5e);
        fill(BlockOperation.READ, 2);
        lend(0);
        hostMaps(0, 1, false);
        assertThat(lent.deliver(heads[0], request, 0)).isEqualTo(1);
        assertThat(guest.page(firstFrame).getByte(0)).isEqualTo((byte) 0x5e);
        assertThat(guest.domain().vcpu().bytesCopied()).isZero();
    }

    @Test
    void takesNoMorePagesHoweverManyOfItsOwnAreKept() {
        final int usedBefore = guest.frames().usedCount();
        lent = pages(Lending.BOUNCED, POOLED_PLACES);
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore);
        lend(0, BlockOperation.READ, 1);
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore + 1);
        hostMaps(0, false);
        assertThat(lent.takeBack(heads[0])).isEqualTo(1);
        assertThat(lent.namesKeptPage(request)).isFalse();

        fill(BlockOperation.READ, POOLED_PLACES);
        assertThat(lent.lend(request, 0, request.segmentCount())).isEqualTo(LentPages.NONE);
        assertThat(guest.domain().grantTable().usedCount()).isEqualTo(1);
        lend(1, BlockOperation.READ, POOLED_PLACES - 1);
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore + POOLED_PLACES);
        assertThat(lent.takeBack(heads[1])).isZero();
        hostUnmaps();
        assertThat(lent.reclaim(1)).isEqualTo(1);
        lend(2, BlockOperation.READ, POOLED_PLACES);
        hostMaps(2, false);
        assertThat(lent.takeBack(heads[2])).isEqualTo(1);

        lent.close();
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore + 1);
        hostUnmaps();
        assertThat(lent.reclaim(1)).isEqualTo(1);
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore);
    }

    @Test
    void lendsPersistentPagesAgainWithoutAnotherGrant() {
        final int usedBefore = guest.frames().usedCount();
        lent = pages(Lending.PERSISTENT, POOLED_PLACES);
        guest.page(firstFrame).setMemory(0, 4096, (byte) 0x11);
        lend(0, BlockOperation.WRITE, 3);
        assertThat(counters.grants()).isEqualTo(3);
        final int reference = lent.reference(heads[0]);
        assertThat(hostMaps(0, false)).isEqualTo(GnttabStatus.OKAY); // For writing, whatever it is.
        assertThat(batch.page(0).getByte(4095)).isEqualTo((byte) 0x11);
        batch.page(0).setMemory(0, 4096, (byte) 0x22);
        assertThat(lent.takeBack(heads[0])).isZero();
        assertThat(guest.domain().grantTable().usedCount()).isEqualTo(3);
        assertThat(guest.page(firstFrame).getByte(0)).isEqualTo((byte) 0x11);

        lend(0, BlockOperation.READ, 2);
        assertThat(counters.grants()).isEqualTo(3);
        assertThat(counters.persistentHits()).isEqualTo(2);
        lend(1, BlockOperation.READ, 2);
        assertThat(counters.grants()).isEqualTo(4);
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore + POOLED_PLACES);
        fill(BlockOperation.READ, 1);
        assertThat(lent.lend(request, 0, 1)).isEqualTo(LentPages.NONE);
        assertThat(lent.reference(place(1, 0))).isEqualTo(reference); // The page that is mapped.
        fill(BlockOperation.READ, 2);
        assertThat(lent.deliver(heads[1], request, 0)).isZero();
        assertThat(guest.page(firstFrame).getByte(0)).isEqualTo((byte) 0x22);
        lent.takeBack(heads[0]);
        assertThat(counters.bytesCopied()).isEqualTo((3 + 2) * 4096);

        lent.close(); // The host has one page mapped, as it may until now.
        assertThat(lent.keptCount()).isEqualTo(1);
        assertThat(guest.domain().grantTable().usedCount()).isEqualTo(1);
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore + 1);
        hostUnmaps();
        assertThat(lent.reclaim(8)).isEqualTo(1);
        assertThat(guest.domain().grantTable().usedCount()).isZero();
        assertThat(guest.frames().usedCount()).isEqualTo(usedBefore);
    }

    @Test
    void lendsTheSegmentsOfAPieceAlone() {
        fill(BlockOperation.WRITE, 4);
        heads[0] = lent.lend(request, 1, 2);
        assertThat(guest.domain().grantTable().usedCount()).isEqualTo(2);
        guest.page(firstFrame + 2).setMemory(0, 4096, (byte) 0x33);
        assertThat(hostMaps(0, 1, true)).isEqualTo(GnttabStatus.OKAY);
        assertThat(batch.page(0).getByte(0)).isEqualTo((byte) 0x33);
        hostUnmaps();
        assertThat(lent.takeBack(heads[0])).isZero();
    }

    private LentPages pages(final Lending lending, final int capacity) {
        final BlkfrontServices services =
                new BlkfrontServices(
                        guest.domain().memory(),
                        guest.frames(),
                        guest.domain().grantTable(),
                        guest.domain().eventChannels(),
                        guest.domain().vcpu(),
                        Wakeups.ARMED,
                        Trace.OFF,
                        BlkfrontOptions.PLAIN,
                        counters);
        return new LentPages(services, HOST, lending, capacity);
    }

    private void lend(final int loan, final BlockOperation operation, final int segments) {
        fill(operation, segments);
        lend(loan);
    }

    private void lend(final int loan) {
        heads[loan] = lent.lend(request, 0, request.segmentCount());
        assertThat(heads[loan]).isNotEqualTo(LentPages.NONE);
    }

    private int place(final int loan, final int segment) {
        int place = heads[loan];
        for (int i = 0; i < segment; i++) {
            place = lent.next(place);
        }
        return place;
    }

    private void fill(final BlockOperation operation, final int segments) {
        request.reset(operation, 0);
        for (int i = 0; i < segments; i++) {
            request.addSegment(TestDomain.address(firstFrame + i), 4096);
        }
    }

    private int hostMaps(final int loan, final boolean readOnly) {
        return hostMaps(loan, 0, readOnly);
    }

    private int hostMaps(final int loan, final int segment, final boolean readOnly) {
        batch.reset(GUEST).add(lent.reference(place(loan, segment)), readOnly);
        host.domain().grantMapper().map(batch);
        return batch.status(0);
    }

    private void hostUnmaps() {
        host.domain().grantMapper().unmap(batch);
    }
}
