package io.ringside.cli;

import io.ringside.device.guest.BlockOperation;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.trace.StorvscTrace;
import io.ringside.perf.trace.TraceEvent;
import io.ringside.perf.trace.TraceJson;
import io.ringside.perf.trace.TraceText;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code trace disk}: a connection, message by message. */
@Command(
        name = "disk",
        mixinStandardHelpOptions = true,
        description =
                "Prints every message, packet and signal of a connection, from the negotiation of"
                        + " the version to the last completion: each field by name, and one line"
                        + " that explains it. It is decoded from the bytes in guest memory. Every"
                        + " run prints the same.",
        footer = {
            "",
            "Examples:",
            "  ./ringside trace disk --device storvsc --ops 3",
            "      a connection to a SCSI controller of Hyper-V, and three reads",
            "  ./ringside trace disk --op write --ops 1 | less",
            "      one write",
            "  ./ringside trace disk --json | jq -c 'select(.by == \"packet\") | [.number, .name]'",
            "      the names of all packets"
        })
final class TraceDiskCommand implements Callable<Integer> {
    private static final int MOST_OPERATIONS = 1000;
    private static final String DEVICE = "storvsc";
    private static final List<String> OPERATIONS = List.of("read", "write", "flush", "discard");

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = DEVICE,
            description = "which device: storvsc; default ${DEFAULT-VALUE}")
    private String device = "";

    @Option(
            names = "--ops",
            paramLabel = "N",
            defaultValue = "3",
            description = "requests, one after the other, 1 to 1000; default ${DEFAULT-VALUE}")
    private int operations;

    @Option(
            names = "--op",
            paramLabel = "KIND",
            defaultValue = "read",
            description =
                    "what each request does: read, write, flush or discard, of 4 KiB; default"
                            + " ${DEFAULT-VALUE}")
    private String operation = "";

    @Option(names = "--json", description = "one JSON object a line, schema ringside.trace/1")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (!device.equals(DEVICE)) {
            throw new UsageException(
                    "--device '" + device + "' cannot be traced: it must be " + DEVICE);
        }
        if (!OPERATIONS.contains(operation)) {
            throw new UsageException(
                    "--op '"
                            + operation
                            + "' is unknown: it must be read, write, flush or discard");
        }
        Bounds.check("--ops", operations, 1, MOST_OPERATIONS);
        final Counts counts = new Counts();
        try (StorvscTrace trace = new StorvscTrace(listener(counts))) {
            if (!json) {
                System.out.printf(
                        Locale.ROOT,
                        "%s: one connection, then %d x %s%s, one at a time%n"
                                + "Each end works until it has nothing to do, then sleeps: the"
                                + " other end's signal wakes it.%n%n",
                        device,
                        operations,
                        operation,
                        operation.equals("flush") ? "" : " of 4 KiB");
            }
            trace.run(BlockOperation.valueOf(operation.toUpperCase(Locale.ROOT)), operations);
        }
        if (!json) {
            System.out.printf(
                    Locale.ROOT,
                    "%d messages, %d packets and %d signals up to completion %d%n",
                    counts.messages,
                    counts.packets,
                    counts.signals,
                    operations);
        }
        System.out.flush();
        return Ringside.DONE;
    }

    private Consumer<TraceEvent> listener(final Counts counts) {
        final TraceText text = new TraceText(Terminal.usesColour());
        final TraceJson objects = new TraceJson();
        return event -> {
            counts.count(event);
            System.out.print(json ? objects.of(event) + "\n" : text.of(event));
        };
    }

    /** How much passed. */
    private static final class Counts {
        private int messages;
        private int packets;
        private int signals;

        void count(final TraceEvent event) {
            switch (event.carrier()) {
                case MESSAGE -> messages++;
                case PACKET -> packets++;
                case SIGNAL -> signals++;
            }
        }
    }
}
