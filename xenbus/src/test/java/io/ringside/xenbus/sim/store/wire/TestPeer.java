package io.ringside.xenbus.sim.store.wire;

import io.ringside.xenbus.protocol.StoreMessage;
import io.ringside.xenbus.sim.store.XenStoreServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** The other end of a session: writes bytes, and reads messages. */
final class TestPeer {
    final StoreSession session;
    private int lastId;

    TestPeer(final XenStoreServer server, final int domain) {
        session = new StoreSession(server, domain, () -> {});
    }

    /** A message; {@code |} in the payload stands for a zero byte. */
    static byte[] message(
            final int type, final int requestId, final int transaction, final String payload) {
        return StoreMessage.bytes(type, requestId, transaction, payload.replace('|', '\0'));
    }

    /** Puts as many bytes as the session takes; how many that were. */
    int put(final byte[] bytes, final int from) {
        int at = from;
        while (at < bytes.length) {
            final ByteBuffer space = session.inbound();
            final int count = Math.min(space.remaining(), bytes.length - at);
            if (count == 0) {
                break;
            }
            space.put(bytes, at, count);
            session.received(count);
            at += count;
        }
        return at - from;
    }

    /** One request outside of any transaction, and its reply with the events that came. */
    String ask(final int type, final String payload) {
        return ask(type, 0, payload);
    }

    /** One request, and all messages that come back, each as type and payload. */
    String ask(final int type, final int transaction, final String payload) {
        final byte[] request = message(type, ++lastId, transaction, payload);
        if (put(request, 0) != request.length) {
            throw new IllegalStateException("the session does not listen: type=" + type);
        }
        while (session.doWork() > 0) {
            Thread.onSpinWait();
        }
        return String.join(" ", read(Integer.MAX_VALUE));
    }

    /** Takes messages that wait, no more than a number. */
    List<String> read(final int most) {
        final List<String> messages = new ArrayList<>();
        while (messages.size() < most && session.outbound().hasRemaining()) {
            final ByteBuffer buffer = session.outbound();
            final byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            messages.add(text(bytes));
        }
        return messages;
    }

    private static String text(final byte[] bytes) {
        final StoreMessage head = new StoreMessage().wrap(new UnsafeBuffer(bytes), 0);
        final int payloadBytes = bytes.length - StoreMessage.HEADER_BYTES;
        if (head.payloadBytes() != payloadBytes) {
            throw new IllegalStateException("length is wrong: bytes=" + head.payloadBytes());
        }
        final String payload =
                new String(
                        bytes,
                        StoreMessage.HEADER_BYTES,
                        payloadBytes,
                        StandardCharsets.ISO_8859_1);
        return head.type() + ":" + payload.replace('\0', '|');
    }
}
