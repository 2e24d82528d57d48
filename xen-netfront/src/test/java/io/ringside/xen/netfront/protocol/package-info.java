/** Holds the network protocol against the facts of the real headers. */
@NullMarked
package io.ringside.xen.netfront.protocol;

import org.jspecify.annotations.NullMarked;
