/** Tests of the disk model, by a guest that pokes its registers. */
@NullMarked
package io.ringside.emulated.ide.backend;

import org.jspecify.annotations.NullMarked;
