/** What can be asked for and what it runs on: sizes, images, copies, refusals. */
@NullMarked
package io.ringside.perf.scenario;

import org.jspecify.annotations.NullMarked;
