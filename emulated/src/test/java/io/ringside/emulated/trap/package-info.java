/** Tests of the ports and of the interrupt controllers. */
@NullMarked
package io.ringside.emulated.trap;

import org.jspecify.annotations.NullMarked;
