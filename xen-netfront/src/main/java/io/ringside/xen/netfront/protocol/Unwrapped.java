package io.ringside.xen.netfront.protocol;

import org.agrona.concurrent.UnsafeBuffer;

/** What a flyweight lies over before it lies over anything: no bytes at all. */
final class Unwrapped {
    static final UnsafeBuffer BUFFER = new UnsafeBuffer(0, 0);

    private Unwrapped() {}
}
