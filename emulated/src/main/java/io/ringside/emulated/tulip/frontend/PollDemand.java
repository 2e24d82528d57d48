package io.ringside.emulated.tulip.frontend;

/** How often the card is told that there are frames; each time is one exit. */
public enum PollDemand {
    /** For each frame, as Linux does it. */
    EACH_FRAME,
    /** Once for all frames that are started together. */
    EACH_BATCH
}
