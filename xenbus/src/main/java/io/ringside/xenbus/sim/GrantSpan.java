package io.ringside.xenbus.sim;

/**
 * What one grant entry lends, as it was read once: filled by {@link ActiveGrants}.
 *
 * <p>Threads: one.
 */
final class GrantSpan {
    /** Whether the entry stands for one of another domain, and lends no page itself. */
    boolean transitive;

    /** The frame; of a transitive entry the reference that it stands for. */
    long number;

    /** Where in the page it begins; of a transitive entry the domain that it stands for. */
    int start;

    /** Where in the page it ends; 0 of a transitive entry. */
    int end;
}
