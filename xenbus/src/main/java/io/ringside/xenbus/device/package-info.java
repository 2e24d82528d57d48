/**
 * One end of a device, as the store shows it.
 *
 * <p>Read {@link io.ringside.xenbus.device.DeviceBus}, by which a domain learns of its devices,
 * then {@link io.ringside.xenbus.device.XenbusDevice}; frontends and backends use the same. Where
 * an end stands is in {@link io.ringside.xenbus.frontend} and {@link io.ringside.xenbus.backend}.
 *
 * <p>Threads: one, the driver's. Rests on: {@link io.ringside.xenbus.store.XenStore}. Facts:
 * xen/io/xenbus.h, and how Linux's xenbus reads and writes the keys.
 */
@NullMarked
package io.ringside.xenbus.device;

import org.jspecify.annotations.NullMarked;
