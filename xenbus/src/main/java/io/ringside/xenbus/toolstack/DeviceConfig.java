package io.ringside.xenbus.toolstack;

import java.util.SequencedMap;

/** A device as a configuration names it: where its two directories are, and what is in them. */
sealed interface DeviceConfig permits VbdConfig, VifConfig {
    /** Who uses the device. */
    int frontendDomain();

    /** Who serves it. */
    int backendDomain();

    /** The frontend's directory. */
    String frontendPath();

    /** The backend's directory. */
    String backendPath();

    /** What the toolstack writes into the frontend's directory, in order. */
    SequencedMap<String, String> frontendKeys();

    /** What the toolstack writes into the backend's directory, in order. */
    SequencedMap<String, String> backendKeys();
}
