package io.ringside.device.media;

import io.ringside.device.host.StoreRequest;

/** How one worker of a {@link StorePipeline} carries out requests; it may block. */
@FunctionalInterface
interface StoreWorker {
    /**
     * Carries out one request, whatever it asks for, and tells how it ended.
     *
     * <p>Called by one thread. What goes wrong is a status; an exception would be our own fault,
     * and ends the request as {@link StoreRequest.Status#ERROR}.
     */
    StoreRequest.Status carryOut(StoreRequest request);
}
