package io.ringside.storvsc.backend;

import io.ringside.storvsc.protocol.VstorVersion;

/** How far the hand-shake is; each step is legal in one stage only. */
sealed interface Stage {
    /** The first channel is not open. */
    record Closed() implements Stage {
        /** The guest has opened it. */
        Fresh opened() {
            return new Fresh();
        }
    }

    /** Nothing was said yet. */
    record Fresh() implements Stage {
        /** The guest begins. */
        Begun begun() {
            return new Begun();
        }
    }

    /** A version is to be found. */
    record Begun() implements Stage {
        /** It is found. */
        Versioned agreed(final VstorVersion version) {
            return new Versioned(version);
        }
    }

    /** The guest is to ask what there is. */
    record Versioned(VstorVersion version) implements Stage {
        /** It has, and knows. */
        Told told() {
            return new Told(version);
        }
    }

    /** The guest is to say that it knows enough. */
    record Told(VstorVersion version) implements Stage {
        /** It has. */
        Ready ended() {
            return new Ready(version);
        }
    }

    /** Commands flow. */
    record Ready(VstorVersion version) implements Stage {}
}
