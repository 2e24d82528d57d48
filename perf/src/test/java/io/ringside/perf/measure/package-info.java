/** Whole runs: both halves on threads of their own, over the real rings. */
@NullMarked
package io.ringside.perf.measure;

import org.jspecify.annotations.NullMarked;
