/**
 * Messages, layouts and numbers of VMBus and of the SynIC below it. Depends on buffers alone.
 *
 * <p>Read {@link io.ringside.vmbus.protocol.ChannelMessage} (every message as a record) with {@link
 * io.ringside.vmbus.protocol.MessageReader} and {@link io.ringside.vmbus.protocol.MessageWriter}
 * (their bytes), {@link io.ringside.vmbus.protocol.VmbusVersion} (which version knows what), {@link
 * io.ringside.vmbus.protocol.Offer} (what is offered), {@link
 * io.ringside.vmbus.protocol.ControlRefusal} (why a message is refused). Then what carries them:
 * {@link io.ringside.vmbus.protocol.PostMessageInput} and {@link
 * io.ringside.vmbus.protocol.SignalEventInput} (hypercalls), {@link
 * io.ringside.vmbus.protocol.SynicMessage} and {@link io.ringside.vmbus.protocol.EventFlags} (pages
 * that the hypervisor writes), {@link io.ringside.vmbus.protocol.MonitorPage}.
 *
 * <p>Threads: records are immutable; {@code SynicMessage}, {@code EventFlags} and {@code
 * MonitorPage} lie over memory that others write, in the memory order that the last word of each
 * accessor tells. The host must be little-endian. Facts: linux/hyperv.h, asm-generic/hyperv-tlfs.h,
 * and for protocol 6.0 the definitions of OpenVMM, as recorded in the wire facts {@code hv-vmbus}.
 */
@NullMarked
package io.ringside.vmbus.protocol;

import org.jspecify.annotations.NullMarked;
