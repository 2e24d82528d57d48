/** Holds the backend's states against the order of the protocol. */
@NullMarked
package io.ringside.xenbus.backend;

import org.jspecify.annotations.NullMarked;
