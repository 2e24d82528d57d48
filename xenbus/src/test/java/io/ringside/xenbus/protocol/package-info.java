/** Holds layouts, numbers and names against what a compiler read off the real headers. */
@NullMarked
package io.ringside.xenbus.protocol;

import org.jspecify.annotations.NullMarked;
