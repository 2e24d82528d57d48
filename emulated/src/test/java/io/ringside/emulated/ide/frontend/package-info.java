/** Tests of the driver, over the model and over hardware that misbehaves. */
@NullMarked
package io.ringside.emulated.ide.frontend;

import org.jspecify.annotations.NullMarked;
