/**
 * The guest's driver of an 82540EM, which believes in hardware.
 *
 * <p>Read {@link io.ringside.emulated.e1000.frontend.E1000Driver} top to bottom: connect, send,
 * receive, tear down. {@code TransmitDescriptors} and {@code ReceiveDescriptors} are the two rings
 * as the driver sees them.
 *
 * <p>Threads: the vCPU's. Rests on: {@code emulated.trap} for registers that exit, {@code
 * emulated.nic.frontend}. Facts: {@code e1000.json}; Intel Software Developer's Manual.
 */
@NullMarked
package io.ringside.emulated.e1000.frontend;

import org.jspecify.annotations.NullMarked;
