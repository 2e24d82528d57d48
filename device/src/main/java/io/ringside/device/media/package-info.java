/**
 * The media: what stands behind a backend.
 *
 * <p>Read {@link io.ringside.device.media.RamStore} first, which is a disk in memory.
 */
@NullMarked
package io.ringside.device.media;

import org.jspecify.annotations.NullMarked;
