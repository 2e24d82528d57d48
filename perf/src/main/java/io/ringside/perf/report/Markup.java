package io.ringside.perf.report;

import java.util.Locale;

/** HTML in the making: every text that is put in is escaped, but for what is markup itself. */
final class Markup {
    private final StringBuilder out = new StringBuilder();

    /**
     * Adds a piece.
     *
     * @param format as {@link String#format} has it; texts among its arguments are escaped, {@link
     *     Markup} is not
     */
    Markup add(final String format, final Object... arguments) {
        final Object[] safe = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            safe[i] = arguments[i] instanceof final String text ? escaped(text) : arguments[i];
        }
        out.append(String.format(Locale.ROOT, format, safe));
        return this;
    }

    static String escaped(final String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
