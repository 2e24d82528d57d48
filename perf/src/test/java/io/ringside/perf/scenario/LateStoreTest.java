package io.ringside.perf.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.StoreRequest;
import io.ringside.device.media.RamStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateStoreTest {
    private final long[] now = {Long.MAX_VALUE - 50}; // A clock may wrap.
    private final List<StoreRequest> finished = new ArrayList<>();

    private int poll(final LateStore store, final long nanosLater) {
        now[0] += nanosLater;
        return store.poll(finished::add, 10);
    }

    private static StoreRequest flush() {
        return new StoreRequest(1, 0).reset(StoreRequest.Operation.FLUSH, 0);
    }

    @Test
    void answersEachRequestWhenItsTimeHasPassedAndNotBefore() {
        try (LateStore store = new LateStore(RamStore.zeroed(8), () -> now[0], 100, 2)) {
            final StoreRequest first = flush();
            final StoreRequest second = flush();
            assertThat(store.submit(first)).isTrue();
            assertThat(poll(store, 40)).isZero();
            assertThat(store.submit(second)).isTrue();
            assertThat(store.submit(flush())).as("room for two").isFalse();
            assertThat(poll(store, 59)).isZero();
            assertThat(poll(store, 1)).isEqualTo(1);
            assertThat(finished).containsExactly(first);
            assertThat(store.submit(flush())).isTrue();
            assertThat(poll(store, 40)).isEqualTo(1);
            assertThat(finished).containsExactly(first, second);
            assertThat(poll(store, 60)).isEqualTo(1);
            assertThat(poll(store, 1000)).isZero();
        }
    }
}
