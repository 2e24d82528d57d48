/** Holds the quarantine against peers that keep pages. */
@NullMarked
package io.ringside.xenbus.grant;

import org.jspecify.annotations.NullMarked;
