package io.ringside.perf.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.ringside.hypervisor.Crossing;
import io.ringside.perf.costs.Basis;
import io.ringside.perf.costs.CostProfiles;
import io.ringside.perf.scenario.UsageException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.jr.ob.JSON;

class ResultJsonTest {
    private static final ResultDocument BOTH =
            Samples.document(
                    Samples.diskJob(
                            32,
                            Samples.disk("ide-dma", 10, 1_000_000),
                            Samples.disk("xen-blkfront+all", 0, 0)),
                    Samples.netJob(Samples.net("netvsc")));

    @TempDir private Path directory = Path.of("");

    private static List<String> faults(final String json) throws Exception {
        try (InputStream file =
                Objects.requireNonNull(
                        ResultJson.class.getResourceAsStream("ringside-result.schema.json"))) {
            final Schema schema =
                    SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(
                                    new String(file.readAllBytes(), StandardCharsets.UTF_8),
                                    InputFormat.JSON);
            return schema.validate(json, InputFormat.JSON).stream()
                    .map(fault -> fault.getInstanceLocation() + ": " + fault.getMessage())
                    .toList();
        }
    }

    /** Every metric, every crossing, every constant. */
    private static ResultDocument everything() {
        final Map<Metric, Series> metrics = new EnumMap<>(Metric.class);
        final Map<Metric, Range> band = new EnumMap<>(Metric.class);
        for (final Metric metric : Metric.values()) {
            metrics.put(metric, Series.of(metric.ordinal(), 0.1, 1e300));
            band.put(metric, new Range(-1, metric.ordinal()));
        }
        final Map<Crossing, Series> crossings = new EnumMap<>(Crossing.class);
        for (final Crossing crossing : Crossing.values()) {
            crossings.put(crossing, Series.of(crossing.ordinal(), 2, Double.MIN_VALUE));
        }
        final List<LoadResult> loads =
                List.of(Load.values()).stream()
                        .map(load ->
                                new LoadResult(
                                        load,
                                        Long.MAX_VALUE,
                                        metrics,
                                        band,
                                        new Crossings(crossings, crossings),
                                        LatencyHistogram.of(Samples.latency(9, 77))))
                        .toList();
        final Row row =
                new Row(
                        "a+b+c",
                        List.of("b", "c"),
                        1,
                        true,
                        true,
                        loads,
                        List.of("A \u2713 note."));
        final Costs costs =
                new Costs(
                        "mine",
                        "",
                        List.of(Basis.values()).stream()
                                .map(basis -> new CostFigure("k", 1, 0.5, 2, basis, "s"))
                                .toList());
        final Job job = new Job("net", Map.of("k", "v"), Clock.MODELLED, costs, List.of(row));
        return new ResultDocument(
                "x",
                Samples.MACHINE,
                Noise.UNKNOWN,
                List.of(job),
                List.of(
                        Samples.part(2, "8"),
                        new Sweep(
                                "net",
                                "queues",
                                List.of("1"),
                                1,
                                List.of(1),
                                List.of(new Sweep.Point("1", job)))));
    }

    @Test
    void isReadAgainAsItWas() throws Exception {
        for (final ResultDocument document : List.of(BOTH, everything(), Samples.sweep(1, "1"))) {
            final String json = ResultJson.text(document);
            assertThat(ResultReader.parse(json, "r.json")).isEqualTo(document);
            assertThat(ResultReader.read(Files.writeString(directory.resolve("r.json"), json)))
                    .isEqualTo(document);
        }
    }

    @Test
    void hasTheFormThatItsSchemaTells() throws Exception {
        for (final ResultDocument document : List.of(BOTH, everything(), Samples.sweep(1, "1"))) {
            assertThat(faults(ResultJson.text(document))).isEmpty();
        }
    }

