/** Holds one end of a device against the order of the handshake and against a hostile other end. */
@NullMarked
package io.ringside.xenbus.device;

import org.jspecify.annotations.NullMarked;
