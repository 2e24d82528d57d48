/**
 * SCSI as bytes, numbers and names: command descriptor blocks and what comes back.
 *
 * <p>Read in this order: {@link io.ringside.storvsc.protocol.scsi.ScsiOpcode}, {@link
 * io.ringside.storvsc.protocol.scsi.Cdb}, {@link io.ringside.storvsc.protocol.scsi.ScsiStatus},
 * {@link io.ringside.storvsc.protocol.scsi.SenseKey}, {@link
 * io.ringside.storvsc.protocol.scsi.AdditionalSense}, {@link
 * io.ringside.storvsc.protocol.scsi.SenseData}.
 *
 * <p>All numbers of SCSI are big-endian. Threads: a flyweight belongs to one thread; all else is
 * constant. Rests on: Agrona's buffers. Facts: the wire facts {@code scsi}, and T10's SPC-4 and
 * SBC-3 where those are silent.
 */
@NullMarked
package io.ringside.storvsc.protocol.scsi;

import org.jspecify.annotations.NullMarked;
