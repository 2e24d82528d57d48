/**
 * The device model: an RTL8139C in C mode, without its C+ descriptor rings.
 *
 * <p>Read {@link io.ringside.emulated.rtl8139.backend.Rtl8139} first: what each register does. Then
 * {@code TransmitSlots}, {@code ReceiveRing}, {@code StationFilter} and {@code EepromRegister}.
 *
 * <pre>
 *   guest  --outl status--&gt;  TransmitSlots  --&gt;  port.send      in the exit
 *   guest memory  &lt;--  ReceiveRing  &lt;--  StationFilter  &lt;--  WireFrames  &lt;--  port.take
 * </pre>
 *
 * <p>Threads: the vCPU's. Rests on: {@code emulated.trap}, {@code emulated.nic.backend}, {@code
 * device.host}. Facts: {@code rtl8139.json}; Realtek RTL8139C(L) data sheet.
 */
@NullMarked
package io.ringside.emulated.rtl8139.backend;

import org.jspecify.annotations.NullMarked;
