package io.ringside.vmbus.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.vmbus.channel.Gpadl;
import io.ringside.vmbus.channel.GpadlView;
import io.ringside.vmbus.protocol.ChannelMessage.CloseChannel;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlBody;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlHeader;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTeardown;
import io.ringside.vmbus.protocol.ChannelMessage.RelidReleased;
import io.ringside.vmbus.protocol.PageNumbers;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists of pages in one message and in many; and fragments that are lost, doubled or too long. */
class GpadlFragmentsTest {
    private static final int MANY = 26 + 28 + 28 + 5;

    private final ServerBench bench = new ServerBench();
    private final HostChannel channel = bench.offer(1);
    private final HostChannel other = bench.offer(2);

    @BeforeEach
    void connect() {
        bench.list(VmbusVersion.V5_3);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void takesEveryLengthInTheFewestMessages() {
        for (int pages = 1; pages <= MANY; pages++) {
            final int handle = 100 + pages;
            String answer = begin(handle, pages, Math.min(pages, 26));
            int told = Math.min(pages, 26);
            for (int number = 1; told < pages; number++) {
                assertThat(answer).as("pages=%d", pages).isEqualTo("none");
                final int count = Math.min(28, pages - told);
                answer = bench.receive(new GpadlBody(number, handle, some(told, count)));
                told += count;
            }
            assertThat(answer).as("pages=%d", pages).isEqualTo("none 10");
            final Gpadl gpadl = Objects.requireNonNull(channel.gpadl(handle));
            assertThat(gpadl.pageCount()).isEqualTo(pages);
            assertThat(gpadl.byteCount()).isEqualTo(pages * ServerBench.PAGE);
            for (int page = 0; page < pages; page++) {
                assertThat(gpadl.frames()[page]).isEqualTo(page % ServerBench.FRAMES);
            }
            assertThat(bench.receive(new GpadlTeardown(1, handle))).isEqualTo("none 12");
        }
        assertThat(bench.control.gpadls().pages()).isZero();
    }

    @Test
    void takesFragmentsThatAreNotCounted() {
        assertThat(begin(9, MANY, 26)).isEqualTo("none");
        assertThat(body(0, 9, 26, 28)).isEqualTo("none");
        assertThat(body(0, 9, 54, 28)).isEqualTo("none");
        assertThat(body(0, 9, 82, 5)).isEqualTo("none 10");
    }

    @Test
    void dropsAListWhoseFragmentIsLostOrDoubled() {
        for (final int number : new int[] {2, 3, -1, Integer.MIN_VALUE}) {
            assertThat(begin(9, MANY, 26)).isEqualTo("none");
            assertThat(body(number, 9, 26, 28))
                    .as("threats, row 34: lost")
                    .isEqualTo("gpadl fragment 10");
            assertThat(body(1, 9, 26, 28)).as("the list is gone").isEqualTo("unknown gpadl");
        }
        assertThat(begin(9, MANY, 26)).isEqualTo("none");
        assertThat(body(1, 9, 26, 28)).isEqualTo("none");
        assertThat(body(1, 9, 26, 28)).as("doubled").isEqualTo("gpadl fragment 10");
        assertThat(bench.control.gpadls().unfinishedCount()).isZero();
        assertThat(bench.control.gpadls().pages()).isZero();
    }

    @Test
    void dropsAListThatGrowsTooLong() {
        assertThat(begin(9, 30, 26)).isEqualTo("none");
        assertThat(body(1, 9, 26, 5)).isEqualTo("gpadl fragment 10");
        assertThat(begin(9, 2, 3)).as("in the header already").isEqualTo("gpadl fragment 10");
        assertThat(begin(9, 30, 26)).isEqualTo("none");
        assertThat(body(1, 9, 26, 0)).as("an empty fragment").isEqualTo("gpadl fragment 10");
        assertThat(bench.control.gpadls().pages()).isZero();
    }

    @Test
    void refusesForeignFragmentsAndTeardowns() {
        assertThat(body(1, 77, 0, 1)).isEqualTo("unknown gpadl");
        assertThat(begin(9, 2, 2)).isEqualTo("none 10");
        assertThat(bench.receive(new GpadlTeardown(2, 9))).isEqualTo("unknown gpadl");
        assertThat(bench.receive(new GpadlTeardown(1, 8))).isEqualTo("unknown gpadl");
        assertThat(body(1, 9, 0, 1)).as("finished").isEqualTo("unknown gpadl");
        assertThat(bench.receive(ServerBench.header(3, 10, 1, 1))).isEqualTo("unknown channel 10");
        assertThat(bench.receive(ServerBench.header(-1, 10, 1, 1))).isEqualTo("unknown channel 10");
        assertThat(bench.receive(ServerBench.open(2, 9))).isEqualTo("unknown gpadl 6");
        assertThat(other.gpadl(9)).as("another device's").isNull();
    }

    @Test
    void refusesNumbersThatAreInUse() {
        assertThat(begin(9, 2, 1)).isEqualTo("none");
        assertThat(begin(9, 2, 2)).as("unfinished").isEqualTo("gpadl state 10");
        assertThat(body(1, 9, 1, 1)).isEqualTo("none 10");
        assertThat(begin(9, 2, 2)).as("finished").isEqualTo("gpadl state 10");
        assertThat(begin(0, 2, 2)).as("none").isEqualTo("gpadl state 10");
    }

    @Test
    void refusesRangesThatCannotBe() {
        assertThat(shaped(1, 4096, 4096, 24, 2)).as("threats, row 29").isEqualTo("gpadl shape 10");
        assertThat(shaped(1, 4096, -1, 24, 2)).as("threats, row 29").isEqualTo("gpadl shape 10");
        assertThat(shaped(1, 0, 0, 8, 0)).as("threats, row 30").isEqualTo("gpadl shape 10");
        assertThat(shaped(0, 4096, 0, 16, 1)).as("no range").isEqualTo("gpadl shape 10");
        assertThat(shaped(2, 4096, 0, 24, 2)).as("two ranges").isEqualTo("gpadl shape 10");
        assertThat(shaped(1, 4096, 0, 24, 2)).as("a page too many").isEqualTo("gpadl shape 10");
        assertThat(shaped(1, 4097, 0, 16, 1)).as("a page too few").isEqualTo("gpadl shape 10");
        assertThat(shaped(1, -1, 0, 16, 1)).as("4 GiB").isEqualTo("gpadl shape 10");
        assertThat(shaped(1, 4096, 0, 15, 1)).as("threats, row 28").isEqualTo("gpadl shape 10");
        assertThat(shaped(1, 4096, 0, 0, 1)).as("threats, row 28").isEqualTo("gpadl shape 10");
        assertThat(shaped(1, 100, 4000, 24, 2)).as("over a page's end").isEqualTo("none 10");
    }

    @Test
    void refusesPagesThatDoNotExist() {
        for (final long page : new long[] {ServerBench.FRAMES, -1, Long.MIN_VALUE, 1L << 52}) {
            assertThat(
                            bench.receive(
                                    new GpadlHeader(1, 9, 16, 1, 4096, 0, PageNumbers.ofAny(page))))
                    .as("page=%d", page)
                    .isEqualTo("gpadl shape 10");
            assertThat(begin(9, 27, 26)).isEqualTo("none");
            assertThat(bench.receive(new GpadlBody(1, 9, PageNumbers.ofAny(page))))
                    .as("page=%d", page)
                    .isEqualTo("gpadl shape 10");
        }
        assertThat(bench.control.gpadls().pages()).isZero();
    }

    @Test
    void boundsWhatAGuestCanMakeItHold() {
        final ServerOptions small =
                new ServerOptions(VmbusVersion.V0_13, VmbusVersion.NEWEST, 4, 3, 100);
        try (ServerBench tight = new ServerBench(small)) {
            tight.offer();
            tight.list(VmbusVersion.V5_3);
            assertThat(
                            tight.receive(
                                    new GpadlHeader(
                                            1, 1, 8 + 8 * 101, 1, 101 * 4096, 0, some(0, 1))))
                    .isEqualTo("limit 10");
            for (int handle = 1; handle <= 3; handle++) {
                assertThat(tight.receive(ServerBench.header(1, handle, 0, 2))).isEqualTo("none 10");
            }
            assertThat(tight.receive(ServerBench.header(1, 4, 0, 1))).isEqualTo("limit 10");
            assertThat(tight.receive(new GpadlTeardown(1, 2))).isEqualTo("none 12");
            assertThat(tight.receive(ServerBench.header(1, 4, 0, 1))).isEqualTo("none 10");
        }
    }

    @Test
    void answersATeardownWhenTheLastViewIsClosed() {
        assertThat(begin(9, 3, 3)).isEqualTo("none 10");
        final Gpadl gpadl = Objects.requireNonNull(channel.gpadl(9));
        final GpadlView first = Objects.requireNonNull(gpadl.map());
        final GpadlView second = Objects.requireNonNull(gpadl.map());
        first.buffer().putLong(8192, 42);
        assertThat(second.buffer().getLong(8192)).isEqualTo(42);
        assertThat(bench.receive(new GpadlTeardown(1, 9))).isEqualTo("none");
        assertThat(gpadl.isTornDown()).isTrue();
        assertThat(gpadl.map()).isNull();
        assertThat(channel.gpadl(9)).isNull();
        assertThat(bench.receive(new GpadlTeardown(1, 9))).isEqualTo("gpadl state");
        first.close();
        first.close();
        assertThat(bench.control.tick()).isZero();
        second.close();
        bench.sent.clear();
        assertThat(bench.control.tick()).isPositive();
        assertThat(bench.sent).hasSize(1);
        assertThat(bench.control.gpadls().pages()).isZero();
    }

    @Test
    void forgetsUnfinishedListsWithTheirChannel() {
        assertThat(begin(9, MANY, 26)).isEqualTo("none");
        channel.revoke();
        assertThat(bench.receive(new RelidReleased(1))).isEqualTo("none");
        assertThat(bench.control.gpadls().unfinishedCount()).as("threats, row 34").isZero();
        assertThat(bench.control.gpadls().pages()).isZero();
        assertThat(bench.receive(new CloseChannel(1))).isEqualTo("unknown channel");
    }

    @Test
    void survivesAnyFragments() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int step = 0; step < 20_000; step++) {
            final int handle = random.nextInt(4);
            switch (random.nextInt(3)) {
                case 0 -> {
                    final int pages = random.nextInt(1, 60);
                    final int bytes = random.nextInt(8) == 0 ? random.nextInt() : pages * 4096;
                    bench.receive(
                            new GpadlHeader(
                                    random.nextInt(3),
                                    handle,
                                    8 + 8 * pages,
                                    1,
                                    bytes,
                                    random.nextInt(8) == 0 ? random.nextInt() : 0,
                                    some(0, Math.min(26, random.nextInt(pages + 1)))));
                }
                case 1 -> body(random.nextInt(3), handle, 0, random.nextInt(29));
                default -> bench.receive(new GpadlTeardown(random.nextInt(3), handle));
            }
            assertThat(bench.control.gpadls().pages()).as("%s", seed).isBetween(0, 4 * 60);
        }
    }

    private String begin(final int handle, final int pages, final int told) {
        return bench.receive(
                new GpadlHeader(
                        1, handle, 8 + 8 * pages, 1, pages * ServerBench.PAGE, 0, some(0, told)));
    }

    private String body(final int number, final int handle, final int from, final int count) {
        return bench.receive(new GpadlBody(number, handle, some(from, count)));
    }

    private String shaped(
            final int ranges,
            final int byteCount,
            final int byteOffset,
            final int rangeBytes,
            final int pages) {
        return bench.receive(
                new GpadlHeader(1, 9, rangeBytes, ranges, byteCount, byteOffset, some(0, pages)));
    }

    private static PageNumbers some(final int from, final int count) {
        final int[] pages = new int[count];
        for (int i = 0; i < count; i++) {
            pages[i] = (from + i) % ServerBench.FRAMES;
        }
        return PageNumbers.of(pages);
    }
}
