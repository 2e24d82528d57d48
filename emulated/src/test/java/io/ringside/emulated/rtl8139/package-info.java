/** The RTL8139 and its driver, together. */
@NullMarked
package io.ringside.emulated.rtl8139;

import org.jspecify.annotations.NullMarked;
