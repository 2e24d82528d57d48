package io.ringside.xenbus.sim.store;

import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.protocol.XenStoreLimits;
import io.ringside.xenbus.protocol.XenbusKeys;
import io.ringside.xenbus.store.XenStoreException;

/**
 * The rules of paths. Inside the store every path is absolute and follows them.
 *
 * <p>Letters, digits and {@code - / _ @}; no slash at the end, none doubled; a path without a slash
 * in front begins at the caller's home. Names that begin with {@code @} are events, not nodes.
 */
final class StorePath {
    /** The node above all others. */
    static final String ROOT = "/";

    /** Watched to learn of new domains. */
    static final String INTRODUCE_DOMAIN = "@introduceDomain";

    /** Watched to learn of domains that are gone. */
    static final String RELEASE_DOMAIN = "@releaseDomain";

    private static final int MAX_DIGITS = 5;

    private StorePath() {}

    /** Whether the name is one of an event. */
    static boolean isSpecial(final String path) {
        return path.startsWith("@");
    }

    /** What a special name is called when it is about one domain. */
    static String special(final String name, final int domain) {
        return name + "/" + domain;
    }

    /** Whether a special name is one that may be watched, with or without a domain. */
    static boolean isWatchable(final String special) {
        return special.equals(INTRODUCE_DOMAIN)
                || special.equals(RELEASE_DOMAIN)
                || isOfOneDomain(special, INTRODUCE_DOMAIN)
                || isOfOneDomain(special, RELEASE_DOMAIN);
    }

    private static boolean isOfOneDomain(final String special, final String name) {
        if (!special.startsWith(name + "/") || special.length() > name.length() + 1 + MAX_DIGITS) {
            return false;
        }
        final String number = special.substring(name.length() + 1);
        for (int i = 0; i < number.length(); i++) {
            if (number.charAt(i) < '0' || number.charAt(i) > '9') {
                return false;
            }
        }
        return !number.isEmpty() && DomainId.isDomain(Integer.parseInt(number));
    }

    /** Whether the path begins at the caller's home. */
    static boolean isRelative(final String path) {
        return !path.startsWith("/") && !isSpecial(path);
    }

    /** The path from the root of what a domain named; {@code EINVAL} if it breaks the rules. */
    static String absolute(final String path, final int domain, final int maxDepth)
            throws XenStoreException {
        if (path.isEmpty() || isSpecial(path)) {
            throw refused(path);
        }
        if (!isRelative(path)) {
            return checked(path, path, maxDepth);
        }
        if (path.length() > XenStoreLimits.RELATIVE_PATH_BYTES) {
            throw refused(path);
        }
        return checked(XenbusKeys.home(domain) + "/" + path, path, maxDepth);
    }

    /** The path of the node above; the path is not the root. */
    static String parent(final String path) {
        final int slash = path.lastIndexOf('/');
        return slash == 0 ? ROOT : path.substring(0, slash);
    }

    /** The last name of a path. */
    static String name(final String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** How many names a path has. */
    static int depth(final String path) {
        int depth = 0;
        for (int i = 0; i < path.length(); i++) {
            depth += path.charAt(i) == '/' && path.length() > 1 ? 1 : 0;
        }
        return depth;
    }

    /** The path of a node below. */
    static String child(final String path, final String name) {
        return path.equals(ROOT) ? ROOT + name : path + "/" + name;
    }

    /** Whether a node is another or below it. */
    static boolean isAtOrBelow(final String path, final String ancestor) {
        return ancestor.equals(ROOT)
                ? path.startsWith(ROOT)
                : path.startsWith(ancestor)
                        && (path.length() == ancestor.length()
                                || path.charAt(ancestor.length()) == '/');
    }

    private static String checked(final String path, final String asked, final int maxDepth)
            throws XenStoreException {
        if (path.length() > XenStoreLimits.ABSOLUTE_PATH_BYTES) {
            throw refused(asked);
        }
        if (path.equals(ROOT)) {
            return path;
        }
        int depth = 0;
        for (int i = 0; i < path.length(); i++) {
            final char c = path.charAt(i);
            if (c == '/') {
                depth++;
                if (i + 1 == path.length() || path.charAt(i + 1) == '/') {
                    throw refused(asked);
                }
            } else if (!isNameCharacter(c)) {
                throw refused(asked);
            }
        }
        if (depth > maxDepth) {
            throw refused(asked);
        }
        return path;
    }

    private static boolean isNameCharacter(final char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '@';
    }

    private static XenStoreException refused(final String path) {
        return new XenStoreException(XenStoreErrors.EINVAL, "not a path: path=" + path);
    }
}
