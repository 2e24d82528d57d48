package io.ringside.netvsc.frontend;

import io.ringside.netvsc.protocol.NvspVersion;
import org.jspecify.annotations.Nullable;

/**
 * What a frontend asks the host for or sets by RNDIS before frames flow, in the protocol's order.
 */
@SuppressWarnings("EnumOrdinal") // The order of the questions, never stored.
enum Question {
    INITIALIZE,
    FRAME_SIZE,
    ADDRESS,
    NAME,
    OFFLOADS,
    SET_OFFLOADS,
    LINK,
    SPEED,
    SCALING,
    /** More channels come between this and the one before. */
    SET_SCALING_OFF,
    SET_SCALING_ON,
    SET_FILTER;

    private static final Question[] QUESTIONS = values();

    /** The next one; null after the last. */
    @Nullable Question next(final NvspVersion version) {
        if (this == LINK && !version.hasSubChannels()) {
            return SET_FILTER;
        }
        return this == SET_FILTER ? null : QUESTIONS[ordinal() + 1];
    }
}
