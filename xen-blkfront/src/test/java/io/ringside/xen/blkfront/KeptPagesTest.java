package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontRefusal;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The frontend against a host that does not give pages back. */
final class KeptPagesTest {
    private static final int FRAMES = 8;

    private final TestBench bench = new TestBench();
    private final List<BlockRequest> ended = new ArrayList<>();
    private final Blkfront front = bench.newFrontend(Wakeups.ARMED);
    private int firstFrame;

    @BeforeEach
    void start() {
        firstFrame = bench.guest().frames().allocate(FRAMES);
        front.completionsTo(ended::add);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** Row 15 (XSA-396): a page that stays mapped fails its request, and is not lent again. */
    @Test
    void failsARequestWhosePageTheBackendKeepsAndLendsItNoMore() {
        final RawBackend back = RawBackend.connect(bench, front);
        submit(BlockOperation.READ, 0);
        back.mapAndKeep(0, 0, false);
        back.answer(0, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(ended).hasSize(1);
        assertThat(ended.getFirst().status()).isEqualTo(BlockStatus.ERROR);
        assertThat(front.keptPages()).isEqualTo(1);
        assertThat(front.counters().refusals(BlkfrontRefusal.KEPT_PAGE)).isEqualTo(1);
        assertThat(front.counters().bytesRead()).isZero();
        assertThat(front.isReady()).isTrue();

        submit(BlockOperation.WRITE, 0); // The same page.
        assertThat(back.requestProducer()).isEqualTo(1);
        bench.step(front);
        assertThat(ended).hasSize(2);
        assertThat(ended.getLast().status()).isEqualTo(BlockStatus.ERROR);
        submit(BlockOperation.READ, 1); // Another page.
        assertThat(back.requestProducer()).isEqualTo(2);

        back.giveBack();
        bench.step(front);
        assertThat(front.keptPages()).isZero();
        submit(BlockOperation.WRITE, 0);
        assertThat(back.requestProducer()).isEqualTo(3);
        back.answer(2, BlkStatus.OKAY);
        back.push();
        bench.step(front);
        assertThat(ended.getLast().status()).isEqualTo(BlockStatus.OK);
    }

    @Test
    void connectsAnewOnlyWhenEveryPageIsHome() {
        final RawBackend back = RawBackend.connect(bench, front);
        submit(BlockOperation.READ, 0);
        back.mapAndKeep(0, 0, false);
        bench.putBackendKey("state", "6");
        bench.step(front);
        bench.step(front);
        assertThat(front.isClosed()).isTrue();
        assertThat(ended).hasSize(1);
        assertThat(front.keptPages()).isEqualTo(2); // The ring's page, too.

        front.restart();
        bench.putBackendKey("state", "2");
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("1");
        back.giveBack();
        bench.step(front);
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("1");
        back.close();
        bench.step(front);
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("3");
    }

    @Test
    void closesOnABackendThatLeavesTheLargestRequestNoRoom() {
        final RawBackend back = RawBackend.connect(bench, front);
        int kept = 0;
        int index = 0;
        final int frames = bench.guest().frames().allocate(33 * 11);
        while (front.isReady()) {
            final BlockRequest request = new BlockRequest(11).reset(BlockOperation.READ, 0);
            for (int i = 0; i < 11; i++) {
                request.addSegment(TestDomain.address(frames + kept + i), 512);
            }
            front.submit(request);
            front.commit();
            for (int i = 0; i < 11; i++) {
                back.mapAndKeep(index, i, false);
            }
            back.answer(index, BlkStatus.OKAY);
            back.push();
            bench.step(front);
            kept += 11;
            index++;
        }
        assertThat(kept).isEqualTo(32 * 11);
        assertThat(front.counters().refusals(BlkfrontRefusal.TOO_MANY_KEPT_PAGES)).isEqualTo(1);
        assertThat(front.isClosed()).isTrue();
        back.close();
        for (int i = 0; i < 33; i++) {
            bench.step(front);
        }
        assertThat(front.keptPages()).isZero();
        assertThat(bench.guest().domain().grantTable().usedCount()).isZero();
    }

    private void submit(final BlockOperation operation, final int sector) {
        assertThat(front.submit(request(operation, sector))).isTrue();
        front.commit();
    }

    private BlockRequest request(final BlockOperation operation, final int sector) {
        final BlockRequest request = new BlockRequest(1).reset(operation, sector);
        return operation == BlockOperation.FLUSH
                ? request
                : request.addSegment(TestDomain.address(firstFrame + sector), 512);
    }
}
