package io.ringside.device.guest;

/** Where a device reports what it has finished. */
@FunctionalInterface
public interface BlockCompletions {
    /** The request is its owner's again; its status is set. Called on the device's own thread. */
    void completed(BlockRequest request);
}
