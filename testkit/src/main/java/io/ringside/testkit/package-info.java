/**
 * What the tests of every floor share; it rests on nothing of ours, and no product code rests on
 * it.
 *
 * <p>Read {@link io.ringside.testkit.WireFacts} first: the layouts, constants and vectors that a
 * compiler read off the real headers, as JSON resources. Then {@link io.ringside.testkit.Seed}: one
 * number is the whole recipe of a random test; and {@link io.ringside.testkit.PairwiseRows}: rows
 * in which any two values of any two factors meet.
 *
 * <p>Threads: everything here belongs to the thread of one test.
 */
@NullMarked
package io.ringside.testkit;

import org.jspecify.annotations.NullMarked;
