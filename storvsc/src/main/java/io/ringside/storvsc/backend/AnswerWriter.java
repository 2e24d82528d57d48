package io.ringside.storvsc.backend;

import io.ringside.storvsc.backend.scsi.ScsiTask;
import io.ringside.storvsc.protocol.NtStatus;
import io.ringside.storvsc.protocol.ScsiRequest;
import io.ringside.storvsc.protocol.SrbFlags;
import io.ringside.storvsc.protocol.SrbStatus;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import io.ringside.storvsc.protocol.scsi.SenseData;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes the answer of a command that has ended out of the request that it came with. */
final class AnswerWriter {
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[VstorPacket.BYTES]);
    private final UnsafeBuffer sense = new UnsafeBuffer(new byte[SenseData.FIXED_BYTES]);
    private final VstorPacket packet = new VstorPacket();
    private final ScsiRequest request = new ScsiRequest();

    /** The answer, until the next. */
    UnsafeBuffer write(final ScsiTask task, final int answerBytes, final int mostSenseBytes) {
        answer.putBytes(0, task.carried(), 0, VstorPacket.BYTES);
        packet.wrap(answer, 0, answerBytes)
                .putHeader(VstorOperation.COMPLETE_IO, 0, NtStatus.SUCCESS);
        packet.request(request);
        int senseBytes = 0;
        if (task.status() == ScsiStatus.CHECK_CONDITION
                && (request.flags() & SrbFlags.DISABLE_AUTOSENSE) == 0) {
            senseBytes =
                    Math.min(
                            task.sense().putFixed(sense, 0),
                            Math.min(mostSenseBytes, request.senseLength()));
        }
        request.putAnswer(
                srbStatus(task) | (senseBytes > 0 ? SrbStatus.AUTOSENSE_VALID : 0),
                task.status(),
                senseBytes,
                task.transferredBytes());
        request.putSense(sense, senseBytes);
        return answer;
    }

    private static int srbStatus(final ScsiTask task) {
        if (task.isAborted()) {
            return SrbStatus.ABORTED;
        }
        if (task.isMalformed()) {
            return SrbStatus.INVALID_REQUEST;
        }
        if (task.isOverrun()) {
            return SrbStatus.DATA_OVERRUN;
        }
        return task.status() == ScsiStatus.GOOD || task.status() == ScsiStatus.CONDITION_MET
                ? SrbStatus.SUCCESS
                : SrbStatus.ERROR;
    }
}
