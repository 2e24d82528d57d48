/** What a profile may say, what it must not, and what is made of it. */
@NullMarked
package io.ringside.perf.costs;

import org.jspecify.annotations.NullMarked;
