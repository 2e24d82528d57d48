package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import io.ringside.xen.netfront.backend.NetbackOptions.Offers;
import io.ringside.xen.netfront.protocol.Wakeups;
import io.ringside.xenbus.sim.ResourceCount;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a backend meets its frontend, and lets go of it. */
final class LifeTest {
    private final BackBench bench = new BackBench();
    private final ScriptedPort port = new ScriptedPort();

    @AfterEach
    void close() {
        bench.close();
    }

    private RawFrontend connect(final Netback back) {
        return RawFrontend.connect(bench, back, RawFrontend.TAKES_ALL);
    }

    private void assertServes(final RawFrontend front) {
        final int before = port.sent.size();
        front.queue().putPacket(1, TestFrames.plain(60, 1), 0);
        front.queue().push();
        front.queue().post(2);
        port.arrives(TestFrames.plain(60, 2));
        bench.settle(front.back);
        assertThat(port.sent).hasSize(before + 1);
        assertThat(front.queue().received()).hasSize(1);
    }

    @Test
    @SuppressWarnings("unchecked")
    void publishesEveryKeyOfTheWireFactsBeforeItWaits() {
        final Netback back = bench.newBackend(port);
        bench.settle(back);
        assertThat(bench.backendKey("state")).isEqualTo("2");
        final List<Map<String, Object>> keys =
                (List<Map<String, Object>>)
                        WireFacts.load("xen-netif").value("xenstoreKeys", "backend");
        for (final Map<String, Object> key : keys) {
            final String name = String.valueOf(key.get("key"));
            final boolean isLater = name.equals("carrier") || name.equals("hotplug-status");
            assertThat(bench.backendKey(name) == null).as(name).isEqualTo(isLater);
        }
        assertThat(bench.backendKey("feature-rx-flip")).isEqualTo("0");
        assertThat(bench.backendKey("feature-rx-copy")).isEqualTo("1");
        assertThat(bench.backendKey("multi-queue-max-queues")).isEqualTo("8");
        final RawFrontend front = connect(back);
        assertThat(bench.backendKey("carrier")).isEqualTo("1");
        front.leave();
    }

    @Test
    void offersNothingThatItIsToldNotTo() {
        final Netback back = bench.newBackend(port, NetbackOptions.BARE);
        bench.settle(back);
        for (final String key :
                List.of(
                        "feature-sg",
                        "feature-gso-tcpv4",
                        "feature-gso-tcpv6",
                        "feature-ipv6-csum-offload",
                        "feature-xdp-headroom",
                        "feature-multicast-control",
                        "feature-dynamic-multicast-control",
                        "feature-split-event-channels",
                        "feature-ctrl-ring")) {
            assertThat(bench.backendKey(key)).as(key).isEqualTo("0");
        }
        assertThat(bench.backendKey("multi-queue-max-queues")).isEqualTo("1");
        assertServes(connect(back));
    }

    @Test
    void tellsTheLinkOfTheNetwork() {
        final Netback back = bench.newBackend(port);
        port.linkUp = false;
        final RawFrontend front = connect(back);
        assertThat(bench.backendKey("carrier")).isEqualTo("0");
        port.linkUp = true;
        bench.settle(back);
        assertThat(bench.backendKey("carrier")).isEqualTo("1");
        port.linkUp = false;
        bench.settle(back);
        assertThat(bench.backendKey("carrier")).isEqualTo("0");
        front.leave();
    }

    @Test
    void waitsForTheHotplugScript() {
        bench.create(0, bench.vif(0).withScript("vif-bridge", "xenbr0"));
        final Netback back = bench.newBackend(port);
        bench.settle(back);
        final RawFrontend front = new RawFrontend(bench, back, 0);
        front.publish(RawFrontend.TAKES_ALL, 1, false, false);
        bench.putFrontendKey("state", "4");
        bench.settle(back);
        assertThat(bench.backendKey("state")).isEqualTo("2");
        bench.putBackendKey("hotplug-status", "error");
        bench.settle(back);
        assertThat(bench.backendKey("state")).isEqualTo("2");
        bench.putBackendKey("hotplug-status", "connected");
        bench.settle(back);
        assertThat(bench.backendKey("state")).isEqualTo("4");
        assertServes(front);
        front.leave();
    }

