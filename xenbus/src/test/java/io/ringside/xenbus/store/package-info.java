/** The contract of a xenstore, in two parts: extended by the test of every implementation. */
@NullMarked
package io.ringside.xenbus.store;

import org.jspecify.annotations.NullMarked;
