/** Registers, bits and layouts, held against the facts of the real driver. */
@NullMarked
package io.ringside.emulated.tulip.protocol;

import org.jspecify.annotations.NullMarked;