    @ParameterizedTest
    @CsvSource({
        "request-rx-copy,0",
        "request-rx-copy,",
        "request-rx-copy,x",
        "feature-sg,2",
        "feature-rx-notify,-1",
        "feature-gso-tcpv4,yes",
        "tx-ring-ref,",
        "tx-ring-ref,4711",
        "tx-ring-ref,-8",
        "tx-ring-ref,99999999999",
        "rx-ring-ref,",
        "rx-ring-ref,4711",
        "event-channel,",
        "event-channel,0",
        "event-channel,999",
        "event-channel,x",
        "multi-queue-num-queues,0",
        "multi-queue-num-queues,9",
        "multi-queue-num-queues,2",
        "ctrl-ring-ref,4711",
        "ctrl-ring-ref,x",
        "xdp-headroom,32768",
        "xdp-headroom,4096",
        "xdp-headroom,-1",
        "event-channel-tx,5",
        "request-multicast-control,2"
    })
    void refusesKeysThatMakeNoSense(final String key, final String value) {
        final String before = bench.hostResources();
        final Netback back = bench.newBackend(port);
        bench.settle(back);
        final RawFrontend front = new RawFrontend(bench, back, 0);
        front.publish(RawFrontend.TAKES_ALL, 1, false, false);
        bench.putFrontendKey(key, value);
        bench.putFrontendKey("state", "4");
        bench.settle(back);
        assertThat(bench.backendKey("state")).isEqualTo("6");
        assertThat(back.counters().refusals()).isEqualTo(1);
        assertThat(bench.hostResources()).isEqualTo(before);
        front.takeBack();
        bench.putFrontendKey(key, null);
        bench.putFrontendKey("state", "1");
        assertServes(connect(back));
    }

    /** Row 8 (XSA-350): connections that come and go fast leave nothing of one to the next. */
    @Test
    void survivesFastConnectsAndDisconnects() {
        final Netback back = bench.newBackend(port);
        final RawFrontend warm =
                RawFrontend.connect(bench, back, 0, RawFrontend.TAKES_ALL, 2, true, true);
        warm.leave();
        bench.putFrontendKey("state", "1");
        bench.settle(back);
        final ResourceCount before = bench.resources();
        for (int i = 0; i < 50; i++) {
            final RawFrontend front =
                    RawFrontend.connect(bench, back, 0, RawFrontend.TAKES_ALL, 2, true, true);
            front.queue().putPacket(i, TestFrames.plain(60, i), 0);
            front.queue().push();
            port.arrives(TestFrames.plain(60, i));
            if (i % 2 == 0) {
                bench.step(back);
            }
            if (i % 3 == 0) {
                bench.putFrontendKey("state", "5");
                bench.putFrontendKey("state", "6");
                bench.putFrontendKey("state", "1"); // Seen as one change.
            } else {
                bench.putFrontendKey("state", "6");
                bench.step(back);
                bench.putFrontendKey("state", "1");
            }
            bench.settle(back);
            assertThat(bench.backendKey("state")).isEqualTo("2");
            front.takeBack();
        }
        assertThat(port.lent).isEmpty();
        assertThat(bench.resources()).isEqualTo(before);
    }

    /** Rows 3, 12 and 20: teardown from any point gives back what the network had lent. */
    @Test
    void givesBackWhatWaitsWhenTheConnectionEnds() {
        final Netback back = bench.newBackend(port);
        final RawFrontend front = connect(back);
        port.room = 0;
        front.queue().putPacket(1, TestFrames.plain(60, 1), 0);
        front.queue().push();
        for (int i = 0; i < 40; i++) {
            port.arrives(TestFrames.plain(60, i));
        }
        bench.settle(back);
        assertThat(port.lent).hasSize(40);
        front.leave();
        assertThat(port.lent).isEmpty();
        assertThat(port.givenBack).isEqualTo(40);
        port.room = 100;
        bench.putFrontendKey("state", "1");
        final RawFrontend next = connect(back);
        bench.settle(back);
        assertThat(port.sent).as("nothing of the last connection").isEmpty();
        assertServes(next);
        next.leave();
    }

    @Test
    void endsWithItsAgent() {
        final String before = bench.hostResources();
        final Netback back = bench.newBackend(port);
        final RawFrontend front = connect(back);
        port.arrives(TestFrames.plain(60, 1));
        bench.settle(back);
        final int watches = bench.xen.storeServer().watchCount();
        back.onClose();
        assertThat(bench.backendKey("state")).isEqualTo("6");
        assertThat(bench.hostResources()).isEqualTo(before);
        assertThat(bench.xen.storeServer().watchCount()).isEqualTo(watches - 3);
        assertThat(port.lent).isEmpty();
        front.takeBack();
    }

