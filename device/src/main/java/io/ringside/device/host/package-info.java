/**
 * The host edge: what a backend drives, whoever asked.
 *
 * <p>Read {@link io.ringside.device.host.BlockStore} first, then {@link
 * io.ringside.device.host.StoreRequest}.
 *
 * <p>Threads: a store is driven by one backend thread; it may have workers of its own behind it.
 * Rests on: Agrona's buffers.
 */
@NullMarked
package io.ringside.device.host;

import org.jspecify.annotations.NullMarked;
