package io.ringside.perf.scenario;

/** What a half does when it has nothing to do. */
public enum WakeupMode {
    /** It asks to be woken, and sleeps: what a real guest does. */
    SLEEP,
    /** It polls, and is never woken: line rate. */
    POLL;

    /** The mode of a name; every name is listed in the error. */
    public static WakeupMode of(final String name) throws UsageException {
        return switch (name) {
            case "sleep" -> SLEEP;
            case "poll" -> POLL;
            default ->
                    throw new UsageException("unknown wakeups '" + name + "': use sleep or poll");
        };
    }
}
