/**
 * The guest's driver of an RTL8139, which believes in hardware.
 *
 * <p>Read {@link io.ringside.emulated.rtl8139.frontend.Rtl8139Driver} top to bottom: connect, send,
 * receive, tear down. {@code ReceivedFrames} walks the ring, {@code EepromReader} clocks the
 * station address out bit by bit.
 *
 * <p>Threads: the vCPU's. Rests on: {@code emulated.trap} for registers that exit, {@code
 * emulated.nic.frontend}. Facts: {@code rtl8139.json}; Realtek RTL8139C(L) data sheet.
 */
@NullMarked
package io.ringside.emulated.rtl8139.frontend;

import org.jspecify.annotations.NullMarked;
