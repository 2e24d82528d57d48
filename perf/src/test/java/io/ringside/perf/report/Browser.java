package io.ringside.perf.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real Chromium without a window, off the network, with a profile of its own.
 *
 * @param program the browser
 * @param directory for profiles
 */
record Browser(Path program, Path directory) {
    private static final int MOST_SECONDS = 120;

    /** Where distributions put it. */
    static final Path USUAL = Path.of("/usr/bin/chromium");

    /** What the page is after it was laid out. */
    String dom(final Path page) throws IOException, InterruptedException {
        return run(page, "--dump-dom");
    }

    /** A picture of the page. */
    void picture(final Path page, final Path png, final int width, final int height)
            throws IOException, InterruptedException {
        run(page, "--screenshot=" + png, "--window-size=" + width + ',' + height);
    }

    private String run(final Path page, final String... further)
            throws IOException, InterruptedException {
        final List<String> command =
                new ArrayList<>(
                        List.of(
                                program.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--hide-scrollbars",
                                "--allow-file-access-from-files",
                                "--user-data-dir="
                                        + Files.createTempDirectory(directory, "profile")));
        command.addAll(List.of(further));
        command.add(page.toUri().toString());
        final Path output = Files.createTempFile(directory, "browser", ".out");
        final Process process =
                new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("browser did not end: command=" + command);
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
