/**
 * Names and layouts of the Xen control plane. Depends on buffers alone.
 *
 * <p>Read {@link io.ringside.xenbus.protocol.XenbusState}. Facts: xen/io/xenbus.h.
 */
@NullMarked
package io.ringside.xenbus.protocol;

import org.jspecify.annotations.NullMarked;
