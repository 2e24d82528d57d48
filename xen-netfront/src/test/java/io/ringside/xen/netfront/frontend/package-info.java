/** Parts of the guest's half, one by one. */
@NullMarked
package io.ringside.xen.netfront.frontend;

import org.jspecify.annotations.NullMarked;
