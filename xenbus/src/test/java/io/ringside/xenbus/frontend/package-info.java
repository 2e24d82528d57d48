/** Holds the frontend's states against the order of the protocol. */
@NullMarked
package io.ringside.xenbus.frontend;

import org.jspecify.annotations.NullMarked;
