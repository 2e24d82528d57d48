/** Tests of the xenstore's socket. */
@NullMarked
package io.ringside.xenbus.sim.store.socket;

import org.jspecify.annotations.NullMarked;
