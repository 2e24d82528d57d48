package io.ringside.perf.trace;

import java.util.Locale;

/** Events for people: a line that names it, a line that explains it, and its fields. */
public final class TraceText {
    private static final int WIDTH = 100;
    private static final String INDENT = " ".repeat(6);
    private static final String GAP = "  ";
    private static final String BOLD = "\u001b[1m";
    private static final String GUEST = "\u001b[36m";
    private static final String HOST = "\u001b[33m";
    private static final String EXPLANATION = "\u001b[32m";
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

    /** One event, ended by an empty line. */
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
        text.append(INDENT);
        paint(text, EXPLANATION, event.explanation());
        text.append('\n');
        fields(text, event);
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
        String struct = "";
        int column = 0;
        for (final TraceField field : event.fields()) {
            final String word = word(field);
            if (!field.struct().equals(struct)) {
                struct = field.struct();
                text.append(column == 0 ? "" : "\n").append(INDENT).append(struct).append(':');
                column = INDENT.length() + struct.length() + 1;
            } else if (column + GAP.length() + word.length() > WIDTH) {
                text.append('\n').append(INDENT).append(GAP);
                column = INDENT.length() + GAP.length();
            }
            text.append(GAP).append(word);
            column += GAP.length() + word.length();
        }
        text.append(column == 0 ? "" : "\n");
    }

    private static String word(final TraceField field) {
        final String meaning = field.meaning();
        return field.name() + "=" + field.value() + (meaning.isEmpty() ? "" : " (" + meaning + ")");
    }
}
