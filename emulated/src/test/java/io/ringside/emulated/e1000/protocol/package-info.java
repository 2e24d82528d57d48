/** Registers, bits and descriptors, held against the facts of the real driver. */
@NullMarked
package io.ringside.emulated.e1000.protocol;

import org.jspecify.annotations.NullMarked;
