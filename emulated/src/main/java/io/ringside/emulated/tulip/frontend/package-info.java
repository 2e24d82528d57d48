/**
 * The guest's driver of a DEC 21140, which believes in hardware.
 *
 * <p>Read {@link io.ringside.emulated.tulip.frontend.TulipDriver} top to bottom: connect, send,
 * receive, tear down. {@code TransmitDescriptors} and {@code ReceiveDescriptors} are the two rings
 * as the driver sees them; {@code SromReader} and {@code PhyReader} clock bits in and out of CSR9.
 *
 * <p>Threads: the vCPU's. Rests on: {@code emulated.trap} for registers that exit, {@code
 * emulated.nic.frontend}. Facts: {@code tulip.json}; DECchip 21140A Hardware Reference Manual.
 */
@NullMarked
package io.ringside.emulated.tulip.frontend;

import org.jspecify.annotations.NullMarked;
