package io.ringside.netvsc.backend;

import io.ringside.netvsc.protocol.NvspVersion;

/** How far the hand-shake of the first channel is; each step is legal in one stage only. */
sealed interface NvspStage {
    /** The first channel is not open. */
    record Closed() implements NvspStage {
        /** The guest has opened it. */
        Fresh opened() {
            return new Fresh();
        }
    }

    /** A version is to be found. */
    record Fresh() implements NvspStage {
        /** It is found. */
        Agreed agreed(final NvspVersion version) {
            return new Agreed(version, 0, 0, 0);
        }
    }

    /**
     * Guest and host tell each other what they have, in any order.
     *
     * @param frameBytes most bytes of a frame, as the guest told; 0 if it did not
     * @param capability what the guest can do
     * @param ndisMinor the guest's NDIS, 6 point this; 0 if it did not tell
     */
    record Agreed(NvspVersion version, long frameBytes, long capability, int ndisMinor)
            implements NvspStage {
        /** The guest told its MTU and its capabilities. */
        Agreed configured(final long newFrameBytes, final long newCapability) {
            return new Agreed(version, newFrameBytes, newCapability, ndisMinor);
        }

        /** The guest told its version of NDIS. */
        Agreed withNdis(final int minor) {
            return new Agreed(version, frameBytes, capability, minor);
        }

        /** Whether the guest can do something. */
        boolean can(final long bit) {
            return (capability & bit) != 0;
        }
    }
}
