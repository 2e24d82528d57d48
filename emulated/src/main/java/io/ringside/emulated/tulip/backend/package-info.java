/**
 * The model of a DEC 21140.
 *
 * <p>Read {@link io.ringside.emulated.tulip.backend.Tulip} first: the registers. {@code
 * TransmitProcess} and {@code ReceiveProcess} each walk a {@code DescriptorList}; {@code
 * StatusRegister} holds what they have to tell, and the interrupt line. {@code AddressFilter} is
 * what a setup frame loads, {@code SerialRegister} the wires to the serial ROM and, through {@code
 * PhyWire}, to the PHY, and {@code GeneralTimer} the one timer.
 *
 * <pre>
 *   CSR1, CSR6 -> TransmitProcess -> port         port -> WireFrames -> ReceiveProcess
 *                        |                                                   |
 *                        +-------- StatusRegister (CSR5, CSR7) ---------------+
 * </pre>
 *
 * <p>Threads: the vCPU's. Rests on: {@code emulated.trap}, {@code emulated.nic.backend}, {@code
 * device.host}. Facts: {@code tulip.json}; DECchip 21140A Hardware Reference Manual.
 */
@NullMarked
package io.ringside.emulated.tulip.backend;

import org.jspecify.annotations.NullMarked;
