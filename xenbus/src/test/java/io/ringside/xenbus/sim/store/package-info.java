/** Holds the simulated xenstore against the contract, its limits, and a simple model. */
@NullMarked
package io.ringside.xenbus.sim.store;

import org.jspecify.annotations.NullMarked;
