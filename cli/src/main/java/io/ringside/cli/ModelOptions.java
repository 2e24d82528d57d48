package io.ringside.cli;

import io.ringside.perf.model.MediumTime;
import io.ringside.perf.model.ModelSetup;
import io.ringside.perf.scenario.Sizes;
import io.ringside.perf.scenario.UsageException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which clock, and what is modelled beside the devices; every comparison takes it. */
final class ModelOptions {
    private static final int MOST_PROCESSORS = 1024;
    private static final long MOST_NANOS = 1_000_000_000;
    private static final double NANOS_PER_MICRO = 1e3;

    @Option(
            names = "--clock",
            paramLabel = "wall|modelled",
            defaultValue = "wall",
            description =
                    "wall: real threads, and crossings that really take what they are charged;"
                            + " modelled: simulated time on the profile's costs, the same to the"
                            + " digit on any machine; default ${DEFAULT-VALUE}. What follows is"
                            + " for the modelled one alone")
    private String clock = "wall";

    @Option(
            names = "--guests",
            paramLabel = "N",
            description =
                    "how many guests, each with its device and a processor of its own; default 1")
    private @Nullable Integer guests;

    @Option(
            names = "--host-processors",
            paramLabel = "N",
            description =
                    "how many processors the host's halves share; default 0, one for each guest")
    private @Nullable Integer hostProcessors;

    @Option(
            names = "--guest-work",
            paramLabel = "NANOS",
            description = "what the guest's own code takes for an operation; default 0")
    private @Nullable Long guestWork;

    @Option(
            names = "--host-work",
            paramLabel = "NANOS",
            description = "what the host's own code takes for an operation; default 0")
    private @Nullable Long hostWork;

    @Option(
            names = "--medium-latency",
            paramLabel = "MICROS",
            description = "how long a disk's medium takes for a request; default 0")
    private @Nullable Double mediumLatency;

    @Option(
            names = "--medium-parallel",
            paramLabel = "N",
            description = "how many requests the medium works on at once; default 0, any number")
    private @Nullable Integer mediumParallel;

    @Option(
            names = "--medium-rate",
            paramLabel = "SIZE",
            description = "bytes that the medium carries a second, as 500m; default any rate")
    private @Nullable String mediumRate;

    @Option(
            names = "--flush-per-processor",
            paramLabel = "NANOS",
            description =
                    "what a TLB flush takes more for each further processor of the host; default 0")
    private @Nullable Long flushPerProcessor;

    /** Whether time is simulated; a refusal of what is said of it otherwise. */
    boolean isModelled() throws UsageException {
        return switch (clock) {
            case "modelled" -> true;
            case "wall" -> {
                final String said = firstSaid();
                if (said != null) {
                    throw new UsageException(said + " needs --clock modelled: add it");
                }
                yield false;
            }
            default ->
                    throw new UsageException("unknown clock '" + clock + "': use wall or modelled");
        };
    }

    private @Nullable String firstSaid() {
        final Object[] values = {
            guests,
            hostProcessors,
            guestWork,
            hostWork,
            mediumLatency,
            mediumParallel,
            mediumRate,
            flushPerProcessor
        };
        final String[] names = {
            "--guests",
            "--host-processors",
            "--guest-work",
            "--host-work",
            "--medium-latency",
            "--medium-parallel",
            "--medium-rate",
            "--flush-per-processor"
        };
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                return names[i];
            }
        }
        return null;
    }

    /** What is modelled. */
    ModelSetup setup() throws UsageException {
        final int guestCount = guests == null ? 1 : guests;
        final int processors = hostProcessors == null ? 0 : hostProcessors;
        final int parallel = mediumParallel == null ? 0 : mediumParallel;
        Bounds.check("--guests", guestCount, 1, ModelSetup.MOST_GUESTS);
        Bounds.check("--host-processors", processors, 0, MOST_PROCESSORS);
        Bounds.check("--medium-parallel", parallel, 0, MOST_PROCESSORS);
        final double latency = mediumLatency == null ? 0 : mediumLatency;
        if (!(latency >= 0 && latency * NANOS_PER_MICRO <= MOST_NANOS)) {
            throw new UsageException(
                    "--medium-latency " + latency + " cannot be used: it must be 0 to 1000000");
        }
        return ModelSetup.CROSSINGS_ONLY
                .withGuests(guestCount, processors)
                .withWork(nanos("--guest-work", guestWork), nanos("--host-work", hostWork))
                .withFlush(nanos("--flush-per-processor", flushPerProcessor))
                .withMedium(
                        new MediumTime(
                                Math.round(latency * NANOS_PER_MICRO),
                                parallel,
                                mediumRate == null ? 0 : Sizes.bytes("--medium-rate", mediumRate)));
    }

    private static long nanos(final String option, final @Nullable Long value)
            throws UsageException {
        final long nanos = value == null ? 0 : value;
        if (nanos < 0 || nanos > MOST_NANOS) {
            throw new UsageException(
                    option + " " + nanos + " cannot be used: it must be 0 to " + MOST_NANOS);
        }
        return nanos;
    }
}
