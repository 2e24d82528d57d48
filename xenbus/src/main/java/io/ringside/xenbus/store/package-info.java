/**
 * The xenstore, as one domain sees it.
 *
 * <p>Read {@link io.ringside.xenbus.store.XenStore}. Facts: xen/io/xs_wire.h.
 */
@NullMarked
package io.ringside.xenbus.store;

import org.jspecify.annotations.NullMarked;
