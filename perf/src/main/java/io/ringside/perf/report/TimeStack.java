package io.ringside.perf.report;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link TimeParts} of each device, one bar a device: once what the processors work, and once with
 * the waiting.
 */
final class TimeStack {
    private static final String WAITING = "queueing, waiting, medium";

    private final Map<Row, TimeParts> all = new LinkedHashMap<>();
    private final String operation;

    private TimeStack(final Job job, final List<Row> rows) {
        operation = Words.operation(job);
        for (final Row row : rows) {
            all.put(row, TimeParts.of(job, row));
        }
    }

    /** Both figures, and the table behind them; empty where nobody measured processor time. */
    static Markup figures(final Job job, final List<Row> rows) {
        final TimeStack stack = new TimeStack(job, rows);
        if (stack.all.values().stream().noneMatch(parts -> parts.worked() > 0)) {
            return new Markup();
        }
        return new Markup()
                .add("<div class=\"pair\">%s%s</div>%n", stack.times(), stack.latencies())
                .add(
                        "<details><summary>Where the time goes, as a table</summary>%s</details>%n",
                        stack.table());
    }

    private Markup times() {
        double most = 0;
        for (final TimeParts parts : all.values()) {
            most = Math.max(most, parts.worked());
        }
        final Markup html = new Markup();
        html.add(
                "<figure class=\"bars stack\"><figcaption>Where the processor time of one %s"
                        + " goes<small>derived: counts times the profile’s costs; the rest of what"
                        + " was measured is the halves’ own work</small></figcaption>%n",
                operation);
        html.add("%s<div>%n", legend(false));
        final double scale = most;
        all.forEach(
                (row, parts) -> bar(html, row, parts, scale, false, Numbers.time(parts.worked())));
        return html.add("</div></figure>%n");
    }

    private Markup latencies() {
        double most = 0;
        for (final TimeParts parts : all.values()) {
            most = Math.max(most, parts.worked() + parts.waiting());
        }
        if (all.values().stream().noneMatch(parts -> parts.latency() > 0)) {
            return new Markup();
        }
        final Markup html = new Markup();
        html.add(
                "<figure class=\"bars stack\"><figcaption>What it waits besides: mean latency"
                        + "<small>derived: what the processors did not work is queueing, waiting"
                        + " for the other half, and the medium</small></figcaption>%n");
        html.add("%s<div>%n", legend(true));
        final double scale = most;
        all.forEach(
                (row, parts) -> bar(html, row, parts, scale, true, Numbers.time(parts.latency())));
        return html.add("</div></figure>%n");
    }

    private Markup legend(final boolean withWaiting) {
        final Markup html = new Markup().add("<ul class=\"legend\">");
        for (final TimeParts.Part part : TimeParts.Part.values()) {
            if (all.values().stream().anyMatch(parts -> parts.of(part) > 0)) {
                html.add("<li><i class=\"swatch %s\"></i>%s</li>", part.style(), part.label());
            }
        }
        if (withWaiting) {
            html.add("<li><i class=\"swatch part-wait\"></i>%s</li>", WAITING);
        }
        return html.add("</ul>%n");
    }

    private static void bar(
            final Markup html,
            final Row row,
            final TimeParts parts,
            final double scale,
            final boolean withWaiting,
            final String value) {
        html.add(
                "<div class=\"bar%s\"><span class=\"name\">%s</span><span class=\"track\">",
                row.device().indexOf('+') < 0 ? "" : " feature", Markups.name(row));
        double left = 0;
        for (final TimeParts.Part part : TimeParts.Part.values()) {
            left = piece(html, part.style(), part.label(), parts.of(part), left, scale);
        }
        if (withWaiting) {
            piece(html, "part-wait", WAITING, parts.waiting(), left, scale);
        }
        html.add("</span><span class=\"value\">%s</span></div>%n", value);
    }

    private static double piece(
            final Markup html,
            final String style,
            final String label,
            final double nanos,
            final double left,
            final double scale) {
        if (nanos > 0) {
            html.add(
                    "<i class=\"%s\" style=\"left:%.3f%%;width:%.3f%%\" title=\"%s: %s\"></i>",
                    style, left / scale * 100, nanos / scale * 100, label, Numbers.time(nanos));
        }
        return left + nanos;
    }

    private Markup table() {
        final Markup html = new Markup();
        html.add("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th>device</th>");
        for (final TimeParts.Part part : TimeParts.Part.values()) {
            html.add("<th>%s</th>", part.label());
        }
        html.add(
                "<th>processor time in all</th><th>mean latency</th><th>%s</th></tr></thead>"
                        + "<tbody>%n",
                WAITING);
        all.forEach((row, parts) -> {
            html.add("<tr><th scope=\"row\">%s</th>", row.device());
            for (final TimeParts.Part part : TimeParts.Part.values()) {
                html.add("<td>%s</td>", Numbers.time(parts.of(part)));
            }
            html.add(
                    "<td>%s</td><td>%s</td><td>%s</td></tr>%n",
                    Numbers.time(parts.worked()),
                    Numbers.time(parts.latency()),
                    Numbers.time(parts.waiting()));
        });
        return html.add("</tbody></table></div>");
    }
}
