/** The guest's state machine, message by message. */
@NullMarked
package io.ringside.vmbus.guest;

import org.jspecify.annotations.NullMarked;
