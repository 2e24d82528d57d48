/**
 * The xenstore's wire protocol on the daemon's side, whatever carries the bytes.
 *
 * <p>Read {@link io.ringside.xenbus.sim.store.wire.StoreSession} first: one peer, its requests in,
 * replies and watch events out. Then {@link io.ringside.xenbus.store.wire.StoreMessageReader}
 * (bytes to a message), {@code StoreRequest} (a message to words), {@code NodeRequests} and {@code
 * DomainRequests} (what each asks of the store), {@code StoreOutbox} (what the peer has yet to
 * read).
 *
 * <p>What a peer can make the store hold has an end: one message that comes in, a number of
 * messages that go out, and what its quotas allow in the store. A peer that does not read is not
 * listened to; a peer that breaks the protocol loses its connection.
 *
 * <p>Threads: a session has one. Rests on {@link io.ringside.xenbus.sim.store}. Facts:
 * xen/io/xs_wire.h, and xenstore's documented protocol.
 */
@NullMarked
package io.ringside.xenbus.sim.store.wire;

import org.jspecify.annotations.NullMarked;
