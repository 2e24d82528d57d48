package io.ringside.perf.measure;

import org.HdrHistogram.Histogram;

/**
 * What one device did under one scenario.
 *
 * @param device its name, as in every report
 * @param operations how many operations ended
 * @param operationBytes bytes of each
 * @param discards operations that gave a range back instead of writing zeros to it
 * @param failures operations that the device failed
 * @param mismatches reads that brought other bytes than the medium must hold
 * @param readBack whether what was written was found again by another path; true if nothing was
 * @param interrupted whether the user ended it early
 * @param elapsedNanos from the first start to the last end
 * @param frontendCpuNanos processor time of the guest's half, workload included
 * @param backendCpuNanos processor time of the host's half; of a model that runs inside the guest's
 *     exits, the time spent there, which counts for the guest's half no more
 * @param latency of each operation, in nanoseconds
 * @param frontend what the guest's half crossed and copied
 * @param backend what the host's half crossed and copied
 */
public record DiskResult(
        String device,
        long operations,
        int operationBytes,
        long discards,
        long failures,
        long mismatches,
        boolean readBack,
        boolean interrupted,
        long elapsedNanos,
        long frontendCpuNanos,
        long backendCpuNanos,
        Histogram latency,
        HalfCounts frontend,
        HalfCounts backend)
        implements Measured {
    /** The same result with what reading back by another path found. */
    public DiskResult readBack(final boolean found) {
        return new DiskResult(
                device,
                operations,
                operationBytes,
                discards,
                failures,
                mismatches,
                found,
                interrupted,
                elapsedNanos,
                frontendCpuNanos,
                backendCpuNanos,
                latency,
                frontend,
                backend);
    }

    @Override
    public boolean verified() {
        return failures == 0 && mismatches == 0 && readBack && operations > 0;
    }

    @Override
    public double operationsPerSecond() {
        return elapsedNanos == 0 ? 0 : operations * 1e9 / elapsedNanos;
    }

    /** Payload in units of 1,000,000 bytes a second. */
    public double megabytesPerSecond() {
        return operationsPerSecond() * operationBytes / 1e6;
    }
}
