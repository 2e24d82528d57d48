package io.ringside.perf.result;

import java.io.Writer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** JSON that people can read, too. */
public final class IndentedJson {
    private IndentedJson() {}

    /** Writes there; closing it closes the writer. */
    public static JsonGenerator to(final Writer out) {
        final ObjectWriteContext pretty =
                new ObjectWriteContext.Base() {
                    @Override
                    public PrettyPrinter getPrettyPrinter() {
                        return new DefaultPrettyPrinter();
                    }
                };
        return new JsonFactory().createGenerator(pretty, out);
    }
}
