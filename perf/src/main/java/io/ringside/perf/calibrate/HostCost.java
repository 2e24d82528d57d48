package io.ringside.perf.calibrate;

import org.jspecify.annotations.Nullable;

/**
 * One cost of the host's profile.
 *
 * @param key its name under {@code costs}
 * @param nanos what it is taken for
 * @param range least and most, or null where there is only the one figure
 * @param basis {@code source}, {@code measured} or {@code assumed}
 * @param why where it is from
 */
record HostCost(String key, double nanos, @Nullable Spread range, String basis, String why) {}
