package io.ringside.cli;

import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.scenario.NetDevices;
import io.ringside.perf.scenario.NetDirection;
import io.ringside.perf.scenario.NetRigs;
import io.ringside.perf.scenario.NetScenario;
import io.ringside.perf.scenario.Tuning;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.workload.FrameStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a network comparison can be asked. */
final class NetOptions {
    private static final double DEFAULT_SECONDS = 1;
    private static final int HEADER_BYTES = 14;

    @Option(
            names = "--frame",
            paramLabel = "64|imix|1500|9000",
            description =
                    "frames of 64 bytes on the wire, of a full MTU of 1500 or 9000, or a mix of"
                            + " seven of 64, four of 594 and one of 1518 bytes; default 64")
    private @Nullable String frame;

    @Option(
            names = "--pcap",
            paramLabel = "FILE",
            description =
                    "the frames of a capture instead, over and over; before anything is measured"
                            + " each device carries them once, and must deliver them frame for"
                            + " frame; those that a snap length has cut as short as they are in"
                            + " the file")
    private @Nullable String pcap;

    @Option(
            names = "--pcap-out",
            paramLabel = "FILE",
            description =
                    "write what arrived of them by the first device, the first way, to a new file"
                            + " for tshark or tcpdump")
    private @Nullable String pcapOut;

    @Option(
            names = "--rate",
            paramLabel = "1g|10g|25g|40g|100g|max",
            defaultValue = "10g",
            description = "what the wire carries a second; default ${DEFAULT-VALUE}")
    private String rate = "10g";

    @Option(
            names = "--queues",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "queues of each device that can have several, 1 to 8; default"
                            + " ${DEFAULT-VALUE}")
    private int queues = 1;

    @Option(
            names = "--direction",
            paramLabel = "tx|rx|both",
            defaultValue = "both",
            description =
                    "the guest sends, or receives, or first the one and then the other; default"
                            + " ${DEFAULT-VALUE}")
    private String direction = "both";

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "how long a run of each device takes; default 1")
    private @Nullable Double seconds;

    @Option(
            names = "--devices",
            paramLabel = "NAME",
            split = ",",
            description =
                    "which devices, in this order; default all that carry frames of that length:"
                            + " rtl8139, tulip and e1000 carry up to 1514 bytes")
    private List<String> devices = List.of();

    @Option(
            names = "--features",
            paramLabel = "NAME",
            split = ",",
            description =
                    "measure each device that has them with these features, one at a time; default"
                            + " every one, and none if --devices is given")
    private List<String> features = List.of();

    @Mixin private ChargeOptions charges = new ChargeOptions();

    /** One job a direction. */
    List<NetScenario> scenarios(final String stream) throws UsageException {
        return scenarios(stream, DEFAULT_SECONDS);
    }

    /**
     * The same.
     *
     * @param defaultSeconds how long a run takes where nothing was said
     */
    List<NetScenario> scenarios(final String stream, final double defaultSeconds)
            throws UsageException {
        Bounds.check("--queues", queues, 1, NetScenario.MOST_QUEUES);
        final List<NetScenario> scenarios = new ArrayList<>();
        for (final NetDirection each : directions()) {
            scenarios.add(
                    new NetScenario(
                            stream,
                            each,
                            NetScenario.gigabits(rate),
                            queues,
                            NetScenario.checkSeconds(seconds == null ? defaultSeconds : seconds),
                            charges.wakeups(),
                            charges.costs(),
                            charges.tuning()));
        }
        return scenarios;
    }

    ChargeOptions charges() {
        return charges;
    }

    private List<NetDirection> directions() throws UsageException {
        return switch (direction) {
            case "tx" -> List.of(NetDirection.TX);
            case "rx" -> List.of(NetDirection.RX);
            case "both" -> List.of(NetDirection.TX, NetDirection.RX);
            default ->
                    throw new UsageException(
                            "--direction '"
                                    + direction
                                    + "' is unknown: it must be tx, rx or both");
        };
    }

    /** Those that carry every frame of a stream; one that is named and does not is refused. */
    List<Variant> cards(final FrameStream stream) throws UsageException {
        final List<Variant> able = new ArrayList<>();
        for (final Variant card : NetDevices.ALL.rows(devices, features)) {
            final int mostBytes = NetRigs.mostFrameBytes(card);
            if (stream.maxFrameBytes() <= mostBytes) {
                able.add(card);
            } else if (!devices.isEmpty()) {
                throw new UsageException(
                        "device '"
                                + card.name()
                                + "' carries frames of up to "
                                + mostBytes
                                + " bytes, and "
                                + stream.name()
                                + " has one of "
                                + stream.maxFrameBytes()
                                + ": leave the device out, or use frames that it carries");
            }
        }
        return able;
    }

    /** The frames, made up or given. */
    FrameStream stream() throws UsageException {
        if (pcap == null) {
            return FrameStream.of(
                    FrameStream.mix(frame == null ? "64" : frame),
                    NetRigs.WIRE_MAC,
                    NetRigs.GUEST_MAC);
        }
        if (frame != null) {
            throw new UsageException("--frame and --pcap exclude each other: give one of them");
        }
        return FrameStream.ofCapture(file("--pcap", pcap), NetRigs.MTU_BYTES + HEADER_BYTES);
    }

    /** Where what arrives is written; null for nowhere. */
    @Nullable Path record() throws UsageException {
        if (pcapOut == null) {
            return null;
        }
        if (pcap == null) {
            throw new UsageException(
                    "--pcap-out " + pcapOut + " needs a capture: name one with --pcap");
        }
        final Path file = ReportOptions.file("--pcap-out", pcapOut);
        if (Files.exists(file)) {
            throw new UsageException(
                    "--pcap-out " + pcapOut + " exists: name another file, or remove this one");
        }
        return file;
    }

    private static Path file(final String option, final String name) throws UsageException {
        try {
            return Path.of(name);
        } catch (final InvalidPathException e) {
            throw new UsageException(option + " is not a file name: " + e.getMessage());
        }
    }

    /** What crossings are charged, figure by figure. */
    CostProfile profile() throws UsageException {
        return charges.profile();
    }

    double warmUpSeconds() throws UsageException {
        return charges.warmUpSeconds();
    }

    Tuning tuning() throws UsageException {
        return charges.tuning();
    }
}
