package io.ringside.device.media;

import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a differencing image finds its parent, and knows that it is the right one.
 *
 * <p>Looked for, in this order: the relative locator, the absolute one, and the parent's name
 * beside the child; the first that is there has to be it. A Windows path is read with its
 * backslashes as slashes; one with a drive letter names nothing here.
 *
 * <p>The parent is known by its unique id. It must not have changed since the child was made: the
 * child holds the time of the parent file's last change, to the second. Children made by other
 * programs may hold the time when the parent was made instead, and are taken with that, too.
 */
final class VhdParent {
    /** 2000-01-01 UTC, where the times of VHD images start, in seconds since 1970. */
    static final long EPOCH_SECONDS = 946_684_800L;

    private VhdParent() {}

    /** Finds the parent's file. */
    static Path locate(
            final Path child,
            final FileBytes file,
            final VhdDynamicHeader header,
            final VhdScratch scratch)
            throws MediumRefusedException {
        final List<String> names = new ArrayList<>();
        addLocators(names, child, file, header, VhdDynamicHeader.Locator.RELATIVE, scratch);
        addLocators(names, child, file, header, VhdDynamicHeader.Locator.ABSOLUTE, scratch);
        names.add(lastOf(slashed(header.parentName())));
        final Path directory = child.toAbsolutePath().getParent();
        for (final String name : names) {
            try {
                final Path candidate = directory == null ? Path.of(name) : directory.resolve(name);
                if (!name.isEmpty() && Files.exists(candidate)) {
                    return candidate.normalize();
                }
            } catch (final InvalidPathException e) {
                // Names nothing on this system; the next may.
            }
        }
        throw new MediumRefusedException(
                child
                        + ": its parent is not there, looked for "
                        + names
                        + "; put it beside the child, id="
                        + header.parentId());
    }

    private static void addLocators(
            final List<String> names,
            final Path child,
            final FileBytes file,
            final VhdDynamicHeader header,
            final int code,
            final VhdScratch scratch)
            throws MediumRefusedException {
        for (final VhdDynamicHeader.Locator each : header.locators()) {
            if (each.code() == code) {
                if (!scratch.read(file, scratch.piece, each.lengthBytes(), each.offset())) {
                    throw new VhdFault("parent locator cannot be read", each.offset(), code)
                            .of(child);
                }
                final byte[] bytes = new byte[each.lengthBytes()];
                scratch.piece.getBytes(0, bytes);
                names.add(slashed(ended(new String(bytes, UTF_16LE))));
            }
        }
    }

    /** Some programs count the zeros behind a path as its part. */
    private static String ended(final String path) {
        final int end = path.indexOf('\0');
        return end < 0 ? path : path.substring(0, end);
    }

    private static String slashed(final String path) {
        return path.replace('\\', '/');
    }

    private static String lastOf(final String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Refuses a parent that is another image, or has changed. */
    static void check(
            final Path child,
            final VhdFooter footer,
            final VhdDynamicHeader header,
            final Path parent,
            final VhdFooter parentFooter)
            throws MediumRefusedException {
        if (!header.parentId().equals(parentFooter.id())) {
            throw new MediumRefusedException(
                    child
                            + ": "
                            + parent
                            + " is not its parent, id="
                            + parentFooter.id()
                            + "; put the image with id="
                            + header.parentId()
                            + " there");
        }
        final long changed = changedSeconds(parent);
        final boolean asMade =
                footer.creator() != VhdFooter.OURS
                        && header.parentSeconds() == parentFooter.timestampSeconds();
        if (header.parentSeconds() != changed && !asMade) {
            throw new MediumRefusedException(
                    child
                            + ": its parent "
                            + parent
                            + " has changed since, changed="
                            + changed
                            + " expected="
                            + header.parentSeconds()
                            + " (seconds since 2000); restore it, or if only its time is wrong:"
                            + " touch -d @"
                            + (header.parentSeconds() + EPOCH_SECONDS)
                            + " "
                            + parent);
        }
    }

    /** When a file was last changed, in seconds since 2000. */
    static long changedSeconds(final Path file) throws MediumRefusedException {
        try {
            final long seconds = Files.getLastModifiedTime(file).to(TimeUnit.SECONDS);
            return (seconds - EPOCH_SECONDS) & 0xFFFF_FFFFL;
        } catch (final IOException e) {
            throw new MediumRefusedException(
                    file + ": cannot be looked at (" + e.getMessage() + "); name another file");
        }
    }
}