    /** Or the schema would be held against nothing. */
    @Test
    void hasASchemaThatRefusesOtherForms() throws Exception {
        final String json = ResultJson.text(BOTH);
        assertThat(faults(json.replace("\"kicks\"", "\"clicks\""))).isNotEmpty();
        assertThat(faults(json.replace("\"wall\"", "\"sundial\""))).isNotEmpty();
        assertThat(faults(json.replace("\"portExit\" : {", "\"portexit\" : {"))).isNotEmpty();
        assertThat(faults(json.replace("\"device\"", "\"devise\""))).isNotEmpty();
        assertThat(faults(json.replace("result/1", "result/2"))).isNotEmpty();
    }

    @Test
    void echoesTheWholeScenarioInItsOrder() throws Exception {
        final Map<?, ?> report = JSON.std.mapFrom(ResultJson.text(BOTH));
        final List<?> jobs = (List<?>) Objects.requireNonNull(report.get("jobs"));
        final Map<?, ?> job = (Map<?, ?>) jobs.getFirst();
        final Map<?, ?> scenario = (Map<?, ?>) Objects.requireNonNull(job.get("scenario"));
        assertThat(scenario.keySet().stream().map(String::valueOf))
                .containsExactly(
                        "pattern",
                        "blockBytes",
                        "depth",
                        "operations",
                        "seconds",
                        "seed",
                        "wakeups",
                        "stringIo",
                        "medium",
                        "mediumBytes");
        assertThat(scenario.toString())
                .isEqualTo(
                        "{pattern=randrw, blockBytes=4096, depth=32, operations=10, seconds=0.0,"
                                + " seed=-5, wakeups=poll, stringIo=one-exit,"
                                + " medium=a\\medium\n, mediumBytes="
                                + (1L << 40)
                                + "}");
    }

