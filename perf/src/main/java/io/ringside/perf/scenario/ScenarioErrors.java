package io.ringside.perf.scenario;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything that is wrong with a scenario file, told at once: a line each, in the file's order.
 */
public final class ScenarioErrors {
    private record Line(int number, String text) {}

    private final String file;
    private final List<Line> lines = new ArrayList<>();

    /** None yet of a file of this name. */
    public ScenarioErrors(final String file) {
        this.file = file;
    }

    /** One more; {@code line} counts from 1. */
    public void add(final int line, final String text) {
        lines.add(new Line(line, text));
    }

    /** Whether nothing is wrong. */
    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Refuses the file if anything is wrong with it. */
    public void refuse() throws UsageException {
        if (lines.isEmpty()) {
            return;
        }
        final List<Line> ordered = new ArrayList<>(lines);
        ordered.sort((a, b) -> Integer.compare(a.number, b.number));
        final Set<String> texts = new LinkedHashSet<>();
        for (final Line line : ordered) {
            texts.add(file + ":" + line.number + ": " + line.text);
        }
        throw new UsageException(
                "scenario '" + file + "' cannot be used:\n  " + String.join("\n  ", texts));
    }
}
