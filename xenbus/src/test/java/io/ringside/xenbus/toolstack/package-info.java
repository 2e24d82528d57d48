/** Holds the toolstack against the keys, the order and the permissions that xl writes. */
@NullMarked
package io.ringside.xenbus.toolstack;

import org.jspecify.annotations.NullMarked;
