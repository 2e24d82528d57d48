/** The 21140 and its driver, together. */
@NullMarked
package io.ringside.emulated.tulip;

import org.jspecify.annotations.NullMarked;
