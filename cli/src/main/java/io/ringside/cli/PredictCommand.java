package io.ringside.cli;

import io.ringside.perf.model.Prediction;
import io.ringside.perf.model.PredictionJson;
import io.ringside.perf.model.PredictionTable;
import io.ringside.perf.model.Predictions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code predict}: published results, each next to what the modelled clock gives. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description =
                "Checks the modelled clock against the outside: runs the drivers in simulated time"
                    + " on the costs of other machines, and prints published results next to what"
                    + " comes out, with the error, also where it is large. The same figures come"
                    + " out of every run, on every machine.",
        footer = {
            "",
            "Examples:",
            "  ./ringside predict",
            "  ./ringside predict V1 V4",
            "  ./ringside predict --json"
        })
final class PredictCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "ROW",
            description = "which rows: V1, V4, V5, V6, V7, V9, V10; default all")
    private List<String> rows = List.of();

    @Option(names = "--json", description = "print one JSON object instead of text")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        final Predictions predictions = new Predictions(new InterruptibleRun());
        final List<String> ids = predictions.checked(rows);
        Interruption.arm();
        final List<Prediction> done = new ArrayList<>();
        if (!json) {
            System.out.print(PredictionTable.heading());
        }
        for (final String id : ids) {
            final Prediction row = predictions.predict(id);
            if (Interruption.isRequested()) {
                break; // A run that was cut short predicts nothing.
            }
            done.add(row);
            Terminal.clear();
            if (!json) {
                System.out.print("\n" + PredictionTable.text(row));
            }
        }
        if (json) {
            System.out.print(PredictionJson.text(RingsideVersion.text(), done));
        }
        return Interruption.isRequested() ? Ringside.INTERRUPTED : Ringside.DONE;
    }
}
