package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.device.net.LoopbackPort;
import io.ringside.testkit.WireFacts;
import io.ringside.xen.netfront.backend.Netback;
import io.ringside.xen.netfront.backend.NetbackOptions;
import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.protocol.Wakeups;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each key of either end missing alone, as with a peer that does not know it. */
final class MissingKeysTest {
    /** Without these there is no connection. */
    private static final Set<String> NEEDED =
            Set.of(
                    "feature-rx-copy",
                    "tx-ring-ref",
                    "rx-ring-ref",
                    "event-channel",
                    "request-rx-copy");

    /** These are no part of what the ends tell each other before they connect. */
    private static final Set<String> LATER =
            Set.of("state", "hotplug-status", "carrier", "online", "event-channel-ctrl");

    private static final NetfrontOptions OPTIONS =
            NetfrontOptions.PLAIN
                    .withOffloads(NetOffloads.ALL)
                    .withMulticastControl(true)
                    .withXdpHeadroomBytes(64);

    private final NetBench bench = new NetBench();
    private final LoopbackPort port = new LoopbackPort(64, 65_535);
    private final Netback back = bench.newBackend(port, Wakeups.ARMED, NetbackOptions.FULL);
    private final Netfront front = bench.newFrontend(Wakeups.ARMED, OPTIONS);
    private final Workload workload = new Workload(bench, front);

    @AfterEach
    void close() {
        port.close();
        bench.close();
    }

    @SuppressWarnings("unchecked")
    private static List<String> keys(final String end) {
        final List<Map<String, Object>> keys =
                (List<Map<String, Object>>) WireFacts.load("xen-netif").value("xenstoreKeys", end);
        return keys.stream()
                .map(key -> String.valueOf(key.get("key")))
                .filter(key -> !LATER.contains(key))
                .toList();
    }

    static List<String> backendKeys() {
        return keys("backend");
    }

    static List<String> frontendKeys() {
        return keys("frontend");
    }

    private void turn(final int rounds) {
        for (int i = 0; i < rounds; i++) {
            bench.step(back);
            bench.step(front);
        }
    }

    private void assertCarries(final String key) {
        assertThat(front.isReady()).as(key).isTrue();
        final byte[] bytes = Workload.pattern(200, 3);
        final NetFrame frame = workload.frame(bytes);
        assertThat(front.submit(0, frame)).isTrue();
        front.commit();
        bench.settle(front, back);
        assertThat(frame.status()).as(key).isEqualTo(NetStatus.OK);
        assertThat(workload.received).as(key).hasSize(1);
        assertThat(workload.received.getFirst().bytes()).as(key).isEqualTo(bytes);
        assertThat(front.counters().refusals() + back.counters().refusals()).as(key).isZero();
    }

    @ParameterizedTest
    @MethodSource("backendKeys")
    void connectsToABackendThatDoesNotKnowAKey(final String key) {
        bench.step(back);
        assertThat(bench.backendKey("state")).isEqualTo("2");
        bench.putBackendKey(key, null);
        turn(30);
        if (NEEDED.contains(key)) {
            assertThat(front.isReady()).isFalse();
            assertThat(front.isClosed()).isTrue();
        } else {
            assertCarries(key);
        }
    }

    @ParameterizedTest
    @MethodSource("frontendKeys")
    void connectsToAFrontendThatDoesNotKnowAKey(final String key) {
        bench.step(back);
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("4");
        final @Nullable String told = bench.frontendKey(key);
        bench.putFrontendKey(key, null);
        turn(30);
        if (NEEDED.contains(key) && told != null) {
            assertThat(bench.backendKey("state")).isNotEqualTo("4");
            assertThat(back.counters().refusals()).isEqualTo(1);
        } else {
            assertCarries(key);
        }
    }

    /** All at once: what is left is what the first version of the protocol had. */
    @Test
    void connectsToABackendThatKnowsNothingButCopying() {
        bench.step(back);
        for (final String key : backendKeys()) {
            bench.putBackendKey(key, key.equals("feature-rx-copy") ? "1" : null);
        }
        turn(30);
        assertCarries("all");
        assertThat(front.limits().maxSegments()).isEqualTo(1);
        assertThat(front.limits().segmentsTcpIpv4()).isFalse();
        assertThat(front.limits().checksumIpv6()).isFalse();
    }
}
