package io.ringside.perf.model;

import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The checks against the outside: published results, each next to what the modelled clock gives
 * with the real halves of this project.
 *
 * <p>What a row was given is a published figure too, and told; it is never among the figures that
 * are predicted. Errors are told as they come out.
 *
 * <p>Threads: one. Errors: a {@link UsageException} for a row that is not there.
 */
public final class Predictions {
    private final Map<String, Row> rows = new LinkedHashMap<>();

    /** All rows, watched by {@code control}. */
    public Predictions(final RunControl control) {
        final NetPredictions nets = new NetPredictions(control);
        final DiskPredictions disks = new DiskPredictions(control);
        rows.put("V1", nets::v1);
        rows.put("V4", nets::v4);
        rows.put("V5", nets::v5);
        rows.put("V6", nets::v6);
        rows.put("V7", disks::v7);
        rows.put("V9", nets::v9);
        rows.put("V10", disks::v10);
    }

    /** How a row is predicted. */
    @FunctionalInterface
    private interface Row {
        Prediction predict() throws Exception;
    }

    /** The names of all rows, in their order. */
    public List<String> ids() {
        return List.copyOf(rows.keySet());
    }

    /** Refuses names that are none. */
    public List<String> checked(final List<String> wanted) throws UsageException {
        final List<String> ids = new ArrayList<>();
        for (final String id : wanted) {
            if (!rows.containsKey(id)) {
                throw new UsageException(
                        "no row '" + id + "': it must be one of " + String.join(", ", ids()));
            }
            ids.add(id);
        }
        return ids.isEmpty() ? ids() : ids;
    }

    /** One row. */
    public Prediction predict(final String id) throws Exception {
        final Row row = rows.get(id);
        if (row == null) {
            throw new UsageException("no row '" + id + "'");
        }
        return row.predict();
    }
}
