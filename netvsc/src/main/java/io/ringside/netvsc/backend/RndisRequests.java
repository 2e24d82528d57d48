package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.RndisCompletion;
import io.ringside.netvsc.protocol.RndisIndication;
import io.ringside.netvsc.protocol.RndisMessageType;
import io.ringside.netvsc.protocol.RndisRequest;
import io.ringside.netvsc.protocol.RndisStatus;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * RNDIS requests of a guest, and their answers; what the guest is told unasked besides.
 *
 * <p>A request is copied out of the guest's memory before it is looked at. Its answer waits in the
 * outbox until there is room for it.
 *
 * <p>Peer's faults: a request that is not sound is answered with an NVSP status, one that cannot be
 * met with an RNDIS status. Threads: one.
 */
final class RndisRequests {
    /** Log2 of what messages in one packet are padded to. */
    static final int ALIGNMENT_SHIFT = 3;

    private static final int MOST_REQUEST_BYTES = 8192;
    private static final int MOST_TRANSFER_BYTES = 1 << 20;

    private final Adapter adapter;
    private final NetvspCounters counters;
    private final ObjectQueries queries;
    private final ObjectSettings settings;
    private final ControlOutbox outbox = new ControlOutbox();
    private final UnsafeBuffer copy = new UnsafeBuffer(new byte[MOST_REQUEST_BYTES]);
    private final RndisRequest request = new RndisRequest();
    private final RndisCompletion answer = new RndisCompletion();
    private final RndisIndication indication = new RndisIndication();

    RndisRequests(final Adapter adapter, final NetvspCounters counters) {
        this.adapter = adapter;
        this.counters = counters;
        this.queries = new ObjectQueries(adapter);
        this.settings = new ObjectSettings(adapter);
    }

    ControlOutbox outbox() {
        return outbox;
    }

    /** Takes one request, and returns the NVSP status of the packet that brought it. */
    int take(final GatheredBytes bytes, final NvspStage.Agreed agreed) {
        final int lengthBytes = bytes.totalBytes();
        if (lengthBytes < RndisRequest.HEADER_BYTES || lengthBytes > MOST_REQUEST_BYTES) {
            return refuse(NetvspRefusal.RNDIS, NvspStatus.INVALID_RNDIS_PACKET);
        }
        bytes.copyTo(0, copy, 0, lengthBytes);
        request.wrap(copy, 0, lengthBytes);
        final int type = request.type();
        final long messageBytes = request.messageBytes();
        if (messageBytes > lengthBytes
                || messageBytes < RndisMessageType.leastBytes(type)
                || !isRequest(type)) {
            return refuse(NetvspRefusal.RNDIS, NvspStatus.INVALID_RNDIS_PACKET);
        }
        if (outbox.isFull() || !adapter.isInitialised() && type != RndisMessageType.INITIALIZE) {
            return refuse(NetvspRefusal.CONTROL, NvspStatus.FAIL);
        }
        request.wrap(copy, 0, (int) messageBytes);
        dispatch(type, (int) messageBytes, agreed);
        return NvspStatus.SUCCESS;
    }

    private int refuse(final NetvspRefusal reason, final int status) {
        counters.refused(reason);
        return status;
    }

    private static boolean isRequest(final int type) {
        return type == RndisMessageType.INITIALIZE
                || type == RndisMessageType.HALT
                || type == RndisMessageType.QUERY
                || type == RndisMessageType.SET
                || type == RndisMessageType.RESET
                || type == RndisMessageType.KEEPALIVE;
    }

    private void dispatch(final int type, final int messageBytes, final NvspStage.Agreed agreed) {
        answer.wrap(outbox.memory(), outbox.freeOffset(), ControlOutbox.MESSAGE_BYTES);
        switch (type) {
            case RndisMessageType.INITIALIZE -> initialise(agreed);
            case RndisMessageType.QUERY -> query(messageBytes);
            case RndisMessageType.SET -> set(messageBytes);
            case RndisMessageType.RESET -> {
                adapter.reset();
                send(answer.putReset(RndisStatus.SUCCESS, true));
            }
            case RndisMessageType.KEEPALIVE ->
                    send(answer.putKeepalive(request.requestId(), RndisStatus.SUCCESS));
            default -> adapter.halt(); // Answered by the completion of its packet alone.
        }
    }

    private void send(final RndisCompletion written) {
        outbox.add((int) written.messageBytes());
        counters.requests++;
    }

    private void initialise(final NvspStage.Agreed agreed) {
        int status = RndisStatus.SUCCESS;
        if (request.majorVersion() == RndisRequest.MAJOR_VERSION) {
            adapter.initialise(agreed);
        } else {
            counters.refused(NetvspRefusal.VERSION);
            status = RndisStatus.BAD_VERSION;
        }
        send(
                answer.putInitialize(
                        request.requestId(),
                        status,
                        adapter.options().packetsPerMessage(),
                        MOST_TRANSFER_BYTES,
                        ALIGNMENT_SHIFT));
    }

    private void query(final int messageBytes) {
        final int requestId = request.requestId();
        if (request.infoBytes() != 0 && request.infoOffset(messageBytes) == RndisRequest.NO_INFO) {
            counters.refused(NetvspRefusal.OBJECT_CONTENT);
            send(answer.putQuery(requestId, RndisStatus.INVALID_DATA, 0));
            return;
        }
        final int infoBytes =
                queries.answer(
                        request.oid(),
                        outbox.memory(),
                        outbox.freeOffset() + RndisCompletion.INFO_OFFSET);
        if (infoBytes == ObjectQueries.UNKNOWN) {
            counters.refused(NetvspRefusal.OBJECT);
            send(answer.putQuery(requestId, RndisStatus.NOT_SUPPORTED, 0));
        } else {
            send(answer.putQuery(requestId, RndisStatus.SUCCESS, infoBytes));
        }
    }

    private void set(final int messageBytes) {
        final int at = request.infoOffset(messageBytes);
        int status = RndisStatus.INVALID_DATA;
        if (at != RndisRequest.NO_INFO) {
            status = settings.set(request.oid(), copy, at, (int) request.infoBytes());
        } else if (request.infoBytes() == 0) {
            status = settings.set(request.oid(), copy, 0, 0);
        }
        if (status == RndisStatus.NOT_SUPPORTED) {
            counters.refused(NetvspRefusal.OBJECT);
        } else if (status != RndisStatus.SUCCESS) {
            counters.refused(NetvspRefusal.OBJECT_CONTENT);
        }
        send(answer.putSet(request.requestId(), status));
    }

    /** Tells the guest something, if there is room. */
    boolean tell(final int status) {
        if (outbox.isFull()) {
            return false;
        }
        indication
                .wrap(outbox.memory(), outbox.freeOffset(), ControlOutbox.MESSAGE_BYTES)
                .put(status, 0);
        outbox.add(RndisIndication.BYTES);
        return true;
    }

    /** Tells the guest something with a number, if there is room. */
    boolean tell(final int status, final int number) {
        if (outbox.isFull()) {
            return false;
        }
        final int at = outbox.freeOffset();
        indication
                .wrap(outbox.memory(), at, ControlOutbox.MESSAGE_BYTES)
                .put(status, Integer.BYTES);
        outbox.memory().putInt(at + RndisIndication.BYTES, number, LITTLE_ENDIAN);
        outbox.add(RndisIndication.BYTES + Integer.BYTES);
        return true;
    }
}
