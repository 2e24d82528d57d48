/**
 * A Xen in this process: the hypervisor's side of grants and event channels, and a xenstore.
 *
 * <p>Read {@link io.ringside.xenbus.sim.SimulatedXen} and {@link io.ringside.xenbus.sim.Domain}
 * first; then {@link io.ringside.xenbus.sim.DomainGrantTable} (the lender), {@code ActiveGrants}
 * (what the hypervisor remembers) and {@link io.ringside.xenbus.sim.DomainGrantMapper} (the
 * borrower), with {@link io.ringside.xenbus.sim.DomainGrantCopier}; then {@link
 * io.ringside.xenbus.sim.DomainEventChannels} over {@code DomainPorts}, with {@code TwoLevelEvents}
 * or {@code FifoEvents}. Whoever brings structs of its own calls by {@link
 * io.ringside.xenbus.sim.Hypercalls}. {@link io.ringside.xenbus.sim.ResourceCount} is for the tests
 * of drivers: it finds leaks. The xenstore has a room of its own, {@link
 * io.ringside.xenbus.sim.store}.
 *
 * <pre>
 *   domain A: GrantTable --writes--&gt; table in A's frames &lt;--exchanges-- ActiveGrants(A)
 *                                                                            ^
 *   domain B: GrantMapper --pins, under the lock of ActiveGrants(A)----------+
 *
 *   domain A: send --sets bits--&gt; page that B shares &lt;--clears bits-- B: dispatch
 * </pre>
 *
 * <p>Threads: each domain on its own. Shared words change by atomic exchange; binding, mapping and
 * the store lock briefly; dispatching never does, and sending only where a FIFO queue is joined.
 * Rests on: {@code hypervisor} for memory, doorbells and counts. Facts: xen/grant_table.h,
 * xen/event_channel.h, and what Xen 4.17 answers.
 */
@NullMarked
package io.ringside.xenbus.sim;

import org.jspecify.annotations.NullMarked;
