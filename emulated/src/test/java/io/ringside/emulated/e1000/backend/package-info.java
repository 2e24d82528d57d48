/** The model, poked by hand and by a hostile guest. */
@NullMarked
package io.ringside.emulated.e1000.backend;

import org.jspecify.annotations.NullMarked;