    @Test
    void closesWhenTheToolstackUnplugsAndDoesNotReopenOffline() {
        final Netback back = bench.newBackend(port);
        final RawFrontend front = connect(back);
        bench.unplug(0);
        bench.settle(back);
        front.leave();
        bench.putFrontendKey("state", "1");
        bench.settle(back);
        assertThat(bench.backendKey("state")).isEqualTo("6");
    }

    @Test
    void beginsAnewWhereTheDeviceIsMadeAnew() {
        final Netback back = bench.newBackend(port);
        final RawFrontend front = connect(back);
        bench.create(0, bench.vif(0));
        bench.settle(back);
        front.takeBack();
        assertServes(connect(back));
    }

    @Test
    void letsGoOfAFrontendWhoseDirectoryIsRemoved() {
        final Netback back = bench.newBackend(port);
        final RawFrontend front = connect(back);
        bench.remove(0);
        bench.settle(back);
        front.takeBack();
        assertThat(bench.host.domain().eventChannels().openPorts()).isZero();
        assertThat(bench.host.domain().grantMapper().mappedCount()).isZero();
    }

    /** A host without memory for one more connection refuses it, and serves on. */
    @Test
    void refusesAConnectionThatItHasNoMemoryFor() {
        final Netback back = bench.newBackend(port);
        bench.settle(back);
        final int hoard = bench.host.frames().allocate(4000);
        final RawFrontend front = new RawFrontend(bench, back, 0);
        front.publish(RawFrontend.TAKES_ALL, 1, false, false);
        bench.putFrontendKey("state", "4");
        bench.settle(back);
        assertThat(bench.backendKey("state")).isEqualTo("6");
        assertThat(back.counters().refusals(NetbackRefusal.MEMORY)).isEqualTo(1);
        front.takeBack();
        for (int i = 0; i < 4000; i++) {
            bench.host.frames().free(hoard + i);
        }
        bench.putFrontendKey("state", "1");
        assertServes(connect(back));
    }

    @ParameterizedTest
    @CsvSource({"1,false", "1,true", "8,false", "8,true"})
    void servesAsManyQueuesAsThereAreByOnePortOrTwo(final int queues, final boolean split) {
        for (final Wakeups wakeups : Wakeups.values()) {
            final Netback back = bench.newBackend(0, port, wakeups, NetbackOptions.FULL);
            final RawFrontend front =
                    RawFrontend.connect(
                            bench, back, 0, RawFrontend.TAKES_ALL, queues, split, false);
            port.sent.clear();
            for (final RawQueue queue : front.queues) {
                queue.putPacket(1, TestFrames.plain(60, 1), 0);
                queue.push();
                queue.post(50);
            }
            for (int flow = 0; flow < 32; flow++) {
                port.arrives(TestFrames.tcpIpv4(10, flow));
            }
            bench.settle(back);
            bench.guest(0).domain().eventChannels().dispatch();
            assertThat(port.sent).hasSize(queues);
            int received = 0;
            for (final RawQueue queue : front.queues) {
                assertThat(queue.answers()).hasSize(1);
                final int here = queue.received().size();
                received += here;
                assertThat(queue.transmitKicks).isPositive();
                assertThat(queue.receiveKicks > 0).isEqualTo(split && here > 0);
            }
            assertThat(received).isEqualTo(32);
            front.leave();
            bench.putFrontendKey("multi-queue-num-queues", null);
            bench.putFrontendKey("event-channel-tx", null);
            bench.putFrontendKey("event-channel-rx", null);
            back.onClose();
            bench.create(0, bench.vif(0));
        }
    }

    /** What was not offered is not read, whatever stands there. */
    @Test
    void readsNothingThatItDidNotOffer() {
        final Netback back = bench.newBackend(port, NetbackOptions.FULL.withOffers(Offers.NONE));
        final Map<String, String> keys = new HashMap<>(RawFrontend.TAKES_ALL);
        keys.put("xdp-headroom", "4000");
        keys.put("ctrl-ring-ref", "99");
        keys.put("event-channel-tx", "99");
        keys.put("request-multicast-control", "1");
        final RawFrontend front = RawFrontend.connect(bench, back, keys);
        front.queue().post(1);
        port.arrives(TestFrames.to(0x0100_5e00_0001L, 5));
        bench.settle(back);
        assertThat(front.queue().received()).hasSize(1);
        front.leave();
    }
}
