/**
 * Tests of the media.
 *
 * <p>{@code BlockStoreContract} holds for every store, {@code DiscardContract} for those that can
 * discard; {@code StoreRig} drives one. What only one store has is tested beside it.
 */
@NullMarked
package io.ringside.device.media;

import org.jspecify.annotations.NullMarked;
