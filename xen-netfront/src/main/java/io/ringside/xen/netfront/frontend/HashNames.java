package io.ringside.xen.netfront.frontend;

import io.ringside.device.frame.HashType;
import io.ringside.xen.netfront.protocol.HashControl;
import org.jspecify.annotations.Nullable;

/** What the protocol's numbers of hash types are called at the edge, and the other way round. */
final class HashNames {
    /** No number. */
    static final int NONE = -1;

    /** The only algorithm that we ask for. */
    static final int TOEPLITZ = HashControl.ALGORITHM_TOEPLITZ;

    private HashNames() {}

    /** The number of a type, or {@link #NONE}. */
    static int number(final HashType type) {
        return switch (type) {
            case NONE -> NONE;
            case IPV4 -> HashControl.IPV4;
            case TCP_IPV4 -> HashControl.IPV4_TCP;
            case IPV6 -> HashControl.IPV6;
            case TCP_IPV6 -> HashControl.IPV6_TCP;
        };
    }

    /** The type of a number, or null if there is none. */
    static @Nullable HashType type(final int number) {
        return switch (number) {
            case HashControl.IPV4 -> HashType.IPV4;
            case HashControl.IPV4_TCP -> HashType.TCP_IPV4;
            case HashControl.IPV6 -> HashType.IPV6;
            case HashControl.IPV6_TCP -> HashType.TCP_IPV6;
            default -> null;
        };
    }
}
