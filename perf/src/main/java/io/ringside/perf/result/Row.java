package io.ringside.perf.result;

import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one device did in a job.
 *
 * @param device its name with its features, as in every report
 * @param features what it has beside what every device of its kind has
 * @param operationBytes payload of one operation; 0 where operations differ
 * @param verified whether everything that it brought was right, in every fork
 * @param interrupted whether the user ended a fork early
 * @param loads how hard it was driven, and what came of it; the first is what headlines are of
 * @param notes what a reader must know of it, in sentences
 */
public record Row(
        String device,
        List<String> features,
        int operationBytes,
        boolean verified,
        boolean interrupted,
        List<LoadResult> loads,
        List<String> notes) {
    /** Copies the lists; there is at least one load. */
    public Row {
        features = List.copyOf(features);
        loads = List.copyOf(loads);
        notes = List.copyOf(notes);
        if (loads.isEmpty()) {
            throw new IllegalArgumentException("no loads: device=" + device);
        }
    }

    /** What headlines are of. */
    public LoadResult main() {
        return loads.getFirst();
    }

    /** What came of a load; null where the device was not driven so. */
    public @Nullable LoadResult of(final Load load) {
        for (final LoadResult each : loads) {
            if (each.load() == load) {
                return each;
            }
        }
        return null;
    }

    /** The device without its features. */
    public String plainDevice() {
        final int plus = device.indexOf('+');
        return plus < 0 ? device : device.substring(0, plus);
    }

    /** The forks of this row and further ones of the same device. */
    Row plus(final Row further) throws UsageException {
        if (!features.equals(further.features) || operationBytes != further.operationBytes) {
            throw new UsageException(
                    "cannot be merged: "
                            + device
                            + " has features "
                            + features
                            + " in one and "
                            + further.features
                            + " in the other, or operations of another size");
        }
        final List<LoadResult> all = new ArrayList<>();
        for (final LoadResult each : loads) {
            final LoadResult more = further.of(each.load());
            if (more == null || loads.size() != further.loads.size()) {
                throw new UsageException(
                        "cannot be merged: "
                                + device
                                + " was not driven under the same loads in both");
            }
            all.add(each.plus(more, device));
        }
        final Set<String> sentences = new LinkedHashSet<>(notes);
        sentences.addAll(further.notes);
        return new Row(
                device,
                features,
                operationBytes,
                verified && further.verified,
                interrupted || further.interrupted,
                all,
                List.copyOf(sentences));
    }
}
