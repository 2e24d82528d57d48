/**
 * Tests of the networks.
 *
 * <p>Read {@code PacketPortContract} first: what holds for every port.
 *
 * <p>Threads: the test's. Rests on: {@code testkit}.
 */
@NullMarked
package io.ringside.device.net;

import org.jspecify.annotations.NullMarked;
