/** Every form of a report, held against a result of known figures. */
@NullMarked
package io.ringside.perf.report;

import org.jspecify.annotations.NullMarked;
