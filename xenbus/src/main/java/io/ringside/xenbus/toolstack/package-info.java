/**
 * The administrator's part: who makes the directories by which two ends meet.
 *
 * <p>Read {@link io.ringside.xenbus.toolstack.Toolstack}, then {@link
 * io.ringside.xenbus.toolstack.VbdConfig} and {@link io.ringside.xenbus.toolstack.VifConfig}.
 * Threads: one. Rests on: a privileged {@link io.ringside.xenbus.store.XenStore}. Facts:
 * xen/io/blkif.h, xen/io/netif.h, and the keys that xl writes.
 */
@NullMarked
package io.ringside.xenbus.toolstack;

import org.jspecify.annotations.NullMarked;
