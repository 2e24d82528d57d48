/** The guest's half: netfront. */
@NullMarked
package io.ringside.xen.netfront.frontend;

import org.jspecify.annotations.NullMarked;
