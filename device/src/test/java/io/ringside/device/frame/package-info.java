/** Tests of what is said of a frame, and of the checksum done in software. */
@NullMarked
package io.ringside.device.frame;

import org.jspecify.annotations.NullMarked;
