package io.ringside.emulated.rtl8139;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetFrame;
import io.ringside.emulated.nic.NicContract;
import io.ringside.emulated.nic.NicMachine;
import org.junit.jupiter.api.Test;

class Rtl8139Test extends NicContract {
    @Override
    protected NicMachine.Kind kind() {
        return new Rtl8139Kind();
    }

    @Test
    void takesNoOffloads() {
        try (NicMachine machine = looped()) {
            final NetFrame blank = machine.frame(frameTo(NicMachine.STATION, 100, 1));
            blank.metadata().checksumBlank(34, 16);
            assertThatThrownBy(() -> machine.device().submit(0, blank))
                    .isInstanceOf(IllegalArgumentException.class);
            final NetFrame uncut = machine.frame(frameTo(NicMachine.STATION, 100, 1));
            uncut.metadata().segmentInto(SegmentationType.TCP_IPV4, 100);
            assertThatThrownBy(() -> machine.device().submit(0, uncut))
                    .isInstanceOf(IllegalArgumentException.class);
            final NetFrame tagged = machine.frame(frameTo(NicMachine.STATION, 100, 1));
            tagged.metadata().vlanTag(1);
            assertThatThrownBy(() -> machine.device().submit(0, tagged))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
