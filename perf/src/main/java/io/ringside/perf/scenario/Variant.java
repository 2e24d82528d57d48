package io.ringside.perf.scenario;

import java.util.List;

/**
 * A device with some of its features: {@code xen-blkfront}, {@code xen-blkfront+persistent}, {@code
 * xen-blkfront+indirect+ring4}; {@code +all} stands for every feature that it has.
 *
 * @param device the device, one of its {@link Catalog}
 * @param features what it has beside what every device of its kind has, in the catalog's order
 * @param name the name in every report
 */
public record Variant(String device, List<Feature> features, String name) {
    /** Copies the list. */
    public Variant {
        features = List.copyOf(features);
    }

    /** Whether it has a feature. */
    public boolean has(final Feature feature) {
        return features.contains(feature);
    }

    /** Whether it has none. */
    public boolean isPlain() {
        return features.isEmpty();
    }
}
