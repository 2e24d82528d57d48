/** What is told while JMH runs. */
@NullMarked
package io.ringside.perf.jmh;

import org.jspecify.annotations.NullMarked;