    @Test
    void keepsEveryLatency() {
        final LatencyHistogram one = LatencyHistogram.of(Samples.latency(10, 1000));
        final LatencyHistogram sum = one.plus(LatencyHistogram.of(Samples.latency(5, 9_000_000)));
        assertThat(sum.histogram().getTotalCount()).isEqualTo(15);
        assertThat(sum.histogram().getValueAtPercentile(50)).isEqualTo(1000);
        assertThat(sum.histogram().getMaxValue()).isBetween(9_000_000L, 9_010_000L);
        assertThat(one.histogram().getTotalCount()).isEqualTo(10);
        assertThatThrownBy(() -> new LatencyHistogram("AAAA"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no compressed HdrHistogram");
    }

    @Test
    void refusesABrokenFileWithItsPlaceAndARemedy() {
        final String json = ResultJson.text(BOTH);
        assertRefused("", "is no JSON");
        assertRefused("{", "'r.json', line 1, column ", "is no JSON");
        assertRefused(json.substring(0, json.length() / 2), "line ", "is no JSON");
        assertRefused("[]", "the whole must be an object, and is a list");
        assertRefused("{\"schema\":\"x\"}", "schema must be ringside.result/1, and is x");
        assertRefused(
                json.replace("result/1", "result/2"),
                "and is ringside.result/2 (of another version of ringside)");
        assertRefused(
                json.replace("\"netvsc\"", "7"), "jobs[1].rows[0].device must be text, and is 7");
        assertRefused(
                json.replace("\"device\" : \"netvsc\"", "\"devise\" : \"netvsc\""),
                "jobs[1].rows[0].device must be text, and is missing");
        assertRefused(
                json.replace("\"wall\"", "\"sundial\""),
                "jobs[0].clock must be one of wall, modelled, and is sundial");
        assertRefused(json.replace("40.96", "null"), "jobs[0].rows[0].loads[0].metrics.");
        assertRefused(json.replace("40.96", "1e999"), "must be a number");
        assertRefused(
                json.replaceFirst("\"latency\" : \"[^\"]*", "\"latency\" : \"AA"),
                "jobs[0].rows[0].loads[0] cannot be: no compressed HdrHistogram");
        assertRefused(
                json.replace("xen-blkfront+all", "ide-dma"),
                "jobs[0] cannot be: device comes twice: device=ide-dma");
        assertRefused("{\"a\":".repeat(5000), "is no JSON");
    }

    @Test
    void refusesAFileThatIsNotThereOrNoText() throws Exception {
        assertThatThrownBy(() -> ResultReader.read(directory.resolve("none.json")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("none.json' (NoSuchFileException): name a file");
        final Path bytes = Files.write(directory.resolve("b"), new byte[] {(byte) 0xff, 1});
        assertThatThrownBy(() -> ResultReader.read(bytes))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no text in UTF-8");
    }

    @Test
    void readsAFileWithFieldsThatAreNewerThanItself() throws Exception {
        final String json =
                ResultJson.text(BOTH)
                        .replaceFirst("\\{", "{ \"colour\" : \"red\",")
                        .replace("\"metrics\" : {", "\"metrics\" : { \"warmth\" : 3,");
        assertThat(ResultReader.parse(json, "r.json")).isEqualTo(BOTH);
    }

    @Test
    void listsOneForkALineInCsv() throws Exception {
        final ResultDocument twice = BOTH.mergedWith(BOTH);
        final List<String> lines = ResultCsv.text(twice).lines().toList();
        final List<String> header = List.of(lines.getFirst().split(","));
        // Two disks with one load, a card with four, each in two forks; the medium has a line feed.
        assertThat(lines).hasSize(1 + 4 * 2 + 4 * 2);
        assertThat(header)
                .contains("device", "scenario.depth", "operationsPerSecond", "guest.portExit");
        assertThat(lines.get(1))
                .startsWith("disk,,,wall,today,ide-dma,,highest,1,false,randrw,4096,32,10,0.0,-5,")
                .endsWith("\"a\\medium");
        assertThat(lines.getLast().split(",")[8]).isEqualTo("2");
        assertThat(lines.getLast().split(",", -1)).hasSameSizeAs(header);
    }

    @Test
    void takesEveryFigureOfAProfile() throws Exception {
        final Costs costs = Costs.of(CostProfiles.of(CostProfiles.TODAY));
        final CostFigure exit = Objects.requireNonNull(costs.of(Half.GUEST, Crossing.PORT_EXIT));
        assertThat(exit.basis()).isEqualTo(Basis.PUBLISHED);
        assertThat(exit.nanos()).isEqualTo(3400);
        assertThat(exit.least()).isLessThan(3400);
        assertThat(costs.figures())
                .extracting(CostFigure::key)
                .contains("copyByte", "wake")
                .doesNotHaveDuplicates();
        assertThat(Costs.of(CostProfiles.of("counts")).figures()).isEmpty();
    }

    @Test
    void tellsWhatTheHostPaysOtherwise() throws UsageException {
        final Costs costs = Costs.of(CostProfiles.of("2006-xen3-hvm"));
        assertThat(nanos(costs.of(Half.GUEST, Crossing.HYPERCALL))).isEqualTo(1000);
        assertThat(nanos(costs.of(Half.HOST, Crossing.HYPERCALL))).isEqualTo(300);
        assertThat(nanos(costs.of(Half.GUEST, Crossing.UPCALL))).isEqualTo(5000);
        assertThat(nanos(costs.of(Half.HOST, Crossing.UPCALL))).isEqualTo(700);
        assertThat(nanos(costs.of(Half.HOST, Crossing.KICK))).isEqualTo(200);
        assertThat(costs.handOver()).as("the exit holds it").isNull();
        final Costs today = Costs.of(CostProfiles.of("today"));
        assertThat(nanos(today.of(Half.HOST, Crossing.UPCALL))).isEqualTo(1000);
        assertThat(nanos(today.handOver())).isEqualTo(6000);
    }

    private static double nanos(final @Nullable CostFigure figure) {
        return Objects.requireNonNull(figure).nanos();
    }

    private static void assertRefused(final String json, final String... parts) {
        assertThatThrownBy(() -> ResultReader.parse(json, "r.json"))
                .as(json.length() > 200 ? json.substring(0, 200) : json)
                .isInstanceOf(UsageException.class)
                .hasMessageContainingAll(parts)
                .hasMessageContaining("'r.json'")
                .hasMessageContaining("write it anew")
                .message()
                .doesNotContain("\n");
    }
}
