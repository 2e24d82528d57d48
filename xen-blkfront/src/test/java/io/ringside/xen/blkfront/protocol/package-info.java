/** Holds the block protocol against the facts of the real headers. */
@NullMarked
package io.ringside.xen.blkfront.protocol;

import org.jspecify.annotations.NullMarked;
