/** Tests of the xenstore's ring page, both ends. */
@NullMarked
package io.ringside.xenbus.sim.store.ring;

import org.jspecify.annotations.NullMarked;
