/** What both ends of a channel stand on. */
@NullMarked
package io.ringside.vmbus.channel;

import org.jspecify.annotations.NullMarked;
