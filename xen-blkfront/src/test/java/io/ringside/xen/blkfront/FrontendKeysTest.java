package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackRefusal;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.Wakeups;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The backend against a guest that writes whatever it likes into the store. */
final class FrontendKeysTest {
    private final RamStore disk = RamStore.zeroed(64);
    private final TestBench bench = new TestBench();

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    /** Rows 8 and 11 (XSA-350, XSA-362): refused, closed, and ready for the next. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "missing",
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "ring-ref,missing",
                "ring-ref,''",
                "ring-ref,banana",
                "ring-ref,-1",
                "ring-ref,4294967296",
                "ring-ref,2147483648",
                "ring-ref,99999999999999999999999",
                "ring-ref, 8",
                "ring-ref,8 ",
                "ring-ref,+8",
                "ring-ref,0x8",
                "ring-ref,8.0",
                "event-channel,missing",
                "event-channel,''",
                "event-channel,banana",
                "event-channel,-1",
                "event-channel,4294967297",
                "event-channel,18446744073709551617",
                "protocol,arm-abi",
                "protocol,banana",
                "protocol,''",
                "ring-page-order,1",
                "ring-page-order,4",
                "ring-page-order,-1",
                "multi-queue-num-queues,0",
                "multi-queue-num-queues,2",
                "multi-queue-num-queues,banana"
            })
    void refusesKeysThatMakeNoSense(final String key, final @Nullable String value) {
        assertRefused(key, value, BlkbackRefusal.KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "7", "2147483647", "511", "512"})
    void refusesARingPageThatIsNotGranted(final String reference) {
        assertRefused("ring-ref", reference, BlkbackRefusal.RING_PAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4095", "4096", "2147483647"})
    void refusesAPortThatIsNotForIt(final String port) {
        assertRefused("event-channel", port, BlkbackRefusal.PORT);
    }

    private void assertRefused(
            final String key, final @Nullable String value, final BlkbackRefusal reason) {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final String atFirst = bench.hostResources();
        bench.step(back);
        final RawFrontend front = new RawFrontend(bench, BlkAbi.X86_64);
        bench.putFrontendKey("state", "1");
        front.publish();
        bench.putFrontendKey(key, value);
        for (int i = 0; i < 5; i++) {
            bench.step(back);
        }

        assertThat(back.isClosed()).isTrue();
        assertThat(bench.backendKey("state")).isEqualTo("6");
        assertThat(bench.backendKey("sectors")).isNull();
        assertThat(back.counters().refusals(reason)).isEqualTo(1);
        assertThat(back.counters().refusals()).isEqualTo(1);
        assertThat(bench.hostResources()).isEqualTo(atFirst);

        bench.putFrontendKey(key, null);
        RawFrontend.assertConnectsAnew(bench, back, disk);
    }

    @Test
    void takesAFrontendThatNamesNoLayoutForANativeOne() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        bench.step(back);
        final RawFrontend front = new RawFrontend(bench, BlkAbi.X86_64);
        front.publish();
        bench.putFrontendKey("protocol", null);
        bench.step(back);
        assertThat(bench.backendKey("state")).isEqualTo("4");
        front.assertServes(back, disk, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"banana", "", "-1", "0", "2", "7", "8", "9", "1000000"})
    void closesWhenAConnectedFrontendTellsAStateThatCannotBe(final String state) {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final String atFirst = bench.hostResources();
        RawFrontend.connect(bench, back, BlkAbi.X86_64);
        bench.putFrontendKey("state", state);
        for (int i = 0; i < 5; i++) {
            bench.step(back);
        }
        assertThat(back.isClosed()).isTrue();
        assertThat(bench.hostResources()).isEqualTo(atFirst);
        RawFrontend.assertConnectsAnew(bench, back, disk);
    }

    @Test
    void connectsOnceThoughAFrontendTellsTheSameStateOverAndOver() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        bench.step(back);
        final RawFrontend front = new RawFrontend(bench, BlkAbi.X86_64);
        front.publish();
        for (int i = 0; i < 100; i++) {
            bench.step(back);
            bench.putFrontendKey("state", "3");
        }
        for (int i = 0; i < 100; i++) {
            bench.putFrontendKey("state", "4");
            bench.step(back);
        }
        assertThat(back.counters().connections()).isEqualTo(1);
        front.assertServes(back, disk, 0);
    }

    /** After a migration a frontend shares a new ring, and tells that it has, without closing. */
    @Test
    void takesTheNewRingOfAFrontendThatConnectsAgain() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        RawFrontend.connect(bench, back, BlkAbi.X86_64).assertServes(back, disk, 0);
        final RawFrontend resumed = new RawFrontend(bench, BlkAbi.X86_64);
        resumed.publish();
        for (int i = 0; i < 5; i++) {
            bench.step(back);
        }
        assertThat(bench.backendKey("state")).isEqualTo("4");
        assertThat(back.counters().connections()).isEqualTo(2);
        assertThat(bench.hostResources()).isEqualTo("ports=1 mapped=1");
        resumed.assertServes(back, disk, 0);
    }
}
