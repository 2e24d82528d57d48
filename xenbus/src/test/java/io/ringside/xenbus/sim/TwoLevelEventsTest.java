package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xenbus.event.EventChannelControl;
import io.ringside.xenbus.protocol.SharedInfo;
import io.ringside.xenbus.protocol.XenErrno;
import org.junit.jupiter.api.Test;

class TwoLevelEventsTest extends EventOperationsContract {
    @Override
    void choose(final EventChannelControl channels) {
        assertThat(channels.setPriority(1, 1)).isEqualTo(-XenErrno.ENOSYS);
    }

    @Override
    int portLimit() {
        return SharedInfo.PORTS;
    }

    @Test
    void setsTheBitsOfTheSharedPage() {
        int port = 0;
        for (int i = 0; i < 70; i++) {
            port = frontChannels.allocUnbound(7);
        }
        final int bound = backChannels.bindInterdomain(3, port);
        frontChannels.handler(port, () -> log.add("front"));
        backChannels.send(bound);
        final var page = front.page(front.domain().sharedInfoFrame());
        assertThat(page.getByte(0)).as("upcall").isEqualTo((byte) 1);
        assertThat(page.getLong(8)).as("selector").isEqualTo(1L << (port / 64));
        assertThat(page.getLong(2048 + 8)).as("pending").isEqualTo(1L << (port % 64));
        assertThat(page.getLong(2560 + 8)).as("mask").isEqualTo(~(1L << (port % 64)));
        frontChannels.dispatch();
        assertThat(page.getByte(0)).isZero();
        assertThat(page.getLong(8)).isZero();
        assertThat(page.getLong(2048 + 8)).isZero();
    }

    @Test
    void refusesMoreWordsWithoutAControlBlock() {
        assertThat(frontChannels.expandArray(front.frames().allocate()))
                .isEqualTo(-XenErrno.EOPNOTSUPP);
    }
}
