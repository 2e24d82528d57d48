package io.ringside.cli;

import io.ringside.device.traffic.FrameMix;
import io.ringside.perf.jmh.NetBenchmarkRun;
import io.ringside.perf.scenario.NetDevices;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.workload.FrameStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench net}: whole network cards beside the ring that carries them. */
@Command(
        name = "net",
        mixinStandardHelpOptions = true,
        description =
                "Sends and receives frames through a whole network card, both halves on threads"
                    + " that poll, before a port that only checks their numbers, by JMH; and in the"
                    + " same run lets the slot ring do round trips of 64 bytes, 32 at once."
                    + " Crossings are charged nothing.",
        footer = {
            "",
            "Examples:",
            "  ./ringside bench net --quick",
            "  ./ringside bench net --devices netvsc,netvsc+aggregation --frames 64 --directions tx"
        })
final class BenchNetCommand implements Callable<Integer> {
    private static final int MOST_FRAME_BYTES = 4096 - FrameMix.FCS_BYTES;

    @Option(
            names = "--devices",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "xen-netfront,xen-netfront+kept,netvsc,netvsc+aggregation",
            description = "which cards, also with features; default ${DEFAULT-VALUE}")
    private List<String> devices = List.of();

    @Option(
            names = "--frames",
            paramLabel = "64|1500",
            split = ",",
            defaultValue = "64,1500",
            description =
                    "frames of 64 bytes on the wire, or of a full MTU of 1500; default"
                            + " ${DEFAULT-VALUE}")
    private List<String> frames = List.of();

    @Option(
            names = "--directions",
            paramLabel = "tx|rx",
            split = ",",
            defaultValue = "tx,rx",
            description = "whether the guest sends or receives; default ${DEFAULT-VALUE}")
    private List<String> directions = List.of();

    @Mixin private ForkOptions length = new ForkOptions();

    @Override
    public Integer call() throws Exception {
        final NetBenchmarkRun.Plan plan = plan();
        final BusyMachine machine = BusyMachine.look();
        final List<NetBenchmarkRun.Figure> figures =
                NetBenchmarkRun.run(plan, new TerminalProgress());
        Terminal.clear();
        System.out.printf(
                Locale.ROOT,
                "net: one queue, two threads, %s, median of all%n%s%n%n%s",
                length.text(),
                BusyMachine.facts(),
                NetBenchmarkRun.table(figures));
        System.out.println(
                "slot-ring: a request of 64 bytes and its response of 16, no card behind it. tx:"
                        + " the guest sends. B/op: what the two threads themselves allocate.");
        machine.warn();
        return Ringside.DONE;
    }

    private NetBenchmarkRun.Plan plan() throws UsageException {
        final List<String> cards = new ArrayList<>();
        for (final String device : devices) {
            final String name = NetDevices.ALL.variant(device).name();
            if (!cards.contains(name)) {
                cards.add(name);
            }
        }
        final List<Integer> frameBytes = new ArrayList<>();
        for (final String frame : frames) {
            final FrameMix mix = FrameStream.mix(frame);
            if (mix.cycle().size() > 1 || mix.maxFrameBytes() > MOST_FRAME_BYTES) {
                throw new UsageException(
                        "--frames " + frame + " cannot be used: it must be 64 or 1500");
            }
            if (!frameBytes.contains(mix.maxFrameBytes())) {
                frameBytes.add(mix.maxFrameBytes());
            }
        }
        for (final String direction : directions) {
            if (!direction.equals("tx") && !direction.equals("rx")) {
                throw new UsageException(
                        "--directions '" + direction + "' is unknown: it must be tx or rx");
            }
        }
        length.check();
        return new NetBenchmarkRun.Plan(
                cards,
                directions.stream().distinct().toList(),
                frameBytes,
                length.forks(),
                length.iterations(),
                length.millis());
    }
}
