/** Layouts against the wire facts, and bytes of any kind. */
@NullMarked
package io.ringside.vmbus.protocol;

import org.jspecify.annotations.NullMarked;
