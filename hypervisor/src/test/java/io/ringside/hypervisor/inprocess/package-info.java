/** Tests of the in-process transport: its memory, and the contract of its doorbells. */
@NullMarked
package io.ringside.hypervisor.inprocess;

import org.jspecify.annotations.NullMarked;
