/**
 * The device model: an 82540EM.
 *
 * <p>Read {@link io.ringside.emulated.e1000.backend.E1000} first: what each register does. Then
 * {@code TransmitRing} (descriptors become frames), {@code Offloads} (checksums and cutting),
 * {@code ReceiveRing}, {@code AddressFilter}, {@code Causes} (interrupts and their moderation).
 *
 * <pre>
 *   guest  --write tail--&gt;  TransmitRing  --&gt;  Offloads  --&gt;  port.send
 *   guest memory  &lt;--  ReceiveRing  &lt;--  AddressFilter  &lt;--  WireFrames  &lt;--  port.take
 * </pre>
 *
 * <p>Threads: the vCPU's. Rests on: {@code emulated.trap}, {@code emulated.nic.backend}, {@code
 * device.host}. Facts: {@code e1000.json}; Intel Software Developer's Manual.
 */
@NullMarked
package io.ringside.emulated.e1000.backend;

import org.jspecify.annotations.NullMarked;
