/**
 * The frontend's part of the handshake, whatever the device.
 *
 * <p>Read {@link io.ringside.xenbus.frontend.FrontendState}; a driver keeps one, and tells it to
 * the store by {@link io.ringside.xenbus.device.XenbusDevice}. Threads: the values are immutable.
 * Facts: xen/io/xenbus.h, xen/io/blkif.h, xen/io/netif.h.
 */
@NullMarked
package io.ringside.xenbus.frontend;

import org.jspecify.annotations.NullMarked;
