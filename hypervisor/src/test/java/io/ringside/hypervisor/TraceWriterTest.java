package io.ringside.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.junit.jupiter.api.Test;

final class TraceWriterTest {
    private final StringWriter text = new StringWriter();
    private final TraceWriter writer = new TraceWriter(text);

    @Test
    void writesOneAlignedLineForEachEvent() {
        writer.event(5_000, "blkfront", "request", 0, 4096);
        writer.event(6_250, "blkback", "refused", 17, -3);
        writer.dropped(2);
        writer.event(1_234_572_890, "store", "done", Long.MAX_VALUE, 0);

        assertThat(text.toString())
                .isEqualTo(
                        """
                                micros  who           what                               first          second
                                 0.000  blkfront      request                                0            4096
                                 1.250  blkback       refused                               17              -3
                                        (2 events dropped)
                           1234567.890  store         done                     9223372036854775807               0
                        """);
    }

    @Test
    void keepsWordsAndFiguresApartWhenTheyAreTooLongForTheirColumns() {
        writer.event(0, "a-half-with-a-long-name", "an-event-with-quite-a-long-name", -1, 2);

        assertThat(text.toString().lines().toList().getLast().strip().split(" +"))
                .containsExactly(
                        "0.000",
                        "a-half-with-a-long-name",
                        "an-event-with-quite-a-long-name",
                        "-1",
                        "2");
    }

    @Test
    void writesATimeBeforeTheFirstEventAsNegative() {
        writer.event(1_000, "half", "event", 0, 0);
        writer.event(999, "half", "event", 0, 0);
        writer.event(-1_000_500, "half", "event", 0, 0);

        assertThat(text.toString().lines().map(String::strip).toList().get(2)).startsWith("-0.001");
        assertThat(text.toString().lines().map(String::strip).toList().get(3))
                .startsWith("-1001.500");
    }

    @Test
    void saysWhenItCannotWrite() {
        final Writer full =
                new Writer() {
                    @Override
                    public void write(final char[] text, final int from, final int length)
                            throws IOException {
                        throw new IOException("disk full");
                    }

                    @Override
                    public void flush() throws IOException {
                        throw new IOException("disk full");
                    }

                    @Override
                    public void close() {
                        // Nothing was opened.
                    }
                };
        final TraceWriter failing = new TraceWriter(full);
        assertThatThrownBy(() -> failing.event(0, "half", "event", 0, 0))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("disk full");
        assertThatThrownBy(failing::caughtUp).isInstanceOf(UncheckedIOException.class);
    }
}
