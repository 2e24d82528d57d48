package io.ringside.xen.netfront.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.netfront.protocol.CtrlRequest;
import io.ringside.xen.netfront.protocol.CtrlResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** A guest's end that writes whatever it likes into rings and store. */
final class RawFrontend {
    /** The keys of a frontend that takes everything. */
    static final Map<String, String> TAKES_ALL =
            Map.of(
                    "request-rx-copy", "1",
                    "feature-rx-notify", "1",
                    "feature-sg", "1",
                    "feature-gso-tcpv4", "1",
                    "feature-gso-tcpv6", "1",
                    "feature-ipv6-csum-offload", "1");

    /** The keys of a frontend that takes whole packets of one page, and nothing else. */
    static final Map<String, String> TAKES_LITTLE =
            Map.of(
                    "request-rx-copy", "1",
                    "feature-rx-notify", "1",
                    "feature-no-csum-offload", "1");

    private static final int HEADER_BYTES = 64;
    private static final int CONTROL_SLOTS = 128;

    final BackBench bench;
    final Netback back;
    final int number;
    final List<RawQueue> queues = new ArrayList<>();
    private UnsafeBuffer control = new UnsafeBuffer(0, 0);
    private int controlPort;
    private int controlFrame;
    private int controlReference;
    private int asked;

    RawFrontend(final BackBench bench, final Netback back, final int number) {
        this.bench = bench;
        this.back = back;
        this.number = number;
    }

    static RawFrontend connect(
            final BackBench bench, final Netback back, final Map<String, String> keys) {
        return connect(bench, back, 0, keys, 1, false, false);
    }

    /** Brings a new frontend as far as both ends are connected. */
    static RawFrontend connect(
            final BackBench bench,
            final Netback back,
            final int number,
            final Map<String, String> keys,
            final int queueCount,
            final boolean split,
            final boolean withControl) {
        bench.settle(back);
        assertThat(bench.backendKey(number, "state")).isEqualTo("2");
        final RawFrontend front = new RawFrontend(bench, back, number);
        front.publish(keys, queueCount, split, withControl);
        bench.putFrontendKey(number, "state", "4");
        bench.settle(back);
        assertThat(bench.backendKey(number, "state")).isEqualTo("4");
        return front;
    }

    /** Tells everything but the state. */
    void publish(
            final Map<String, String> keys,
            final int queueCount,
            final boolean split,
            final boolean withControl) {
        final Map<String, String> all = new LinkedHashMap<>(keys);
        for (int i = 0; i < queueCount; i++) {
            final RawQueue queue = new RawQueue(bench.guest(number), split);
            queues.add(queue);
            final String at = queueCount == 1 ? "" : "queue-" + i + "/";
            all.put(at + "tx-ring-ref", Integer.toString(queue.transmitReference));
            all.put(at + "rx-ring-ref", Integer.toString(queue.receiveReference));
            if (split) {
                all.put(at + "event-channel-tx", Integer.toString(queue.transmitPort));
                all.put(at + "event-channel-rx", Integer.toString(queue.receivePort));
            } else {
                all.put(at + "event-channel", Integer.toString(queue.transmitPort));
            }
        }
        if (queueCount > 1) {
            all.put("multi-queue-num-queues", Integer.toString(queueCount));
        }
        if (withControl) {
            controlFrame = bench.guest(number).frames().allocate();
            control = bench.guest(number).page(controlFrame);
            control.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0xa5);
            control.setMemory(0, HEADER_BYTES, (byte) 0);
            control.putInt(4, 1);
            control.putInt(12, 1);
            controlReference =
                    bench.guest(number)
                            .domain()
                            .grantTable()
                            .grantAccess(BackBench.HOST, controlFrame, false);
            controlPort = bench.guest(number).domain().eventChannels().allocUnbound(BackBench.HOST);
            all.put("ctrl-ring-ref", Integer.toString(controlReference));
            all.put("event-channel-ctrl", Integer.toString(controlPort));
        }
        all.forEach((key, value) -> bench.putFrontendKey(number, key, value));
    }

    RawQueue queue() {
        return queues.getFirst();
    }

    boolean hasControl() {
        return controlPort != 0;
    }

    /** Asks by the control ring. */
    void ask(final int type, final int data0, final int data1, final int data2) {
        new CtrlRequest()
                .wrap(control, HEADER_BYTES + asked % CONTROL_SLOTS * CtrlRequest.BYTES)
                .put(asked + 100, type, data0, data1, data2);
        asked++;
        pushControl(asked);
    }

    /** Asks by the control ring, and waits for the answer. */
    CtrlResponse control(final int type, final int... data) {
        final int at = HEADER_BYTES + asked % CONTROL_SLOTS * CtrlRequest.BYTES;
        ask(
                type,
                data.length > 0 ? data[0] : 0,
                data.length > 1 ? data[1] : 0,
                data.length > 2 ? data[2] : 0);
        bench.settle(back);
        assertThat(control.getInt(8)).isEqualTo(asked);
        final CtrlResponse response = new CtrlResponse().wrap(control, at);
        assertThat(response.id()).isEqualTo(asked + 99);
        assertThat(response.type()).isEqualTo(type);
        assertThat(control.getInt(at + CtrlResponse.BYTES)).isZero();
        return response;
    }

    void pushControl(final int index) {
        control.putIntVolatile(0, index);
        bench.guest(number).domain().eventChannels().send(controlPort);
    }

    /** Goes away in good order, and takes everything back. */
    void leave() {
        bench.putFrontendKey(number, "state", "6");
        bench.settle(back);
        assertThat(back.isClosed()).isTrue();
        takeBack();
    }

    void takeBack() {
        queues.forEach(RawQueue::close);
        queues.clear();
        if (controlPort != 0) {
            assertThat(bench.guest(number).domain().grantTable().endAccess(controlReference))
                    .isTrue();
            bench.guest(number).frames().free(controlFrame);
            bench.guest(number).domain().eventChannels().close(controlPort);
            controlPort = 0;
            bench.putFrontendKey(number, "ctrl-ring-ref", null);
            bench.putFrontendKey(number, "event-channel-ctrl", null);
        }
    }
}
