package io.ringside.perf.measure;

/**
 * What both halves of a device used for one workload.
 *
 * @param interrupted whether the user ended it early
 * @param frontendCpuNanos processor time of the guest's half, workload included
 * @param backendCpuNanos processor time of the host's half; of a model that runs inside the guest's
 *     exits, the time spent there, which counts for the guest's half no more
 * @param frontend what the guest's half crossed and copied
 * @param backend what the host's half crossed and copied
 */
public record HalvesUse(
        boolean interrupted,
        long frontendCpuNanos,
        long backendCpuNanos,
        HalfCounts frontend,
        HalfCounts backend) {}
