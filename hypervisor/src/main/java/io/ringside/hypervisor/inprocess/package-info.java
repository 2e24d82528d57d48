/**
 * The default transport: guest and host are threads of this process.
 *
 * <p>Read in this order: {@link io.ringside.hypervisor.inprocess.InProcessMemory} (page frames that
 * a file may back), {@link io.ringside.hypervisor.inprocess.ThreadDoorbell} (what a peer rings) and
 * {@link io.ringside.hypervisor.inprocess.DoorbellIdleStrategy} (how the owner sleeps behind it).
 *
 * <p>Threads: memory and doorbells are used by all; an idle strategy belongs to the one thread that
 * idles with it. Rests on: {@code ringbuf} for mapped pages. Facts: the memory order of {@code
 * java.lang.invoke.VarHandle} and the permit of {@code java.util.concurrent.locks.LockSupport}.
 */
@NullMarked
package io.ringside.hypervisor.inprocess;

import org.jspecify.annotations.NullMarked;
