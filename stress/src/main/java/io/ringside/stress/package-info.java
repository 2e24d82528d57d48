/**
 * Concurrency tests of both rings, by jcstress: publication, and the race between a peer that goes
 * to sleep and one that decides whether to wake it.
 *
 * <p>Read {@link io.ringside.stress.SlotRingWakeup} first; {@link
 * io.ringside.stress.SlotRingWakeupUnfenced} is the same race with the fences left out, and must
 * show the outcome that the other forbids: a test that could not fail would prove nothing.
 *
 * <p>Threads: jcstress runs each actor on its own. Rests on {@code ringbuf}.
 */
@NullMarked
package io.ringside.stress;

import org.jspecify.annotations.NullMarked;
