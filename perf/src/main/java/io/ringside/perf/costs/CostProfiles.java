package io.ringside.perf.costs;

import io.ringside.perf.scenario.NearestName;
import io.ringside.perf.scenario.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The profiles that can be named: those that are shipped, this host's, and files of the user's.
 *
 * <p>A kick is charged apart from the hypercall that carries it, so that the two together cost what
 * was published for a notification.
 */
public final class CostProfiles {
    /** Charges nothing: what crossings really cost here is what they take. */
    public static final String COUNTS = "counts";

    /** Current x86 processors. */
    public static final String TODAY = "today";

    /** What {@code calibrate} measured here. */
    public static final String THIS_HOST = "this-host";

    private static final List<String> SHIPPED =
            List.of(COUNTS, TODAY, "2006-xen3-hvm", "2006-xen3-p4", "2009-hyperv");
    private static final List<String> NAMES =
            Stream.concat(SHIPPED.stream(), Stream.of(THIS_HOST)).toList();
    private static final String SUFFIX = ".toml";
    private static final long MOST_FILE_BYTES = 1 << 20;

    private CostProfiles() {}

    /** The names of the shipped profiles, in the order of every list. */
    public static List<String> shipped() {
        return SHIPPED;
    }

    /**
     * One profile; a refusal lists every name.
     *
     * @param nameOrFile a name, or the path of a file: whatever has a slash in it or ends in {@code
     *     .toml}
     */
    public static CostProfile of(final String nameOrFile) throws UsageException {
        return of(nameOrFile, hostFile());
    }

    /** The same, with this host's figures elsewhere. */
    static CostProfile of(final String nameOrFile, final Path hostFile) throws UsageException {
        if (SHIPPED.contains(nameOrFile)) {
            return readShipped(nameOrFile);
        }
        if (nameOrFile.equals(THIS_HOST)) {
            if (!Files.exists(hostFile)) {
                throw new UsageException(
                        "cost profile '"
                                + THIS_HOST
                                + "' has not been measured yet ("
                                + hostFile
                                + " does not exist): run ./ringside calibrate");
            }
            return readFile(hostFile.toString());
        }
        if (nameOrFile.endsWith(SUFFIX) || nameOrFile.contains("/")) {
            return readFile(nameOrFile);
        }
        throw new UsageException(
                "unknown cost profile '"
                        + nameOrFile
                        + "'"
                        + NearestName.hint(nameOrFile, NAMES)
                        + ": use "
                        + String.join(", ", NAMES)
                        + ", or the path of a .toml file");
    }

    /**
     * The profile of a text.
     *
     * @param file what refusals call it
     */
    public static CostProfile ofText(final String file, final String text) throws UsageException {
        return CostProfileReader.read(file, text);
    }

    /** Where this host's figures are kept: {@code ~/.cache/ringside/this-host.toml}. */
    public static Path hostFile() {
        return hostFile(System.getenv(), System.getProperty("user.home", ""));
    }

    /** The same for another environment; a cache directory that is not absolute is none. */
    static Path hostFile(final Map<String, String> environment, final String userHome) {
        final String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        final String home = environment.getOrDefault("HOME", "");
        final Path directory =
                cache.startsWith("/")
                        ? Path.of(cache)
                        : Path.of(home.isEmpty() ? userHome : home, ".cache");
        return directory.resolve("ringside").resolve(THIS_HOST + SUFFIX);
    }

    private static CostProfile readShipped(final String name) throws UsageException {
        final String resource = name + SUFFIX;
        try (InputStream in =
                Objects.requireNonNull(
                        CostProfiles.class.getResourceAsStream(resource), "resource=" + resource)) {
            return CostProfileReader.read(
                    "shipped " + resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read: resource=" + resource, e);
        }
    }

    private static CostProfile readFile(final String name) throws UsageException {
        try {
            final Path file = Path.of(name);
            if (!Files.isRegularFile(file)) {
                throw new UsageException(
                        "cost profile '"
                                + name
                                + (Files.exists(file)
                                        ? "' is not a regular file"
                                        : "' does not exist")
                                + ": name a .toml file, or one of "
                                + String.join(", ", NAMES));
            }
            if (Files.size(file) > MOST_FILE_BYTES) {
                throw new UsageException(
                        "cost profile '"
                                + name
                                + "' has "
                                + Files.size(file)
                                + " bytes: a profile has at most "
                                + MOST_FILE_BYTES);
            }
            return CostProfileReader.read(name, Files.readString(file));
        } catch (final InvalidPathException e) {
            throw new UsageException("cost profile is not a file name: " + e.getMessage());
        } catch (final CharacterCodingException e) {
            throw new UsageException("cost profile '" + name + "' is not text: save it as UTF-8");
        } catch (final IOException e) {
            throw new UsageException(
                    "cannot read the cost profile '"
                            + name
                            + "' ("
                            + e.getMessage()
                            + "): check its permissions");
        }
    }
}
