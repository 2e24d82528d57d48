/**
 * What every driver of an emulated network card needs: frames that wait to be sent, and memory for
 * frames that have arrived.
 *
 * <p>Threads: the vCPU's. Rests on: {@code device.guest}, {@code hypervisor}. Facts: none of its
 * own.
 */
@NullMarked
package io.ringside.emulated.nic.frontend;

import org.jspecify.annotations.NullMarked;
