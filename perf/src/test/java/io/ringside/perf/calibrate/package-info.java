/** The guest, its monitor, the profile that comes of it: no test asserts a time. */
@NullMarked
package io.ringside.perf.calibrate;

import org.jspecify.annotations.NullMarked;
