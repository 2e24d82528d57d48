package io.ringside.perf.result;

import io.ringside.hypervisor.Crossing;
import io.ringside.perf.costs.Basis;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.scenario.UsageException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.jr.ob.JSON;

/**
 * Reads what {@link ResultJson} wrote.
 *
 * <p>A file is never trusted: each refusal is one line that names the file, the place in it and
 * what to do. Fields that this version does not know are left out.
 */
public final class ResultReader {
    private static final String REMEDY = ": write it anew with './ringside compare --json'";
    private static final String FAMILY = ResultDocument.SCHEMA.replaceFirst("/.*", "/");

    private ResultReader() {}

    /** The result in a file. */
    public static ResultDocument read(final Path file) throws UsageException {
        final String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (final CharacterCodingException e) {
            throw new UsageException("cannot read '" + file + "': it is no text in UTF-8" + REMEDY);
        } catch (final IOException e) {
            throw new UsageException(
                    "cannot read '"
                            + file
                            + "' ("
                            + e.getClass().getSimpleName()
                            + "): name a file that './ringside compare --json' wrote");
        }
        return parse(text, file.toString());
    }

    /**
     * The result in a text.
     *
     * @param name of the file that it is from, for refusals
     */
    public static ResultDocument parse(final String text, final String name) throws UsageException {
        final Object whole;
        try {
            whole = JSON.std.with(JSON.Feature.USE_BIG_DECIMAL_FOR_FLOATS, false).anyFrom(text);
        } catch (final JacksonException e) {
            final TokenStreamLocation location = e.getLocation();
            final String reason =
                    String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
            throw new UsageException(
                    "cannot read '"
                            + name
                            + "'"
                            + (location == null
                                    ? ""
                                    : ", line "
                                            + location.getLineNr()
                                            + ", column "
                                            + location.getColumnNr())
                            + ": it is no JSON ("
                            + reason
                            + ")"
                            + REMEDY);
        }
        try {
            return document(new Fields("", whole));
        } catch (final UsageException e) {
            throw new UsageException("cannot use '" + name + "': " + e.getMessage() + REMEDY);
        }
    }

    private static ResultDocument document(final Fields fields) throws UsageException {
        final String schema = fields.text("schema");
        if (!schema.equals(ResultDocument.SCHEMA)) {
            throw new UsageException(
                    "schema must be "
                            + ResultDocument.SCHEMA
                            + ", and is "
                            + schema.replaceAll("\\p{Cntrl}", "?")
                            + (schema.startsWith(FAMILY)
                                    ? " (of another version of ringside)"
                                    : ""));
        }
        final Fields noise = fields.object("noise");
        final List<Job> jobs = new ArrayList<>();
        for (final Fields job : fields.objects("jobs")) {
            jobs.add(job(job));
        }
        final List<Sweep> sweeps = new ArrayList<>();
        for (final Fields sweep : fields.objects("sweeps")) {
            sweeps.add(sweep(sweep));
        }
        return new ResultDocument(
                fields.text("ringside"),
                machine(fields.object("machine")),
                new Noise(
                        noise.numberOrUnknown("busyProcessorsBefore"),
                        noise.numberOrUnknown("busyProcessorsAfter")),
                jobs,
                sweeps);
    }

    private static Machine machine(final Fields fields) throws UsageException {
        return new Machine(
                fields.text("processor"),
                (int) fields.whole("processors", 1, Integer.MAX_VALUE),
                fields.text("kernel"),
                fields.text("jdk"),
                fields.whole("memoryMebibytes", -1, Long.MAX_VALUE),
                fields.text("date"),
                fields.numberOrUnknown("loadAverage"));
    }

    private static Sweep sweep(final Fields fields) throws UsageException {
        final List<Integer> present = new ArrayList<>();
        for (final double part : fields.numbers("present")) {
            present.add((int) part);
        }
        final List<Sweep.Point> points = new ArrayList<>();
        for (final Fields point : fields.objects("points")) {
            points.add(new Sweep.Point(point.text("value"), job(point.object("job"))));
        }
        try {
            return new Sweep(
                    fields.text("workload"),
                    fields.text("parameter"),
                    fields.texts("values"),
                    (int) fields.whole("shards", 1, Integer.MAX_VALUE),
                    present,
                    points);
        } catch (final IllegalArgumentException e) {
            throw fields.refused(e);
        }
    }

