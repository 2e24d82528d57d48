package io.ringside.cli;

import io.ringside.perf.result.ResultDocument;
import io.ringside.perf.result.ResultJson;
import io.ringside.perf.scenario.RunControl;
import io.ringside.perf.scenario.ScenarioFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code fork}: one process of a comparison; {@link Forks} starts it.
 *
 * <p>It tells its progress on standard output, a line each, and keeps what it has measured in a
 * file that is replaced whole after each device. It ends in order when its standard input ends,
 * which is when its parent wants it to, or is no more.
 */
@Command(name = "fork", hidden = true, description = "one process of a comparison")
final class ForkCommand implements Callable<Integer> {
    private static final long TELL_EVERY_NANOS = 100_000_000;

    @Option(names = "--scenario", required = true)
    private Path scenario = Path.of("");

    @Option(names = "--result", required = true)
    private Path result = Path.of("");

    @Option(names = "--rotation", required = true)
    private int rotation;

    @Override
    public Integer call() throws Exception {
        Interruption.arm();
        endWithTheParent();
        final ResultDocument found =
                Comparison.here(
                        ScenarioJobs.of(ScenarioFile.read(scenario), null, Map.of()),
                        rotation,
                        new TellingRun(),
                        this::keep);
        keep(found);
        return Interruption.isRequested() ? Ringside.INTERRUPTED : Ringside.DONE;
    }

    private static void endWithTheParent() {
        final Thread thread =
                new Thread(
                        () -> {
                            try {
                                while (System.in.read() >= 0) {
                                    continue; // Nothing is said there.
                                }
                            } catch (final IOException e) {
                                // As an end.
                            }
                            Interruption.request();
                        },
                        "parent");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whoever looks at the file finds all of the one before or all of this one. */
    private void keep(final ResultDocument found) {
        write(result, ResultJson.text(found));
    }

    /** Replaces a file as a whole. */
    static void write(final Path file, final String text) {
        final Path whole = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(whole, text);
            Files.move(
                    whole,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (final IOException e) {
            throw new UncheckedIOException("result not written: file=" + file, e);
        }
    }

    /** Tells its parent; a line is a share, a tab and a device. */
    private static final class TellingRun implements RunControl {
        private long lastNanos = System.nanoTime() - TELL_EVERY_NANOS;

        @Override
        public void progress(final String device, final double fraction) {
            final long now = System.nanoTime();
            if (now - lastNanos >= TELL_EVERY_NANOS) {
                lastNanos = now;
                System.out.println(fraction + "\t" + device);
            }
        }

        @Override
        public boolean isInterrupted() {
            return Interruption.isRequested();
        }
    }
}
