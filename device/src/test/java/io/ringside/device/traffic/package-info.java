/**
 * Tests of the frames made for measuring.
 *
 * <p>Threads: the test's. Rests on: {@code testkit}.
 */
@NullMarked
package io.ringside.device.traffic;

import org.jspecify.annotations.NullMarked;
