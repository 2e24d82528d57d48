/**
 * Event channels: how one domain wakes another.
 *
 * <p>Read {@link io.ringside.xenbus.event.EventChannels}. Facts: xen/event_channel.h.
 */
@NullMarked
package io.ringside.xenbus.event;

import org.jspecify.annotations.NullMarked;
