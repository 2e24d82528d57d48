package io.ringside.perf.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.perf.trace.TraceEvent.Carrier;
import io.ringside.perf.trace.TraceEvent.Sender;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.jr.ob.JSON;

/** A whole connection, as it is told. */
class StorvscTraceTest {
    static List<TraceEvent> trace(final BlockOperation operation, final int operations) {
        final List<TraceEvent> events = new ArrayList<>();
        try (StorvscTrace trace = new StorvscTrace(events::add)) {
            trace.run(operation, operations);
        }
        return events;
    }

    @Test
    void tellsThreeReadsAsRecorded() throws IOException {
        final StringBuilder told = new StringBuilder();
        final TraceText text = new TraceText(false);
        trace(BlockOperation.READ, 3).forEach(event -> told.append(text.of(event)));
        try (InputStream in = getClass().getResourceAsStream("storvsc-3-reads.txt")) {
            final byte[] recorded = Objects.requireNonNull(in, "recording").readAllBytes();
            assertThat(told.toString()).isEqualTo(new String(recorded, StandardCharsets.UTF_8));
        }
    }

    @Test
    void startsWithTheVersionAndEndsWithTheLastCompletion() {
        final List<TraceEvent> events = trace(BlockOperation.READ, 3);
        assertThat(events.getFirst().name()).isEqualTo("INITIATE_CONTACT");
        assertThat(events.stream().filter(e -> e.name().equals("CompleteIo of Read10"))).hasSize(3);
        final List<TraceEvent> packets =
                events.stream().filter(e -> e.carrier() == Carrier.PACKET).toList();
        assertThat(packets.getLast().name()).isEqualTo("CompleteIo of Read10");
        assertThat(packets.getLast().sender()).isEqualTo(Sender.HOST);
    }

    @ParameterizedTest
    @CsvSource({"READ, Read10", "WRITE, Write10", "FLUSH, SynchronizeCache10", "DISCARD, Unmap"})
    void tellsEveryRequestAndItsAnswer(final BlockOperation operation, final String command) {
        final List<String> names = trace(operation, 100).stream().map(TraceEvent::name).toList();
        assertThat(names.stream().filter(("ExecuteSrb " + command)::equals)).hasSize(100);
        assertThat(names.stream().filter(("CompleteIo of " + command)::equals)).hasSize(100);
    }

    /** More packets than a ring of 124 KiB has room for: its readers go around its end. */
    @Test
    void missesNoPacketWhereTheRingWraps() {
        final List<TraceEvent> events = trace(BlockOperation.READ, 1300);
        final List<String> blocks =
                events.stream()
                        .filter(event -> event.name().equals("ExecuteSrb Read10"))
                        .map(event -> value(event, "cdb", "lba"))
                        .toList();
        assertThat(blocks).hasSize(1300);
        assertThat(blocks.subList(0, 3)).containsExactly("0", "8", "16");
        assertThat(blocks.getLast()).isEqualTo("10392");
    }

    @Test
    void explainsEveryEventInOneLineAndNumbersThem() {
        final List<TraceEvent> events = trace(BlockOperation.DISCARD, 2);
        for (int i = 0; i < events.size(); i++) {
            final TraceEvent event = events.get(i);
            assertThat(event.number()).isEqualTo(i + 1);
            assertThat(event.explanation())
                    .as("%s", event)
                    .matches("[A-Z].*[.]")
                    .hasSizeLessThan(95)
                    .doesNotContain("\n");
            assertThat(event.fields()).as("%s", event).isNotEmpty();
        }
    }

    @Test
    void tellsWhyTheFirstCommandToAUnitIsNotCarriedOut() {
        final TraceEvent refused =
                trace(BlockOperation.READ, 1).stream()
                        .filter(event -> event.name().equals("CompleteIo of TestUnitReady"))
                        .findFirst()
                        .orElseThrow();
        assertThat(value(refused, "vmscsi_request", "srb_status")).isEqualTo("0x84");
        assertThat(value(refused, "vmscsi_request", "scsi_status")).isEqualTo("0x2");
        assertThat(value(refused, "sense_data", "sense_key")).isEqualTo("0x6");
        assertThat(value(refused, "sense_data", "asc")).isEqualTo("0x29");
        assertThat(refused.explanation()).contains("sent again");
    }

    @Test
    void writesOneJsonObjectALineWithAllThatTheTextHas() throws IOException {
        final TraceJson json = new TraceJson();
        for (final TraceEvent event : trace(BlockOperation.READ, 1)) {
            final String line = json.of(event);
            assertThat(line).doesNotContain("\n");
            final Map<String, Object> object = JSON.std.mapFrom(line);
            assertThat(object)
                    .containsEntry("schema", "ringside.trace/1")
                    .containsEntry("name", event.name())
                    .containsEntry("from", event.sender().label())
                    .containsEntry("by", event.carrier().label())
                    .containsEntry("bytes", event.lengthBytes())
                    .containsEntry("hex", event.hex())
                    .containsEntry("explanation", event.explanation());
            assertThat((List<?>) object.get("fields")).hasSameSizeAs(event.fields());
        }
    }

    @Test
    void writesEscapesOnlyWhereColourIsWanted() {
        final TraceEvent event = trace(BlockOperation.READ, 1).getFirst();
        assertThat(new TraceText(false).of(event)).doesNotContain("\u001b");
        final String coloured = new TraceText(true).of(event);
        assertThat(coloured).contains("\u001b[1mINITIATE_CONTACT\u001b[0m");
        assertThat(coloured.replaceAll("\u001b\\[\\d+m", ""))
                .isEqualTo(new TraceText(false).of(event));
    }

    static String value(final TraceEvent event, final String struct, final String name) {
        return event.fields().stream()
                .filter(field -> field.struct().equals(struct) && field.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
