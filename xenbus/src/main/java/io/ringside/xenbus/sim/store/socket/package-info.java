/**
 * The xenstore on a Unix socket, as the tools of domain 0 reach it.
 *
 * <p>Read {@link io.ringside.xenbus.sim.store.socket.StoreSocketServer}, then {@code SocketPeer}
 * (one connection) and {@code SocketFile} (the name in the file system).
 *
 * <p>Threads: one, whoever runs the agent. Rests on {@link io.ringside.xenbus.sim.store.wire} for
 * the protocol. Facts: xen/io/xs_wire.h; unix(7) for the length of a path.
 */
@NullMarked
package io.ringside.xenbus.sim.store.socket;

import org.jspecify.annotations.NullMarked;
