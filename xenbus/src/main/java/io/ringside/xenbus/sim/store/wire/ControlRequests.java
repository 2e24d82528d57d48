package io.ringside.xenbus.sim.store.wire;

import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.sim.store.StoreLimits;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStoreException;
import java.util.List;

/** {@code XS_CONTROL}: words for the daemon itself, as {@code xenstore-control} sends them. */
final class ControlRequests {
    private static final int MOST_WORDS = 64;
    private static final String HELP =
            """
            help
            check
            memory [<domid>]
            quota [set <name> <value>|<domid>]
            quota-soft [set memory <value>]
            """;

    private final XenStoreServer server;

    ControlRequests(final XenStoreServer server) {
        this.server = server;
    }

    /** The payload of the reply; the caller is privileged. */
    String answer(final StoreRequest request) throws XenStoreException {
        final List<String> words = request.words(1, MOST_WORDS);
        final List<String> rest = words.subList(1, words.size());
        final String answer =
                switch (words.getFirst()) {
                    case "help" -> HELP;
                    case "check" -> check();
                    case "memory" -> memory(request, rest);
                    case "quota" -> quota(request, rest);
                    case "quota-soft" -> softQuota(request, rest);
                    default -> throw request.refused();
                };
        return answer + '\0';
    }

    private String check() {
        return "nodes=%d connections=%d watches=%d transactions=%d expired=%d soft-excesses=%d"
                .formatted(
                        server.nodeCount(),
                        server.connectionCount(),
                        server.watchCount(),
                        server.transactionCount(),
                        server.expiredConnections(),
                        server.softMemoryExcesses());
    }

    private String memory(final StoreRequest request, final List<String> words)
            throws XenStoreException {
        if (words.size() > 1) {
            throw request.refused();
        }
        final int domain = words.isEmpty() ? 0 : known(request, words.getFirst());
        return Long.toString(server.memoryBytes(domain));
    }

    private String quota(final StoreRequest request, final List<String> words)
            throws XenStoreException {
        if (words.isEmpty()) {
            return lines(server.limits());
        }
        if (words.size() == 1) {
            return lines(server.limits(known(request, words.getFirst())));
        }
        final StoreLimits limits = server.limits();
        if (words.size() != 3
                || !words.getFirst().equals("set")
                || limits.quota(words.get(1)) == StoreLimits.UNKNOWN) {
            throw request.refused();
        }
        server.setLimits(limits.withQuota(words.get(1), request.smallNumber(words.getLast())));
        return "OK";
    }

    private String softQuota(final StoreRequest request, final List<String> words)
            throws XenStoreException {
        if (words.isEmpty()) {
            return "memory: " + server.softMemoryBytes() + '\n';
        }
        if (words.size() != 3
                || !words.getFirst().equals("set")
                || !words.get(1).equals("memory")) {
            throw request.refused();
        }
        server.setSoftMemoryBytes(request.smallNumber(words.getLast()));
        return "OK";
    }

    private static String lines(final StoreLimits limits) {
        final StringBuilder text = new StringBuilder();
        for (final String name : StoreLimits.NAMES) {
            text.append(name).append(": ").append(limits.quota(name)).append('\n');
        }
        return text.toString();
    }

    private int known(final StoreRequest request, final String word) throws XenStoreException {
        final int domain = request.domain(word);
        if (!server.isIntroduced(domain)) {
            throw new XenStoreException(XenStoreErrors.ENOENT, "domain=" + domain);
        }
        return domain;
    }
}
