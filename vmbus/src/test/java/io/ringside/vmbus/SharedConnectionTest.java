package io.ringside.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.OpenRequest;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.host.HostChannel;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.UserData;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** All channels of the oldest versions share one event flag, and mark themselves in a page. */
class SharedConnectionTest {
    @Test
    void hearsAChannelThatIsMarkedWhileThePageIsLookedThrough() {
        try (TestBus bus =
                new TestBus(
                        1,
                        ServerOptions.DEFAULTS.withNewest(VmbusVersion.V0_13),
                        ClientOptions.DEFAULTS)) {
            final HostChannel host =
                    bus.offer(ChannelOffer.of(DeviceType.SCSI, TestBus.instance(1)));
            bus.connect();
            final GuestChannel guest = bus.guest(host);
            guest.open(new OpenRequest(3, 3, 0, UserData.NONE));
            bus.settle();
            final int[] heard = {0};
            guest.handler(() -> {
                if (++heard[0] == 1) {
                    Objects.requireNonNull(host.channel()).signal();
                }
            });
            Objects.requireNonNull(host.channel()).signal();
            bus.settle();
            assertThat(heard[0]).isEqualTo(2);
        }
    }
}
