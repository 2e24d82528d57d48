package io.ringside.perf.trace;

import io.ringside.perf.trace.TraceEvent.Carrier;
import io.ringside.perf.trace.TraceEvent.Sender;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/** Numbers events in the order in which they passed, and hands them on. */
final class TraceRecorder {
    private final Consumer<TraceEvent> listener;
    private long count;

    TraceRecorder(final Consumer<TraceEvent> listener) {
        this.listener = listener;
    }

    /** What carries bytes. */
    void event(
            final Sender sender,
            final Carrier carrier,
            final Decoded decoded,
            final DirectBuffer from,
            final int offset,
            final int lengthBytes) {
        tell(sender, carrier, decoded, lengthBytes, FieldList.hexOf(from, offset, lengthBytes));
    }

    /** What carries none. */
    void signal(final Sender sender, final Decoded decoded) {
        tell(sender, Carrier.SIGNAL, decoded, 0, "");
    }

    private void tell(
            final Sender sender,
            final Carrier carrier,
            final Decoded decoded,
            final int lengthBytes,
            final String hex) {
        count++;
        listener.accept(
                new TraceEvent(
                        count,
                        sender,
                        carrier,
                        decoded.name(),
                        lengthBytes,
                        hex,
                        decoded.fields().fields(),
                        decoded.explanation()));
    }
}
