/** The host's half: netback. */
@NullMarked
package io.ringside.xen.netfront.backend;

import org.jspecify.annotations.NullMarked;
