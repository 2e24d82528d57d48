package io.ringside.perf.calibrate;

import io.ringside.perf.measure.Machine;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** A calibration as one JSON object of schema {@value #SCHEMA}; times are nanoseconds. */
public final class CalibrationJson {
    /** Name and version of the form; later versions add fields and rename none. */
    public static final String SCHEMA = "ringside.calibrate/1";

    private CalibrationJson() {}

    /**
     * The whole object, indented, ended by a newline.
     *
     * @param profile where the cost profile was written
     */
    public static String text(final Calibration host, final String profile) {
        final StringWriter out = new StringWriter();
        final ObjectWriteContext pretty =
                new ObjectWriteContext.Base() {
                    @Override
                    public PrettyPrinter getPrettyPrinter() {
                        return new DefaultPrettyPrinter();
                    }
                };
        try (JsonGenerator json = new JsonFactory().createGenerator(pretty, out)) {
            json.writeStartObject();
            json.writeStringProperty("schema", SCHEMA);
            machine(json, host);
            virtualisation(json, host.virtualisation());
            json.writeArrayPropertyStart("figures");
            for (final Figure figure : host.figures()) {
                figure(json, figure);
            }
            json.writeEndArray();
            json.writeStringProperty("guestMode", host.guestMode());
            json.writeBooleanProperty("exitsAreTrue", host.exitsAreTrue());
            json.writeArrayPropertyStart("remarks");
            for (final String remark : host.remarks()) {
                json.writeString(remark);
            }
            json.writeEndArray();
            json.writeStringProperty("profile", profile);
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    private static void machine(final JsonGenerator json, final Calibration host) {
        final Machine machine = host.machine();
        json.writeObjectPropertyStart("machine");
        json.writeStringProperty("processor", machine.processor());
        json.writeNumberProperty("processors", machine.processors());
        json.writeStringProperty("kernel", machine.kernel());
        json.writeStringProperty("jdk", machine.jdk());
        json.writeNumberProperty("memoryMebibytes", machine.memoryMebibytes());
        json.writeStringProperty("date", machine.date());
        if (host.busyProcessors() >= 0) {
            json.writeNumberProperty("busyProcessorsBefore", host.busyProcessors());
        }
        json.writeBooleanProperty("busy", host.isDoubtful());
        json.writeEndObject();
    }

    private static void virtualisation(final JsonGenerator json, final Virtualisation kind) {
        json.writeObjectPropertyStart("virtualisation");
        json.writeBooleanProperty("guest", kind.guest());
        json.writeStringProperty("hypervisor", kind.hypervisor());
        json.writeStringProperty("product", kind.product());
        json.writeStringProperty("module", kind.module());
        json.writeStringProperty("extension", kind.extension());
        json.writeStringProperty("secondLevelPaging", kind.secondLevel());
        json.writeBooleanProperty("allowsNested", kind.allowsNested());
        json.writeEndObject();
    }

    private static void figure(final JsonGenerator json, final Figure figure) {
        json.writeStartObject();
        json.writeStringProperty("figure", figure.quantity().key());
        json.writeStringProperty("meaning", figure.quantity().meaning());
        json.writeNumberProperty("medianNanos", figure.nanos().median());
        json.writeNumberProperty("leastNanos", figure.nanos().least());
        json.writeNumberProperty("mostNanos", figure.nanos().most());
        if (figure.quantity().bytes() > 0) {
            json.writeNumberProperty("bytes", figure.quantity().bytes());
            json.writeNumberProperty(
                    "nanosPerByte", figure.nanos().median() / figure.quantity().bytes());
        }
        json.writeEndObject();
    }
}
