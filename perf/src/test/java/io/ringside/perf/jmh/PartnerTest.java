package io.ringside.perf.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A benchmark's second thread, and what both threads allocate. */
class PartnerTest {
    private static final int ARRAY_BYTES = 4096;
    private static final int ARRAYS = 100;

    @Test
    void countsWhatBothThreadsAllocate() throws Exception {
        final List<byte[]> theirs = new ArrayList<>(ARRAYS);
        final CountDownLatch begin = new CountDownLatch(1);
        final CountDownLatch end = new CountDownLatch(ARRAYS);
        final Partner partner =
                Partner.start(
                        "partner",
                        () -> {
                            begin.await();
                            if (end.getCount() > 0) {
                                theirs.add(new byte[ARRAY_BYTES]);
                                end.countDown();
                            }
                            return 1;
                        });
        final long before = partner.allocatedBytes();
        begin.countDown();
        final List<byte[]> ours = new ArrayList<>(ARRAYS);
        for (int i = 0; i < ARRAYS; i++) {
            ours.add(new byte[ARRAY_BYTES]);
        }
        end.await();
        final DataPath path = new DataPath();
        path.add(partner, before, ARRAYS);
        partner.stop();
        assertThat(ours).hasSameSizeAs(theirs);
        assertThat(path.operations).isEqualTo(ARRAYS);
        assertThat(path.allocatedBytes)
                .as("arrays of both threads, with their headers")
                .isGreaterThanOrEqualTo(2L * ARRAYS * (ARRAY_BYTES + 16));
    }

    @Test
    void failsWhoeverWaitsForAThreadThatFailed() throws Exception {
        final CountDownLatch failed = new CountDownLatch(1);
        final Partner partner =
                Partner.start(
                        "partner",
                        () -> {
                            failed.countDown();
                            throw new IllegalStateException("lost");
                        });
        failed.await();
        assertThatThrownBy(partner::stop).hasStackTraceContaining("lost");
        assertThatThrownBy(partner::idle).hasStackTraceContaining("lost");
    }
}