    private static Job job(final Fields fields) throws UsageException {
        final List<Row> rows = new ArrayList<>();
        for (final Fields row : fields.objects("rows")) {
            rows.add(row(row));
        }
        final Fields costs = fields.object("costs");
        final List<CostFigure> figures = new ArrayList<>();
        for (final Fields figure : costs.objects("figures")) {
            figures.add(figure(figure));
        }
        try {
            return new Job(
                    fields.text("workload"),
                    fields.object("scenario").textMap(),
                    fields.constant("clock", Clock.class),
                    new Costs(costs.text("name"), costs.text("source"), figures),
                    rows);
        } catch (final IllegalArgumentException e) {
            throw fields.refused(e);
        }
    }

    private static CostFigure figure(final Fields fields) throws UsageException {
        try {
            return new CostFigure(
                    fields.text("key"),
                    fields.number("nanos"),
                    fields.number("least"),
                    fields.number("most"),
                    fields.constant("basis", Basis.class),
                    fields.text("source"));
        } catch (final IllegalArgumentException e) {
            throw fields.refused(e);
        }
    }

    private static Row row(final Fields fields) throws UsageException {
        final List<LoadResult> loads = new ArrayList<>();
        for (final Fields load : fields.objects("loads")) {
            loads.add(load(load));
        }
        try {
            return new Row(
                    fields.text("device"),
                    fields.texts("features"),
                    (int) fields.whole("operationBytes", 0, Integer.MAX_VALUE),
                    fields.flag("verified"),
                    fields.flag("interrupted"),
                    loads,
                    fields.texts("notes"));
        } catch (final IllegalArgumentException e) {
            throw fields.refused(e);
        }
    }

    private static LoadResult load(final Fields fields) throws UsageException {
        final Load load = Load.of(fields.text("load"));
        if (load == null) {
            throw fields.refusal("load", "a load that this version knows");
        }
        final Fields crossings = fields.object("crossings");
        try {
            return new LoadResult(
                    load,
                    fields.whole("operations", 0, Long.MAX_VALUE),
                    metrics(fields.object("metrics")),
                    band(fields.object("band")),
                    new Crossings(
                            crossings(crossings.object("guest")),
                            crossings(crossings.object("host"))),
                    latency(fields));
        } catch (final IllegalArgumentException e) {
            throw fields.refused(e);
        }
    }

    private static @Nullable LatencyHistogram latency(final Fields fields) throws UsageException {
        return fields.has("latency") ? new LatencyHistogram(fields.text("latency")) : null;
    }

    private static Map<Metric, Series> metrics(final Fields fields) throws UsageException {
        final Map<Metric, Series> metrics = new EnumMap<>(Metric.class);
        for (final String key : fields.keys()) {
            final Metric metric = Metric.of(key);
            if (metric != null) {
                metrics.put(metric, series(fields.object(key)));
            }
        }
        return metrics;
    }

    private static Map<Metric, Range> band(final Fields fields) throws UsageException {
        final Map<Metric, Range> band = new EnumMap<>(Metric.class);
        for (final String key : fields.keys()) {
            final Metric metric = Metric.of(key);
            if (metric != null) {
                final Fields range = fields.object(key);
                try {
                    band.put(metric, new Range(range.number("least"), range.number("most")));
                } catch (final IllegalArgumentException e) {
                    throw range.refused(e);
                }
            }
        }
        return band;
    }

    private static Map<Crossing, Series> crossings(final Fields fields) throws UsageException {
        final Map<Crossing, Series> crossings = new EnumMap<>(Crossing.class);
        for (final String key : fields.keys()) {
            final Crossing crossing = CrossingKeys.crossing(key);
            if (crossing != null) {
                crossings.put(crossing, series(fields.object(key)));
            }
        }
        return crossings;
    }

    private static Series series(final Fields fields) throws UsageException {
        try {
            return new Series(fields.numbers("forks"));
        } catch (final IllegalArgumentException e) {
            throw fields.refused(e);
        }
    }
}
