/** The model, poked by hand and by a hostile guest. */
@NullMarked
package io.ringside.emulated.rtl8139.backend;

import org.jspecify.annotations.NullMarked;
