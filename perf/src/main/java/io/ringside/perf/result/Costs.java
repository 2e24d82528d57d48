package io.ringside.perf.result;

import io.ringside.hypervisor.Crossing;
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
 * @param figures what costs something, or nothing where another figure would hold; empty for a
 *     profile that charges nothing
 */
public record Costs(String name, String source, List<CostFigure> figures) {
    /** Copies the list. */
    public Costs {
        figures = List.copyOf(figures);
    }

    /** Every figure of a profile that costs something. */
    public static Costs of(final CostProfile profile) {
        final List<CostFigure> figures = new ArrayList<>();
        profile.costs()
                .forEach((key, cost) -> {
                    if (cost.most() > 0 || key.otherwise() != null) {
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

    /** The figure of a crossing on one half; null where it is charged nothing. */
    public @Nullable CostFigure of(final Half half, final Crossing crossing) {
        final CostFigure apart = half == Half.HOST ? of(CrossingKeys.ofHost(crossing)) : null;
        return apart == null ? of(CrossingKeys.of(crossing)) : apart;
    }

    /** What an exit costs in addition where another thread answers it; null for nothing. */
    public @Nullable CostFigure handOver() {
        return of(CrossingKeys.of(CostKey.EXIT_HAND_OVER.label()));
    }

    private @Nullable CostFigure of(final String key) {
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
