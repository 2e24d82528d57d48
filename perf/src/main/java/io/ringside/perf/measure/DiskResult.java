package io.ringside.perf.measure;

import io.ringside.hypervisor.Crossing;
import org.HdrHistogram.Histogram;

/**
 * What one device did under one scenario.
 *
 * @param device its name, as in every report
 * @param operations how many operations ended
 * @param operationBytes bytes of each
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
        long failures,
        long mismatches,
        boolean readBack,
        boolean interrupted,
        long elapsedNanos,
        long frontendCpuNanos,
        long backendCpuNanos,
        Histogram latency,
        HalfCounts frontend,
        HalfCounts backend) {
    /** The same result with what reading back by another path found. */
    public DiskResult readBack(final boolean found) {
        return new DiskResult(
                device,
                operations,
                operationBytes,
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

    /** Whether every byte read and written was right. */
    public boolean verified() {
        return failures == 0 && mismatches == 0 && readBack && operations > 0;
    }

    /** Operations a second. */
    public double operationsPerSecond() {
        return elapsedNanos == 0 ? 0 : operations * 1e9 / elapsedNanos;
    }

    /** Payload in units of 1,000,000 bytes a second. */
    public double megabytesPerSecond() {
        return operationsPerSecond() * operationBytes / 1e6;
    }

    /** Register accesses that trapped. */
    public long exits() {
        return frontend.exits();
    }

    /** Hypercalls of both halves. */
    public long hypercalls() {
        return frontend.count(Crossing.HYPERCALL) + backend.count(Crossing.HYPERCALL);
    }

    /** Pages mapped and unmapped, and pieces copied, by grants, of both halves. */
    public long grantOperations() {
        return frontend.grantOperations() + backend.grantOperations();
    }

    /** Notifications from the guest to the host. */
    public long kicks() {
        return frontend.count(Crossing.KICK);
    }

    /** Interrupts and upcalls delivered into the guest. */
    public long interrupts() {
        return frontend.count(Crossing.INTERRUPT);
    }

    /** Payload bytes copied by the halves themselves; the medium's own copy is not among them. */
    public long bytesCopied() {
        return frontend.bytesCopied() + backend.bytesCopied();
    }
}
