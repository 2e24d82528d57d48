/** A machine with one network card, and what every card and its driver must do together. */
@NullMarked
package io.ringside.emulated.nic;

import org.jspecify.annotations.NullMarked;
