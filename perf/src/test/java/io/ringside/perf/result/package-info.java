/** Tests of the results' form. */
@NullMarked
package io.ringside.perf.result;

import org.jspecify.annotations.NullMarked;
