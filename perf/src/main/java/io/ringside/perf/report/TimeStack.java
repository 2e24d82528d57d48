package io.ringside.perf.report;

import io.ringside.perf.result.Job;
import io.ringside.perf.result.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@link TimeParts} of each device, one bar a device. */
final class TimeStack {
    private TimeStack() {}

    /** The figure, its legend and its table. */
    static Markup figure(final Job job, final List<Row> rows, final String operation) {
        final Map<Row, TimeParts> all = new LinkedHashMap<>();
        double most = 0;
        for (final Row row : rows) {
            final TimeParts parts = TimeParts.of(job, row);
            all.put(row, parts);
            most = Math.max(most, parts.worked());
        }
        if (most == 0) {
            return new Markup();
        }
        final Markup html = new Markup();
        html.add(
                "<figure class=\"bars stack\"><figcaption>Where the processor time of one %s"
                    + " goes<small>derived: counts times the profile’s costs, the rest of the"
                    + " processor time that was measured is the halves’ own work</small>"
                    + "</figcaption>%n<ul class=\"legend\">",
                operation);
        for (final TimeParts.Part part : TimeParts.Part.values()) {
            if (all.values().stream().anyMatch(parts -> parts.of(part) > 0)) {
                html.add("<li><i class=\"swatch %s\"></i>%s</li>", part.style(), part.label());
            }
        }
        html.add("</ul><div>%n");
        final double longest = most;
        all.forEach((row, parts) -> html.add("%s", bar(row, parts, longest)));
        return html.add(
                        "</div>%n<details><summary>The same as a table, with queueing"
                                + "</summary>%s</details></figure>%n",
                        table(all))
                .add("%s", Markups.raw(""));
    }

    private static Markup bar(final Row row, final TimeParts parts, final double most) {
        final Markup html = new Markup();
        html.add(
                "<div class=\"bar%s\"><span class=\"name\">%s</span><span class=\"track\">",
                row.device().indexOf('+') < 0 ? "" : " feature",
                Markups.name(row));
        double left = 0;
        for (final TimeParts.Part part : TimeParts.Part.values()) {
            final double width = parts.of(part) / most * 100;
            if (width > 0) {
                html.add(
                        "<i class=\"%s\" style=\"left:%.3f%%;width:%.3f%%\" title=\"%s: %s\"></i>",
                        part.style(),
                        left,
                        width,
                        part.label(),
                        Numbers.time(parts.of(part)));
            }
            left += width;
        }
        return html.add(
                "</span><span class=\"value\">%s</span></div>%n", Numbers.time(parts.worked()));
    }

    private static Markup table(final Map<Row, TimeParts> all) {
        final Markup html = new Markup();
        html.add("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th>device</th>");
        for (final TimeParts.Part part : TimeParts.Part.values()) {
            html.add("<th>%s</th>", part.label());
        }
        html.add(
                "<th>processor time in all</th><th>mean latency</th><th>queueing, waiting, medium"
                        + "</th></tr></thead><tbody>%n");
        all.forEach(
                (row, parts) -> {
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
