package io.ringside.perf.report;

import io.ringside.perf.costs.Basis;
import io.ringside.perf.costs.Cost;
import io.ringside.perf.costs.CostKey;
import io.ringside.perf.costs.CostProfile;
import java.util.List;
import java.util.Locale;

/** Cost profiles as text for a terminal. */
public final class CostsTable {
    private static final int LINE_COLUMNS = 100;
    private static final String INDENT = "    ";

    private CostsTable() {}

    /** All of them, a line each. */
    public static String text(final List<CostProfile> profiles) {
        final TextTable table =
                new TextTable(
                        "profile", "measured", "published", "derived", "assumed", "port exit");
        table.group("", 1).group("figures", 4).group("ns", 1);
        for (final CostProfile profile : profiles) {
            table.row(
                    profile.name(),
                    count(profile, Basis.MEASURED),
                    count(profile, Basis.PUBLISHED),
                    count(profile, Basis.DERIVED),
                    count(profile, Basis.ASSUMED),
                    number(profile.cost(CostKey.PORT_EXIT).nanos()));
        }
        final StringBuilder text = new StringBuilder(table.text()).append('\n');
        for (final CostProfile profile : profiles) {
            text.append(profile.name()).append(": ").append(profile.about()).append('\n');
        }
        return text.append("./ringside costs NAME shows one with all its sources\n").toString();
    }

    private static String count(final CostProfile profile, final Basis basis) {
        return Long.toString(
                profile.costs().values().stream().filter(cost -> cost.basis() == basis).count());
    }

    /** One, figure by figure, and then where each comes from. */
    public static String text(final CostProfile profile) {
        final StringBuilder text = new StringBuilder();
        text.append(profile.name()).append(": ").append(profile.about()).append('\n');
        text.append("read from: ").append(profile.file()).append("\n\n");
        final TextTable table = new TextTable("nanoseconds", "cost", "least", "most", "basis");
        for (final CostKey key : CostKey.values()) {
            final Cost cost = profile.cost(key);
            table.row(
                    key.label(),
                    number(cost.nanos()),
                    number(cost.least()),
                    number(cost.most()),
                    basis(profile, key));
        }
        text.append(table.text());
        profile.costs()
                .forEach((key, cost) -> {
                    text.append('\n').append(key.label()).append(", ");
                    text.append(cost.basis().label()).append(":\n");
                    appendWrapped(text, cost.why());
                });
        if (profile.isPrediction()) {
            text.append("\nwhat is charged by an assumed figure is a prediction\n");
        }
        return text.toString();
    }

    private static String basis(final CostProfile profile, final CostKey key) {
        if (profile.costs().containsKey(key)) {
            return profile.cost(key).basis().label();
        }
        final CostKey otherwise = key.otherwise();
        return otherwise == null ? "not listed" : "as " + otherwise.label();
    }

    private static void appendWrapped(final StringBuilder text, final String words) {
        int column = 0;
        for (final String word : words.split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > LINE_COLUMNS) {
                text.append('\n');
                column = 0;
            }
            final String before = column == 0 ? INDENT : " ";
            text.append(before).append(word);
            column += before.length() + word.length();
        }
        text.append('\n');
    }

    /** Whole nanoseconds by thousands, parts of one as they are. */
    private static String number(final double nanos) {
        return nanos == Math.rint(nanos)
                ? String.format(Locale.ROOT, "%,.0f", nanos)
                : Double.toString(nanos);
    }
}
