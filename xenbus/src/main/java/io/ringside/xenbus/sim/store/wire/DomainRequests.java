package io.ringside.xenbus.sim.store.wire;

import io.ringside.xenbus.protocol.StoreMessageType;
import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.protocol.XenbusKeys;
import io.ringside.xenbus.sim.store.StoreLimits;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a peer asks about domains and of the daemon; most of it only the privileged may. */
final class DomainRequests {
    private static final int PRIVILEGED = 0;
    private static final String DONE = "";

    private final XenStoreServer server;
    private final int caller;
    private final ControlRequests control;

    DomainRequests(final XenStoreServer server, final int caller) {
        this.server = server;
        this.caller = caller;
        control = new ControlRequests(server);
    }

    /** The payload of the reply, empty where there is nothing to tell; null if not asked here. */
    @Nullable String answer(final StoreRequest request) throws XenStoreException {
        return switch (request.type()) {
            case StoreMessageType.GET_DOMAIN_PATH ->
                    XenbusKeys.home(request.domain(request.word())) + '\0';
            case StoreMessageType.IS_DOMAIN_INTRODUCED ->
                    server.isIntroduced(request.domain(request.word())) ? "T\0" : "F\0";
            case StoreMessageType.GET_FEATURE -> feature(request);
            case StoreMessageType.GET_QUOTA -> quota(request);
            case StoreMessageType.CONTROL,
                    StoreMessageType.INTRODUCE,
                    StoreMessageType.RELEASE,
                    StoreMessageType.RESUME,
                    StoreMessageType.SET_TARGET,
                    StoreMessageType.SET_FEATURE,
                    StoreMessageType.SET_QUOTA ->
                    privileged(request);
            default -> null;
        };
    }

    private String privileged(final StoreRequest request) throws XenStoreException {
        checkPrivileged(request);
        return switch (request.type()) {
            case StoreMessageType.CONTROL -> control.answer(request);
            case StoreMessageType.INTRODUCE -> introduce(request);
            case StoreMessageType.RELEASE -> {
                final int domain = known(request, request.word());
                if (domain == PRIVILEGED) {
                    throw request.refused();
                }
                server.release(domain);
                yield DONE;
            }
            case StoreMessageType.RESUME -> {
                known(request, request.word());
                yield DONE;
            }
            case StoreMessageType.SET_TARGET -> {
                final List<String> words = request.words(2, 2);
                server.setTarget(known(request, words.getFirst()), known(request, words.getLast()));
                yield DONE;
            }
            case StoreMessageType.SET_FEATURE -> {
                final List<String> words = request.words(2, 2);
                server.setFeatures(
                        known(request, words.getFirst()), features(request, words.getLast()));
                yield DONE;
            }
            default -> setQuota(request);
        };
    }

    /** The frame is not used: a ring is found by its grant, as the daemon of Xen 4.17 does. */
    private String introduce(final StoreRequest request) throws XenStoreException {
        final List<String> words = request.words(3, 3);
        final int domain = request.domain(words.getFirst());
        request.number(words.get(1));
        final int port = request.smallNumber(words.getLast());
        if (port == 0 || domain == PRIVILEGED) {
            throw request.refused();
        }
        server.introduce(domain, port);
        return DONE;
    }

    private String feature(final StoreRequest request) throws XenStoreException {
        final List<String> words = request.words(0, 1);
        if (words.isEmpty() || words.getFirst().isEmpty()) {
            return Integer.toString(XenStoreServer.FEATURES) + '\0';
        }
        final int domain = known(request, words.getFirst());
        if (domain != caller) {
            checkPrivileged(request);
        }
        return Integer.toString(server.features(domain)) + '\0';
    }

    private static int features(final StoreRequest request, final String word)
            throws XenStoreException {
        final int features = request.smallNumber(word);
        if ((features & ~XenStoreServer.FEATURES) != 0) {
            throw request.refused();
        }
        return features;
    }

    private String quota(final StoreRequest request) throws XenStoreException {
        final List<String> words = request.words(0, 2);
        if (words.isEmpty() || (words.size() == 1 && words.getFirst().isEmpty())) {
            return String.join(" ", StoreLimits.NAMES) + '\0';
        }
        StoreLimits limits = server.limits();
        if (words.size() == 2) {
            final int domain = known(request, words.getFirst());
            if (domain != caller) {
                checkPrivileged(request);
            }
            limits = server.limits(domain);
        }
        return Integer.toString(checkedQuota(request, limits, words.getLast())) + '\0';
    }

    private String setQuota(final StoreRequest request) throws XenStoreException {
        final List<String> words = request.words(2, 3);
        final String name = words.get(words.size() - 2);
        final int value = request.smallNumber(words.getLast());
        if (words.size() == 2) {
            checkedQuota(request, server.limits(), name);
            server.setLimits(server.limits().withQuota(name, value));
            return DONE;
        }
        final int domain = known(request, words.getFirst());
        if (domain == PRIVILEGED) {
            throw request.refused();
        }
        checkedQuota(request, server.limits(domain), name);
        server.setLimits(domain, server.limits(domain).withQuota(name, value));
        return DONE;
    }

    private static int checkedQuota(
            final StoreRequest request, final StoreLimits limits, final String name)
            throws XenStoreException {
        final int value = limits.quota(name);
        if (value == StoreLimits.UNKNOWN) {
            throw request.refused();
        }
        return value;
    }

    private int known(final StoreRequest request, final String word) throws XenStoreException {
        final int domain = request.domain(word);
        if (!server.isIntroduced(domain)) {
            throw new XenStoreException(XenStoreErrors.ENOENT, "domain=" + domain);
        }
        return domain;
    }

    private void checkPrivileged(final StoreRequest request) throws XenStoreException {
        if (caller != PRIVILEGED) {
            throw new XenStoreException(
                    XenStoreErrors.EACCES, "domain=" + caller + " type=" + request.type());
        }
    }
}
