package io.ringside.vmbus.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.ringbuf.memory.PageView;
import io.ringside.vmbus.channel.Gpadl;
import io.ringside.vmbus.protocol.ChannelMessage.OpenChannel;
import io.ringside.vmbus.protocol.ChannelMessage.RequestOffers;
import io.ringside.vmbus.protocol.ControlRefusal;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.UserData;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Threats, row 11: a system that has no room for one mapping more costs the guest, not the host.
 */
class FullSystemTest {
    private static final int LAST_MAPPING_OF_RINGS = 4;

    @Test
    void refusesTheGuestWhenNothingCanBeMapped() {
        try (InProcessMemory memory = InProcessMemory.anonymous(ServerBench.FRAMES);
                ServerBench link = new ServerBench()) {
            for (int fails = 1; fails <= LAST_MAPPING_OF_RINGS; fails++) {
                final FullMemory full = new FullMemory(memory);
                final ServerControl control =
                        new ServerControl(
                                link,
                                full,
                                1,
                                ServerOptions.DEFAULTS,
                                new Vcpu("host", CrossingCosts.COUNTS, () -> 0));
                final HostChannel channel =
                        control.offer(ChannelOffer.of(DeviceType.SCSI, new Guid(1, 1)), () -> {});
                control.receive(ServerBench.contact(VmbusVersion.V2_4));
                control.receive(new RequestOffers());
                assertThat(control.receive(ServerBench.header(1, 5, 8, 4))).isZero();
                full.left = fails - 1;
                assertThat(control.receive(open(5)))
                        .as("mapping %d fails", fails)
                        .isEqualTo(ControlRefusal.LIMIT);
                assertThat(channel.channel()).isNull();
                final Gpadl gpadl = Objects.requireNonNull(channel.gpadl(5));
                assertThat(gpadl.isInUse()).isFalse();
                full.left = 0;
                assertThat(gpadl.map()).isNull();
                assertThat(gpadl.isInUse()).isFalse();
                full.left = Integer.MAX_VALUE;
                assertThat(control.receive(open(5))).isEqualTo(ControlRefusal.NONE);
            }
        }
    }

    private static OpenChannel open(final int handle) {
        return new OpenChannel(1, 1, handle, 0, 2, UserData.NONE);
    }

    /** Memory whose views run out. */
    private static final class FullMemory implements GuestMemory {
        private final InProcessMemory memory;
        private int left = Integer.MAX_VALUE;

        private FullMemory(final InProcessMemory memory) {
            this.memory = memory;
        }

        @Override
        public int frameCount() {
            return memory.frameCount();
        }

        @Override
        public boolean contains(final long guestAddress, final long lengthBytes) {
            return memory.contains(guestAddress, lengthBytes);
        }

        @Override
        public void wrap(final UnsafeBuffer view, final long guestAddress, final int lengthBytes) {
            memory.wrap(view, guestAddress, lengthBytes);
        }

        @Override
        public PageView map(final int... frames) {
            take();
            return memory.map(frames);
        }

        @Override
        public PageView mapMirrored(final int... frames) {
            take();
            return memory.mapMirrored(frames);
        }

        private void take() {
            if (left == 0) {
                throw new IllegalStateException("system call failed: call=mmap errno=12");
            }
            left--;
        }

        @Override
        public void close() {
            // The memory is the test's.
        }
    }
}
