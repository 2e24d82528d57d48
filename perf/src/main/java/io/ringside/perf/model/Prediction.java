package io.ringside.perf.model;

import io.ringside.perf.costs.CostKey;
import java.util.List;

/**
 * One published result next to what the modelled clock gives for it.
 *
 * @param id the row, as the collection of published figures has it
 * @param title what was measured, on which machine, and where it was published
 * @param profiles what the model charged
 * @param devices which of our devices stand for those of the row
 * @param inputs published figures that the model was given: none of them is predicted
 * @param figures what it predicts
 * @param assumed what the prediction rests on that is assumed
 * @param missing what the model leaves out
 */
public record Prediction(
        String id,
        String title,
        List<String> profiles,
        String devices,
        List<String> inputs,
        List<PredictedFigure> figures,
        List<CostKey> assumed,
        String missing) {
    /** Copies the lists. */
    public Prediction {
        profiles = List.copyOf(profiles);
        inputs = List.copyOf(inputs);
        figures = List.copyOf(figures);
        assumed = List.copyOf(assumed);
    }
}
