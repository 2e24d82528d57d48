/** What netfront and netback say to each other: the layouts and keys. */
@NullMarked
package io.ringside.xen.netfront.protocol;

import org.jspecify.annotations.NullMarked;
