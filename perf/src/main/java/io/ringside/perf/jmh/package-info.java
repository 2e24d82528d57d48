/**
 * Benchmarks by JMH: the rings between two threads, beside their peers, in one run.
 *
 * <p>Read {@link io.ringside.perf.jmh.RingBenchmark} first, then {@link
 * io.ringside.perf.jmh.Transfer} and its implementations: each moves the same payload bytes, copied
 * in by the sender, copied out and checked by the receiver.
 *
 * <p>Threads: JMH's thread sends; one thread of the benchmark's own receives. Rests on {@code
 * ringbuf}, Agrona, the Disruptor and JCTools.
 */
@NullMarked
package io.ringside.perf.jmh;

import org.jspecify.annotations.NullMarked;
