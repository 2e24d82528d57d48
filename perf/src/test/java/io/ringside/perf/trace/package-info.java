/** What is told of a connection, held against a recording and against the wire facts. */
@NullMarked
package io.ringside.perf.trace;

import org.jspecify.annotations.NullMarked;
