package io.ringside.perf.trace;

import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Events for machines: one JSON object a line, of schema {@value #SCHEMA}.
 *
 * <p>{@code number}, {@code from} and {@code to} ({@code guest} or {@code host}), {@code by}
 * ({@code message}, {@code packet} or {@code signal}), {@code name}, {@code bytes}, {@code hex},
 * {@code fields} (each with {@code struct}, {@code name}, {@code value} and {@code meaning}) and
 * {@code explanation}.
 */
public final class TraceJson {
    /** Name and version of the form; later versions add members and rename none. */
    public static final String SCHEMA = "ringside.trace/1";

    private final JsonFactory factory = new JsonFactory();

    /** Makes a writer. */
    public TraceJson() {
        // The factory is all there is.
    }

    /** One event, without a newline. */
    public String of(final TraceEvent event) {
        final boolean guest = event.sender() == TraceEvent.Sender.GUEST;
        final StringWriter out = new StringWriter();
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            json.writeNumberProperty("number", event.number());
            json.writeStringProperty("from", event.sender().label());
            json.writeStringProperty("to", guest ? "host" : "guest");
            json.writeStringProperty("by", event.carrier().label());
            json.writeStringProperty("name", event.name());
            json.writeNumberProperty("bytes", event.lengthBytes());
            json.writeStringProperty("hex", event.hex());
            json.writeArrayPropertyStart("fields");
            for (final TraceField field : event.fields()) {
                json.writeStartObject();
                json.writeStringProperty("struct", field.struct());
                json.writeStringProperty("name", field.name());
                json.writeStringProperty("value", field.value());
                json.writeStringProperty("meaning", field.meaning());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringProperty("explanation", event.explanation());
            json.writeEndObject();
        }
        return out.toString();
    }
}
