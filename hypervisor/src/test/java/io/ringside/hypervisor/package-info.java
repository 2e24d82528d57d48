/** Tests of what a guest stands on: crossings, frames, trace. */
@NullMarked
package io.ringside.hypervisor;

import org.jspecify.annotations.NullMarked;
