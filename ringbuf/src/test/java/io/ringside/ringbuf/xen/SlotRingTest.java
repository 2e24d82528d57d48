package io.ringside.ringbuf.xen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.ringside.ringbuf.memory.PageView;
import io.ringside.ringbuf.memory.SharedPages;
import io.ringside.testkit.Seed;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotRingTest {
    private static final int PAGE_BYTES = 4096;

    @ParameterizedTest
    @CsvSource({"1,112,0", "1,12,-200", "2,8,2147483600", "3,64,-7", "16,112,-1", "1,4032,-3"})
    void carriesEveryRequestAndItsResponseOnceThroughWrapsOfSlotsAndIndices(
            final int pages, final int slotBytes, final int start) {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        try (SharedPages memory = SharedPages.anonymous(2 * pages);
                PageView view = memory.view(everySecond(pages))) {
            final UnsafeBuffer ring = view.buffer();
            ring.putInt(SharedRing.REQUEST_PRODUCER_OFFSET, start);
            ring.putInt(SharedRing.RESPONSE_PRODUCER_OFFSET, start);
            final FrontRing front = FrontRing.attach(ring, slotBytes);
            final BackRing back = BackRing.attach(ring, slotBytes);
            final UnsafeBuffer slot = new UnsafeBuffer(new byte[slotBytes]);
            final ArrayDeque<Integer> taken = new ArrayDeque<>();
            int sent = 0;
            int seen = 0;
            int completed = 0;
            while (completed < 20_000) {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        int batch = random.nextInt(front.slotCount() + 1);
                        while (batch-- > 0 && front.freeRequests() > 0) {
                            pattern(slot, sent++);
                            front.putRequest(slot, 0, slotBytes);
                        }
                        front.pushRequests();
                    }
                    case 1 -> {
                        int batch = random.nextInt(back.slotCount() + 1);
                        while (batch-- > 0 && back.requests() > 0) {
                            back.takeRequest(slot, 0, slotBytes);
                            assertThat(isPattern(slot, seen)).as("request, %s", seed).isTrue();
                            taken.add(seen++);
                        }
                    }
                    case 2 -> {
                        int batch = random.nextInt(back.slotCount() + 1);
                        while (batch-- > 0 && !taken.isEmpty()) {
                            pattern(slot, ~taken.remove());
                            back.putResponse(slot, 0, slotBytes);
                        }
                        back.pushResponses();
                    }
                    default -> {
                        while (front.responses() > 0) {
                            front.takeResponse(slot, 0, slotBytes);
                            assertThat(isPattern(slot, ~completed))
                                    .as("response, %s", seed)
                                    .isTrue();
                            completed++;
                        }
                    }
                }
                assertThat(front.isBroken() || back.isBroken()).as("%s", seed).isFalse();
            }
        }
    }

    @Test
    void losesNoWakeupAndSendsNoneNeedlesslyUnderAnySchedule() {
        // Each half sleeps when it runs dry and may only be woken by the other half's push.
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_BYTES]);
        final FrontRing front = FrontRing.initialise(page, 112);
        final BackRing back = BackRing.join(page, 112);
        final UnsafeBuffer slot = new UnsafeBuffer(new byte[112]);
        boolean frontAwake = true;
        boolean backAwake = false;
        int completed = 0;
        int steps = 0;
        while (completed < 50_000) {
            assertThat(frontAwake || backAwake)
                    .as("both sleep: a wakeup was lost, %s", seed)
                    .isTrue();
            assertThat(++steps).as("%s", seed).isLessThan(10_000_000);
            if (frontAwake && (!backAwake || random.nextBoolean())) {
                for (int n = random.nextInt(4); n > 0 && front.responses() > 0; n--) {
                    front.takeResponse(slot, 0, 16);
                    completed++;
                }
                for (int n = random.nextInt(4); n > 0 && front.freeRequests() > 0; n--) {
                    front.putRequest(slot, 0, 112);
                }
                if (front.pushRequests()) {
                    assertThat(backAwake).as("needless wakeup, %s", seed).isFalse();
                    backAwake = true;
                }
                if (front.freeRequests() == 0) {
                    frontAwake = front.finalCheckForResponses();
                }
            } else {
                for (int n = random.nextInt(4); n > 0 && back.requests() > 0; n--) {
                    back.takeRequest(slot, 0, 112);
                    back.putResponse(slot, 0, 16);
                }
                if (back.pushResponses() && !frontAwake) {
                    frontAwake = true;
                }
                backAwake = back.finalCheckForRequests();
            }
        }
    }

    @Test
    void holdsOffUntilSoManyResponsesAreThere() {
        final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_BYTES]);
        final FrontRing front = FrontRing.initialise(page, 112);
        final BackRing back = BackRing.join(page, 112);
        final UnsafeBuffer slot = new UnsafeBuffer(new byte[112]);
        for (int i = 0; i < 8; i++) {
            front.putRequest(slot, 0, 112);
        }
        front.pushRequests();
        assertThat(front.finalCheckForResponses(4)).isFalse();
        for (int i = 1; i <= 8; i++) {
            assertThat(back.requests()).isEqualTo(9 - i);
            back.takeRequest(slot, 0, 112);
            back.putResponse(slot, 0, 16);
            assertThat(back.pushResponses()).as("response %d", i).isEqualTo(i == 4);
        }
        assertThat(front.finalCheckForResponses(4)).isTrue();
    }

    @Test
    void decidesOnceForEverythingPublishedSinceTheLastDecision() {
        final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_BYTES]);
        final FrontRing front = FrontRing.initialise(page, 112);
        final BackRing back = BackRing.join(page, 112);
        final UnsafeBuffer slot = new UnsafeBuffer(new byte[112]);
        for (int i = 1; i <= 3; i++) {
            front.putRequest(slot, 0, 112);
            front.publishRequests();
            assertThat(back.requests()).as("visible without a decision").isPositive();
        }
        assertThat(front.mustNotify()).as("the first of them was asked for").isTrue();
        assertThat(front.mustNotify()).as("nothing is owed").isFalse();
        assertThat(back.requests()).isEqualTo(1);
        for (int i = 1; i <= 3; i++) {
            assertThat(back.requests()).isPositive();
            back.takeRequest(slot, 0, 112);
            back.putResponse(slot, 0, 16);
            back.publishResponses();
        }
        assertThat(back.finalCheckForRequests()).isFalse();
        front.putRequest(slot, 0, 112);
        front.publishRequests();
        assertThat(back.mustNotify()).isTrue();
        assertThat(front.mustNotify()).as("the back sleeps").isTrue();
    }

    @Test
    void takesTheSameSlotOnceSoThatALaterChangeIsNotSeen() {
        // THREATS.md row 1, XSA-155: a slot changed after it was published.
        final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_BYTES]);
        final FrontRing front = FrontRing.initialise(page, 112);
        final BackRing back = BackRing.join(page, 112);
        final UnsafeBuffer slot = new UnsafeBuffer(new byte[112]);
        slot.setMemory(0, 112, (byte) 1);
        final int offset = front.requestOffset();
        front.putRequest(slot, 0, 112);
        front.pushRequests();
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[112]);
        assertThat(back.requests()).isEqualTo(1);
        back.takeRequest(copy, 0, 112);
        page.setMemory(offset, 112, (byte) 2);
        assertThat(copy).isEqualTo(slot);
    }

    @Test
    void staysBrokenOnceAnIndexOverran() {
        // THREATS.md row 2, XSA-39: a corrupt producer index.
        final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_BYTES]);
        final FrontRing front = FrontRing.initialise(page, 112);
        final BackRing back = BackRing.join(page, 112);
        page.putInt(SharedRing.REQUEST_PRODUCER_OFFSET, back.slotCount() + 1);
        page.putInt(SharedRing.RESPONSE_PRODUCER_OFFSET, 1); // nothing was ever asked
        assertThat(back.requests()).isZero();
        assertThat(front.responses()).isZero();
        page.putInt(SharedRing.REQUEST_PRODUCER_OFFSET, 1);
        page.putInt(SharedRing.RESPONSE_PRODUCER_OFFSET, 0);
        assertThat(back.requests()).isZero();
        assertThat(back.finalCheckForRequests()).isFalse();
        assertThat(front.finalCheckForResponses()).isFalse();
        assertThat(back.isBroken()).isTrue();
        assertThat(front.isBroken()).isTrue();
    }

    @Test
    void refusesARequestIndexThatWentBack() {
        final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_BYTES]);
        final FrontRing front = FrontRing.initialise(page, 112);
        final BackRing back = BackRing.join(page, 112);
        final UnsafeBuffer slot = new UnsafeBuffer(new byte[112]);
        front.putRequest(slot, 0, 112);
        front.putRequest(slot, 0, 112);
        front.pushRequests();
        assertThat(back.requests()).isEqualTo(2);
        back.takeRequest(slot, 0, 112);
        back.takeRequest(slot, 0, 112);
        page.putInt(SharedRing.REQUEST_PRODUCER_OFFSET, 1);
        assertThat(back.requests()).isZero();
        assertThat(back.isBroken()).isTrue();
    }

    @Test
    void survivesAnyHeaderThatAPeerMayWrite() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int round = 0; round < 20_000; round++) {
            final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_BYTES]);
            final FrontRing front = FrontRing.initialise(page, 112);
            final BackRing back = BackRing.join(page, 112);
            final UnsafeBuffer slot = new UnsafeBuffer(new byte[112]);
            for (int step = 0; step < 8; step++) {
                page.putInt(4 * random.nextInt(4), random.nextInt(70) - 3);
                for (int n = back.requests(); n > 0; n--) {
                    back.takeRequest(slot, 0, 112);
                    back.putResponse(slot, 0, 16);
                }
                back.pushResponses();
                if (front.freeRequests() > 0) {
                    front.putRequest(slot, 0, 112);
                }
                front.pushRequests();
                for (int n = front.responses(); n > 0; n--) {
                    front.takeResponse(slot, 0, 16);
                }
                assertThat(front.inFlight()).as("%s", seed).isBetween(0, 32);
                assertThat(back.inFlight()).as("%s", seed).isBetween(0, 32);
            }
        }
    }

    @Test
    void copiesTheStartOfAResponseOutAsOneNumber() {
        final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_BYTES]);
        final FrontRing front = FrontRing.initialise(page, 12);
        final BackRing back = BackRing.join(page, 12);
        final UnsafeBuffer slot = new UnsafeBuffer(new byte[12]);
        for (int i = 0; i < 12; i++) {
            slot.putByte(i, (byte) (0x81 + i));
        }
        for (int i = 0; i < 300; i++) {
            front.putRequest(slot, 0, 0);
            front.pushRequests();
            assertThat(back.requests()).isEqualTo(1);
            back.takeRequest(slot, 0, 0);
            back.putResponse(slot, 0, 12);
            back.pushResponses();
            assertThat(front.responses()).isEqualTo(1);
            assertThat(front.takeResponseLong()).isEqualTo(0x8887868584838281L);
            assertThat(front.responses()).isZero();
        }
        assertThatThrownBy(front::takeResponseLong).hasMessageContaining("consumer=300");
    }

    @Test
    void refusesItsOwnersMistakes() {
        final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_BYTES]);
        final FrontRing front = FrontRing.initialise(page, 2016);
        final BackRing back = BackRing.join(page, 2016);
        final UnsafeBuffer slot = new UnsafeBuffer(new byte[PAGE_BYTES]);
        assertThatThrownBy(() -> front.putRequest(slot, 0, 2017)).hasMessageContaining("2017");
        front.putRequest(slot, 0, 1);
        front.putRequest(slot, 0, 1);
        assertThatThrownBy(() -> front.putRequest(slot, 0, 1)).hasMessageContaining("full");
        assertThatThrownBy(front::requestFilled).hasMessageContaining("full");
        assertThatThrownBy(() -> front.takeResponse(slot, 0, 1)).hasMessageContaining("consumer");
        assertThatThrownBy(back::responseFilled).hasMessageContaining("nothing to answer");
        assertThatThrownBy(() -> back.takeRequest(slot, 0, 1)).hasMessageContaining("consumer");
        assertThatThrownBy(() -> front.finalCheckForResponses(3)).hasMessageContaining("count=3");
        assertThatThrownBy(() -> FrontRing.initialise(new UnsafeBuffer(new byte[100]), 8))
                .hasMessageContaining("ringBytes=100");
        assertThatThrownBy(() -> FrontRing.initialise(page, 4033)).hasMessageContaining("4033");
        assertThatThrownBy(() -> FrontRing.initialise(page, 64, 64)).hasMessageContaining("64");
    }

    @Test
    void allocatesNothingOnTheWay() {
        final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_BYTES]);
        final FrontRing front = FrontRing.initialise(page, 112);
        final BackRing back = BackRing.join(page, 112);
        final UnsafeBuffer slot = new UnsafeBuffer(new byte[112]);
        final SlotTable ids = new SlotTable(32);
        roundTrips(front, back, slot, ids, 20_000);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long self = Thread.currentThread().threadId();
        long least = Long.MAX_VALUE; // the compiler may cost the thread a little, once
        for (int run = 0; run < 5; run++) {
            final long before = threads.getThreadAllocatedBytes(self);
            roundTrips(front, back, slot, ids, 20_000);
            least = Math.min(least, threads.getThreadAllocatedBytes(self) - before);
        }
        assertThat(least).as("bytes for 20,000 round trips").isLessThan(100);
    }

    @Test
    void knowsEachNumberInFlightOnce() {
        final SlotTable ids = new SlotTable(2);
        final int first = ids.take();
        final int second = ids.take();
        assertThat(first).isNotEqualTo(second);
        assertThat(ids.take()).isEqualTo(SlotTable.NONE);
        ids.release(first);
        assertThat(ids.isInFlight(first)).isFalse();
        assertThat(ids.isInFlight(second)).isTrue();
        assertThat(ids.isInFlight(-1)).isFalse();
        assertThat(ids.isInFlight(1L << 32)).isFalse();
        assertThat(ids.inFlightCount()).isEqualTo(1);
        assertThatThrownBy(() -> ids.release(first)).hasMessageContaining("id=" + first);
    }

    private static void roundTrips(
            final FrontRing front,
            final BackRing back,
            final UnsafeBuffer slot,
            final SlotTable ids,
            final int count) {
        for (int i = 0; i < count; i++) {
            final int id = ids.take();
            front.putRequest(slot, 0, 112);
            front.pushRequests();
            back.finalCheckForRequests();
            back.takeRequest(slot, 0, 112);
            back.putResponse(slot, 0, 16);
            back.pushResponses();
            front.finalCheckForResponses();
            front.takeResponse(slot, 0, 16);
            ids.release(id);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,5", "5,0", "0,-1", "0,-2147483648"})
    void isBrokenFromTheStartWhenThePeersIndexSaysThatSomethingIsInFlight(
            final int requestProducer, final int responseProducer) {
        final UnsafeBuffer ring = new UnsafeBuffer(new byte[4096]);
        ring.putInt(SharedRing.REQUEST_PRODUCER_OFFSET, requestProducer);
        ring.putInt(SharedRing.RESPONSE_PRODUCER_OFFSET, responseProducer);
        final FrontRing front = FrontRing.attach(ring, 64);
        assertThat(front.isBroken()).isTrue();
        assertThat(front.responses()).isZero();
        assertThat(front.freeRequests()).isBetween(0, front.slotCount());
    }

    @ParameterizedTest
    @CsvSource({"16,-2147483648", "16,0", "0,4", "-16,4", "16,3", "16,256"})
    void refusesSlotsThatCannotBe(final int slotBytes, final int slotCount) {
        final UnsafeBuffer ring = new UnsafeBuffer(new byte[4096]);
        assertThatThrownBy(() -> FrontRing.initialise(ring, slotBytes, slotCount))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slotCount=" + slotCount);
    }

    private static int[] everySecond(final int pages) {
        final int[] frames = new int[pages];
        for (int i = 0; i < pages; i++) {
            frames[i] = 2 * i;
        }
        return frames;
    }

    private static void pattern(final UnsafeBuffer slot, final int value) {
        for (int i = 0; i < slot.capacity(); i += Integer.BYTES) {
            slot.putInt(i, value + i);
        }
    }

    private static boolean isPattern(final UnsafeBuffer slot, final int value) {
        for (int i = 0; i < slot.capacity(); i += Integer.BYTES) {
            if (slot.getInt(i) != value + i) {
                return false;
            }
        }
        return true;
    }
}
