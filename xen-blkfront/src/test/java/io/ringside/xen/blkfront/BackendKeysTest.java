package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontRefusal;
import io.ringside.xen.blkfront.protocol.Wakeups;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The frontend against a host that writes whatever it likes into the store. */
final class BackendKeysTest {
    private final TestBench bench = new TestBench();
    private final Blkfront front = bench.newFrontend(Wakeups.ARMED);

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "missing",
            value = {
                "sectors,missing",
                "sectors,''",
                "sectors,banana",
                "sectors,-1",
                "sectors,1e3",
                "sectors,18014398509481984",
                "sectors,9223372036854775808",
                "sectors,99999999999999999999",
                "sector-size,0",
                "sector-size,513",
                "sector-size,511",
                "sector-size,1536",
                "sector-size,8192",
                "sector-size,-512",
                "sector-size,banana",
                "info,banana",
                "info,-4",
                "info,4294967296",
                "feature-flush-cache,2",
                "feature-flush-cache,yes",
                "feature-flush-cache,-1"
            })
    void closesOnADiskThatMakesNoSense(final String key, final @Nullable String value) {
        final String atFirst = bench.resources();
        RawBackend.publishDisk(bench);
        bench.putBackendKey(key, value);
        final RawBackend back = RawBackend.share(bench, front);
        bench.putBackendKey("state", "4");
        bench.step(front);

        assertThat(front.isClosed()).isTrue();
        assertThat(front.isReady()).isFalse();
        assertThat(bench.frontendKey("state")).isEqualTo("6");
        assertThat(front.counters().refusals(BlkfrontRefusal.KEY)).isEqualTo(1);
        back.close();
        bench.step(front);
        assertThat(bench.resources()).isEqualTo(atFirst);
    }

    @Test
    void takesTheLargestDiskThatThereCanBe() {
        RawBackend.publishDisk(bench);
        bench.putBackendKey("sectors", "18014398509481983");
        RawBackend.share(bench, front);
        bench.putBackendKey("state", "4");
        bench.step(front);
        assertThat(front.limits().sectors()).isEqualTo(18014398509481983L);
    }

    @Test
    void needsNothingButTheSizeOfTheDisk() {
        bench.putBackendKey("sectors", "64");
        RawBackend.share(bench, front);
        bench.putBackendKey("state", "4");
        bench.step(front);
        assertThat(front.limits().logicalBlockBytes()).isEqualTo(512);
        assertThat(front.limits().readOnly()).isFalse();
        assertThat(front.limits().canFlush()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2048, 4096})
    void takesLargeBlocksAndOtherKindsOfDisk(final int blockBytes) {
        RawBackend.publishDisk(bench);
        bench.putBackendKey("sector-size", Integer.toString(blockBytes));
        bench.putBackendKey("info", "7");
        RawBackend.share(bench, front);
        bench.putBackendKey("state", "4");
        bench.step(front);
        assertThat(front.limits().logicalBlockBytes()).isEqualTo(blockBytes);
        assertThat(front.limits().readOnly()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"banana", "", "0", "1", "2", "3", "6", "9", "-4"})
    void closesWhenAConnectedBackendTellsAStateThatMeansItIsGone(final String state) {
        final String atFirst = bench.resources();
        final RawBackend back = RawBackend.connect(bench, front);
        bench.putBackendKey("state", state);
        bench.step(front);
        assertThat(front.isClosed()).isTrue();
        back.close();
        bench.step(front);
        assertThat(bench.resources()).isEqualTo(atFirst);
    }

    @Test
    void asksABackendThatIsClosingForNothingMore() {
        final String atFirst = bench.resources();
        final RawBackend back = RawBackend.connect(bench, front);
        bench.putBackendKey("state", "5");
        for (int i = 0; i < 4; i++) {
            bench.step(front);
        }
        assertThat(bench.frontendKey("state")).isEqualTo("6");
        assertThat(front.isClosed()).isTrue();
        back.close();
        bench.step(front);
        assertThat(bench.resources()).isEqualTo(atFirst);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "6", "banana"})
    void closesWhenABackendLeavesInsteadOfConnecting(final String state) {
        final String atFirst = bench.resources();
        final RawBackend back = RawBackend.share(bench, front);
        bench.putBackendKey("state", state);
        bench.step(front);
        assertThat(front.isClosed()).isTrue();
        back.close();
        bench.step(front);
        assertThat(bench.resources()).isEqualTo(atFirst);
    }

    @ParameterizedTest
    @ValueSource(strings = {"banana", "0", "1", "3", "4", "5", "6", "7"})
    void sharesNothingBeforeTheBackendWaitsForIt(final String state) {
        final String atFirst = bench.resources();
        bench.putBackendKey("state", state);
        for (int i = 0; i < 5; i++) {
            bench.step(front);
        }
        assertThat(bench.resources()).isEqualTo(atFirst);
        assertThat(bench.frontendKey("state")).isEqualTo("1");
    }
}
