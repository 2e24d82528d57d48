/** The simulated hypervisor alone. */
@NullMarked
package io.ringside.vmbus.sim;

import org.jspecify.annotations.NullMarked;
