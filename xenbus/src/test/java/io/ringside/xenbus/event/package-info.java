/** Holds the event budget against peers that send for nothing. */
@NullMarked
package io.ringside.xenbus.event;

import org.jspecify.annotations.NullMarked;
