/** The 82540EM and its driver, together. */
@NullMarked
package io.ringside.emulated.e1000;

import org.jspecify.annotations.NullMarked;
