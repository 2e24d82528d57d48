package io.ringside.perf.result;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.costs.Basis;
import io.ringside.perf.costs.Cost;
import io.ringside.perf.costs.CostKey;
import io.ringside.perf.costs.CostProfile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cost profile of a job, with every figure of it.
 *
 * @param name its name
 * @param source where it is from, in words
 * @param figures what costs something; empty for a profile that charges nothing
 */
public record Costs(String name, String source, List<CostFigure> figures) {
    /** Copies the list. */
    public Costs {
        figures = List.copyOf(figures);
    }

    /** What crossings were charged by figures of which nobody told the basis: they are assumed. */
    public static Costs of(final CrossingCosts charged) {
        final List<CostFigure> figures = new ArrayList<>();
        for (final Crossing crossing : Crossing.values()) {
            final int nanos = charged.nanos(crossing);
            if (nanos > 0) {
                figures.add(
                        new CostFigure(
                                CrossingKeys.of(crossing),
                                nanos,
                                nanos,
                                nanos,
                                Basis.ASSUMED,
                                charged.source()));
            }
        }
        return new Costs(charged.name(), charged.source(), figures);
    }

    /** Every figure of a profile that costs something. */
    public static Costs of(final CostProfile profile) {
        final List<CostFigure> figures = new ArrayList<>();
        profile.costs()
                .forEach((key, cost) -> {
                    if (cost.most() > 0) {
                        figures.add(figure(key, cost));
                    }
                });
        return new Costs(profile.name(), profile.about(), figures);
    }

    private static CostFigure figure(final CostKey key, final Cost cost) {
        return new CostFigure(
                CrossingKeys.of(key.label()),
                cost.nanos(),
                cost.least(),
                cost.most(),
                cost.basis(),
                cost.why());
    }

    /** The figure of a crossing; null where it is charged nothing. */
    public @Nullable CostFigure of(final Crossing crossing) {
        final String key = CrossingKeys.of(crossing);
        for (final CostFigure figure : figures) {
            if (figure.key().equals(key)) {
                return figure;
            }
        }
        return null;
    }

    /** Whether crossings are charged. */
    public boolean charges() {
        return figures.stream().anyMatch(figure -> figure.nanos() > 0);
    }
}
