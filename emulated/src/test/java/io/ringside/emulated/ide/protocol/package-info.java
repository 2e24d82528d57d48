/** Layouts, constants and encodings, held against the facts of the real headers. */
@NullMarked
package io.ringside.emulated.ide.protocol;

import org.jspecify.annotations.NullMarked;
