package io.ringside.perf.trace;

import java.util.Locale;

/** Events for people: a line that names it, its fields, and a line that explains it. */
public final class TraceText {
    private static final int WIDTH = 100;
    private static final String INDENT = " ".repeat(6);
    private static final String BOLD = "\u001b[1m";
    private static final String GUEST = "\u001b[36m";
    private static final String HOST = "\u001b[33m";
    private static final String FAINT = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    private final boolean colour;

    /**
     * Of one kind.
     *
     * @param colour whether escapes for colours are written
     */
    public TraceText(final boolean colour) {
        this.colour = colour;
    }

    /** One event, ended by a newline. */
    public String of(final TraceEvent event) {
        final boolean guest = event.sender() == TraceEvent.Sender.GUEST;
        final StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%4d  ", event.number()));
        paint(text, guest ? GUEST : HOST, guest ? "guest -> host" : "host -> guest");
        text.append(String.format(Locale.ROOT, "  %-8s  ", event.carrier().label()));
        paint(text, BOLD, event.name());
        if (event.lengthBytes() > 0) {
            text.append(", ").append(event.lengthBytes()).append(" bytes");
        }
        text.append('\n');
        fields(text, event);
        text.append(INDENT);
        paint(text, FAINT, event.explanation());
        return text.append('\n').toString();
    }

    private void paint(final StringBuilder text, final String escape, final String words) {
        if (colour) {
            text.append(escape).append(words).append(PLAIN);
        } else {
            text.append(words);
        }
    }

    private static void fields(final StringBuilder text, final TraceEvent event) {
        int column = 0;
        for (final TraceField field : event.fields()) {
            final String meaning = field.meaning();
            final String word =
                    field.name()
                            + "="
                            + field.value()
                            + (meaning.isEmpty() ? "" : " (" + meaning + ")");
            if (column > 0 && column + 2 + word.length() > WIDTH) {
                text.append('\n');
                column = 0;
            }
            text.append(column == 0 ? INDENT : "  ").append(word);
            column += (column == 0 ? INDENT.length() : 2) + word.length();
        }
        if (column > 0) {
            text.append('\n');
        }
    }
}
