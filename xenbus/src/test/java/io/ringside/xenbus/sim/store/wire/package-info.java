/** Tests of the xenstore's wire protocol. */
@NullMarked
package io.ringside.xenbus.sim.store.wire;

import org.jspecify.annotations.NullMarked;
