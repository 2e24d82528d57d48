package io.ringside.device.host;

/** Where a store reports what it has finished. */
@FunctionalInterface
public interface StoreCompletions {
    /** The request is the backend's again; its status is set. Called by {@link BlockStore#poll}. */
    void completed(StoreRequest request);
}
