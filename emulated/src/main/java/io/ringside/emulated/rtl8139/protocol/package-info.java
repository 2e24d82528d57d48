/**
 * What an RTL8139 and its driver agree on: registers, their bits, the layout of the receive ring.
 *
 * <p>Read {@link io.ringside.emulated.rtl8139.protocol.Rtl8139Registers} first, then {@link
 * io.ringside.emulated.rtl8139.protocol.Rtl8139Bits} and {@link
 * io.ringside.emulated.rtl8139.protocol.EepromPins}.
 *
 * <p>Threads: constants only. Rests on: nothing. Facts: the register names and values of {@code
 * 8139too.c}, read as facts; Realtek RTL8139C(L) data sheet; 93C46 data sheet for the EEPROM.
 */
@NullMarked
package io.ringside.emulated.rtl8139.protocol;

import org.jspecify.annotations.NullMarked;
