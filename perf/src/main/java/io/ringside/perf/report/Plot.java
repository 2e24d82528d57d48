package io.ringside.perf.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines over two axes. The lines are an SVG that fills its place whatever its shape is, and the
 * labels are text beside it, so that they stay readable on a phone.
 */
final class Plot {
    /** The SVG's own units, across and up. */
    private static final double SIZE = 1000;

    /**
     * A mark on an axis.
     *
     * @param at its place, from 0 to 1
     * @param label its text
     * @param minor whether a narrow screen leaves it out
     */
    record Tick(double at, String label, boolean minor) {}

    /**
     * One line.
     *
     * @param name in the legend
     * @param style its class in the style sheet
     * @param points pairs of places, from 0 to 1
     * @param area pairs of places around a field behind the line; empty for none
     */
    record Line(String name, String style, List<double[]> points, List<double[]> area) {}

    private final List<Tick> across = new ArrayList<>();
    private final List<Tick> up = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final String acrossName;
    private final boolean marked;

    /**
     * An empty plot.
     *
     * @param acrossName what is told from left to right
     * @param marked whether each point is a measurement of its own, and has a mark
     */
    Plot(final String acrossName, final boolean marked) {
        this.acrossName = acrossName;
        this.marked = marked;
    }

    void across(final Tick tick) {
        across.add(tick);
    }

    void up(final Tick tick) {
        up.add(tick);
    }

    void line(final Line line) {
        lines.add(line);
    }

    /** The figure. */
    Markup figure(final String caption, final String told) {
        final Markup html = new Markup();
        html.add(
                "<figure class=\"lines\"><figcaption>%s</figcaption>%n"
                        + "<div class=\"plot\" role=\"img\" aria-label=\"%s\">"
                        + "<div class=\"area\">"
                        + "<svg viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\""
                        + " aria-hidden=\"true\">",
                caption, told);
        for (final Tick tick : up) {
            html.add("<path class=\"grid\" d=\"M0 %.1fH1000\"/>", SIZE - tick.at() * SIZE);
        }
        for (final Tick tick : across) {
            html.add("<path class=\"grid\" d=\"M%.1f 0V1000\"/>", tick.at() * SIZE);
        }
        for (final Line line : lines) {
            if (!line.area().isEmpty()) {
                html.add("<path class=\"ribbon %s\" d=\"%sZ\"/>", line.style(), path(line.area()));
            }
        }
        for (final Line line : lines) {
            html.add("<path class=\"line %s\" d=\"%s\"/>", line.style(), path(line.points()));
        }
        html.add("</svg>");
        marks(html);
        for (final Tick tick : up) {
            html.add(
                    "<span class=\"up%s\" style=\"bottom:%.2f%%\">%s</span>",
                    tick.minor() ? " minor" : "", tick.at() * 100, tick.label());
        }
        for (final Tick tick : across) {
            html.add(
                    "<span class=\"across%s\" style=\"left:%.2f%%\">%s</span>",
                    tick.minor() ? " minor" : "", tick.at() * 100, tick.label());
        }
        html.add("</div><p class=\"acrossname\">%s</p></div>%n<ul class=\"legend\">", acrossName);
        for (final Line line : lines) {
            html.add(
                    "<li><svg viewBox=\"0 0 30 10\" width=\"30\" height=\"10\""
                        + " aria-hidden=\"true\"><path class=\"line %s\" d=\"M0 5H30\"/></svg>%s"
                        + "</li>",
                    line.style(), line.name());
        }
        return html.add("</ul></figure>%n");
    }

    private void marks(final Markup html) {
        if (!marked) {
            return;
        }
        for (final Line line : lines) {
            for (final double[] point : line.points()) {
                html.add(
                        "<i class=\"mark %s\" style=\"left:%.2f%%;bottom:%.2f%%\"></i>",
                        line.style(), point[0] * 100, point[1] * 100);
            }
        }
    }

    private static Markup path(final List<double[]> points) {
        final Markup path = new Markup();
        for (int i = 0; i < points.size(); i++) {
            path.add(
                    "%s%.1f %.1f",
                    i == 0 ? "M" : "L", points.get(i)[0] * SIZE, SIZE - points.get(i)[1] * SIZE);
        }
        return path;
    }
}
