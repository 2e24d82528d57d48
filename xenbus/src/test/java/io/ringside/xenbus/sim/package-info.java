/**
 * Holds the simulated hypervisor against Xen's answers, against hostile domains, and against itself
 * on two threads.
 *
 * <p>Read {@code TestDomain} first: what each test builds on. Threads: one, unless the test's name
 * says otherwise.
 */
@NullMarked
package io.ringside.xenbus.sim;

import org.jspecify.annotations.NullMarked;
