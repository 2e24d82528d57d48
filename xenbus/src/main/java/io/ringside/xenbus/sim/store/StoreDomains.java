package io.ringside.xenbus.sim.store;

import java.util.HashMap;
import java.util.Map;

/**
 * Which domains there are, and which life of each number it is.
 *
 * <p>A number is used again when its domain is gone. Whoever had a right as domain 5 has lost it
 * when domain 5 is another domain: rights name the life, too.
 */
final class StoreDomains {
    /** The domain that may do everything. */
    static final int PRIVILEGED = 0;

    /** The life of a number that no domain has. */
    static final long NO_LIFE = 0;

    private final Map<Integer, Long> lives = new HashMap<>();
    private final Map<Integer, Integer> targets = new HashMap<>();
    private long lastLife = NO_LIFE;

    StoreDomains() {
        introduce(PRIVILEGED);
    }

    /** Begins a life of a number; false if one is under way. */
    boolean introduce(final int domain) {
        if (lives.containsKey(domain)) {
            return false;
        }
        lives.put(domain, ++lastLife);
        return true;
    }

    /** Ends the life of a number. */
    void release(final int domain) {
        lives.remove(domain);
        targets.remove(domain);
        targets.values().removeIf(target -> target == domain);
    }

    /** Gives a domain the rights of another one, besides its own, while both live. */
    void setTarget(final int domain, final int target) {
        targets.put(domain, target);
    }

    /** The domain whose rights another one has besides its own; itself if there is none. */
    int target(final int domain) {
        return targets.getOrDefault(domain, domain);
    }

    /** The life that is under way, or {@link #NO_LIFE}. */
    long life(final int domain) {
        return lives.getOrDefault(domain, NO_LIFE);
    }

    static boolean isPrivileged(final int domain) {
        return domain == PRIVILEGED;
    }
}
