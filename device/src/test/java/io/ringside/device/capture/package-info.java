/**
 * Tests of the captures: against a plain writer of bytes, and against Wireshark's tools where they
 * are installed.
 *
 * <p>Threads: the test's. Rests on: {@code testkit}.
 */
@NullMarked
package io.ringside.device.capture;

import org.jspecify.annotations.NullMarked;
