/** The host's state machine, message by message. */
@NullMarked
package io.ringside.vmbus.host;

import org.jspecify.annotations.NullMarked;
