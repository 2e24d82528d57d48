/** Tests of the bus as a whole, over a simulated Hyper-V. */
@NullMarked
package io.ringside.vmbus;

import org.jspecify.annotations.NullMarked;
