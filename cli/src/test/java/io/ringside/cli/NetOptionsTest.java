package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.traffic.FrameMix;
import io.ringside.perf.scenario.NetRigs;
import io.ringside.perf.scenario.UsageException;
import io.ringside.perf.scenario.Variant;
import io.ringside.perf.workload.FrameStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a network comparison makes of its options. */
class NetOptionsTest {
    @Test
    void leavesOutCardsThatDoNotCarryTheFrames() throws UsageException {
        assertThat(devices(FrameMix.MTU_1500)).contains("ideal", "rtl8139", "e1000", "netvsc");
        assertThat(devices(FrameMix.MTU_9000))
                .contains("ideal", "netvsc+2q")
                .noneMatch(name -> name.startsWith("rtl8139") || name.startsWith("e1000"));
    }

    private static List<String> devices(final FrameMix mix) throws UsageException {
        final FrameStream stream = FrameStream.of(mix, NetRigs.WIRE_MAC, NetRigs.GUEST_MAC);
        return new NetOptions().cards(stream).stream().map(Variant::name).toList();
    }
}
