/** Registers and bits, held against the facts of the real drivers. */
@NullMarked
package io.ringside.emulated.rtl8139.protocol;

import org.jspecify.annotations.NullMarked;
