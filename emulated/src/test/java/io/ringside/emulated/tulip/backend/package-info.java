/** The model, poked by hand and by a hostile guest. */
@NullMarked
package io.ringside.emulated.tulip.backend;

import org.jspecify.annotations.NullMarked;
