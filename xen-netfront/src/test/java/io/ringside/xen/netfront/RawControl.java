package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.protocol.CtrlRequest;
import io.ringside.xen.netfront.protocol.CtrlResponse;
import io.ringside.xenbus.grant.GrantMapper.RingMapping;
import org.agrona.concurrent.UnsafeBuffer;

/** A host's end of the control ring that answers whatever it likes. */
final class RawControl {
    private static final int HEADER_BYTES = 64;
    private static final int SLOTS = 128;
    private static final int RESPONSE_PRODUCER = 8;

    private final NetBench bench;
    private final UnsafeBuffer ring;
    private final RingMapping.Mapped mapping;
    private final int port;
    int answered;

    RawControl(final NetBench bench) {
        this.bench = bench;
        mapping = RawNetback.map(bench, RawNetback.number(bench, "ctrl-ring-ref"));
        ring = mapping.pages().buffer();
        port = RawNetback.bind(bench, "event-channel-ctrl");
    }

    int asked() {
        return ring.getIntVolatile(0);
    }

    /** The request that is to be answered next. */
    CtrlRequest request() {
        assertThat(asked()).as("requests").isEqualTo(answered + 1);
        return new CtrlRequest().wrap(ring, HEADER_BYTES + answered % SLOTS * CtrlRequest.BYTES);
    }

    /** Holds the next request against what is expected. */
    CtrlRequest expect(final int type) {
        assertThat(request().type()).isEqualTo(type);
        return request();
    }

    /** Answers the next request as it should be. */
    void answer(final Netfront front, final int status, final int data) {
        final CtrlRequest request = request();
        put(front, request.id(), request.type(), status, data);
    }

    /** Puts any answer. */
    void put(final Netfront front, final int id, final int type, final int status, final int data) {
        new CtrlResponse()
                .wrap(ring, HEADER_BYTES + answered++ % SLOTS * CtrlRequest.BYTES)
                .put(id, type, status, data);
        push(front, answered);
    }

    /** Publishes any index. */
    void push(final Netfront front, final int index) {
        ring.putIntVolatile(RESPONSE_PRODUCER, index);
        bench.host().domain().eventChannels().send(port);
        bench.step(front);
        bench.step(front);
    }

    /** Lets go of ring and port. */
    void close() {
        bench.host().domain().eventChannels().close(port);
        mapping.unmap().run();
    }
}
