/** Tests of the modelled clock. */
@NullMarked
package io.ringside.perf.model;

import org.jspecify.annotations.NullMarked;
