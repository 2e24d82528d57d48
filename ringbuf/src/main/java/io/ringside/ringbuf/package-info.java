/**
 * Both rings: the only lock-free code of Ringside.
 *
 * <p>{@code memory} maps shared pages; {@code xen} holds the slot ring (fixed slots, request and
 * response share them); {@code vmbus} holds the byte ring (a stream of packets of any size). The
 * two rings never see each other.
 *
 * <p>Rests on: nothing of ours. Threads: each half of a ring belongs to one thread at a time; the
 * two halves share memory and nothing else.
 */
@NullMarked
package io.ringside.ringbuf;

import org.jspecify.annotations.NullMarked;
