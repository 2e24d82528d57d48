package io.ringside.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.ringbuf.vmbus.RingStatus;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.ClientOptions;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.OpenRequest;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.host.HostChannel;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.UserData;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Both ends on threads of their own, each of which looks at a ring only after it was signalled: a
 * signal that is lost would stop them for good.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@SuppressWarnings("ThreadPriorityCheck") // Three threads on two cores have to give way.
class TwoThreadTest {
    private static final int REQUESTS = 20_000;
    private static final int IN_FLIGHT = 16;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean done;

    @Test
    void losesNoSignalByHypercall() throws InterruptedException {
        run(VmbusVersion.NEWEST, 0, ChannelOffer.NO_MONITOR);
    }

    @Test
    void losesNoSignalByMonitorPage() throws InterruptedException {
        run(VmbusVersion.V4_1, 0, 0);
    }

    @Test
    void losesNoSignalByTheSharedConnection() throws InterruptedException {
        run(VmbusVersion.V0_13, 0, ChannelOffer.NO_MONITOR);
    }

    @Test
    void losesNoSignalForASecondProcessor() throws InterruptedException {
        run(VmbusVersion.NEWEST, 1, ChannelOffer.NO_MONITOR);
    }

    private void run(final int version, final int processor, final int latency)
            throws InterruptedException {
        try (TestBus bus =
                new TestBus(
                        2, ServerOptions.DEFAULTS.withNewest(version), ClientOptions.DEFAULTS)) {
            final ChannelOffer offer = ChannelOffer.of(DeviceType.SCSI, TestBus.instance(1));
            final HostChannel host =
                    bus.offer(
                            latency == ChannelOffer.NO_MONITOR ? offer : offer.monitored(latency));
            bus.connect();
            final GuestChannel guest = bus.guest(host);
            guest.open(new OpenRequest(3, 3, processor, UserData.NONE));
            bus.settle();
            final long declined = bus.server.refusals().total(); // versions, on the way
            final List<Thread> threads = new ArrayList<>();
            final GuestHalf half = new GuestHalf(Objects.requireNonNull(guest.channel()));
            guest.handler(half);
            threads.add(thread("host", () -> serve(bus, host)));
            threads.add(thread("guest", () -> request(bus, processor, half)));
            if (processor != 0) {
                threads.add(thread("control", () -> control(bus)));
            }
            for (final Thread thread : threads) {
                thread.start();
            }
            for (final Thread thread : threads) {
                thread.join();
            }
            assertThat(failure.get()).isNull();
            assertThat(half.answered).isEqualTo(REQUESTS);
            assertThat(bus.client.refusals().total()).isZero();
            assertThat(bus.server.refusals().total()).isEqualTo(declined);
        }
    }

    /** Processor 0, while another one runs the half. */
    private void control(final TestBus bus) {
        while (!done) {
            bus.client.doWork();
            Thread.yield();
        }
    }

    private void request(final TestBus bus, final int processor, final GuestHalf half) {
        half.fill();
        while (half.answered < REQUESTS && !done) {
            final int work = processor == 0 ? bus.client.doWork() : bus.client.dispatch(processor);
            if (work == 0) {
                Thread.yield();
            }
        }
        done = true;
    }

    private void serve(final TestBus bus, final HostChannel host) {
        final Channel channel = Objects.requireNonNull(host.channel());
        final UnsafeBuffer answer = new UnsafeBuffer(new byte[24]);
        while (!done) {
            bus.server.doWork();
            bus.poller.doWork();
            if (host.takeSignal()) {
                do {
                    channel.incoming().mask();
                    while (channel.incoming().nextCopied() == RingStatus.OK) {
                        final long id = channel.incoming().transactionId();
                        answer.putLong(0, id);
                        check(
                                channel.outgoing()
                                        .write(PacketType.COMPLETION, 0, id, answer, 0, 24));
                    }
                    channel.commitRead();
                    channel.commit();
                } while (channel.incoming().unmask());
            } else {
                Thread.yield();
            }
        }
    }

    private static void check(final int status) {
        if (status != RingStatus.OK) {
            throw new IllegalStateException("ring: status=" + RingStatus.name(status));
        }
    }

    private Thread thread(final String name, final Runnable task) {
        final Runnable guarded =
                () -> {
                    try {
                        task.run();
                    } catch (final RuntimeException | AssertionError e) {
                        failure.compareAndSet(null, e);
                        done = true;
                    }
                };
        final Thread thread = new Thread(guarded, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Keeps sixteen requests in flight, and checks the answers. */
    private static final class GuestHalf implements Runnable {
        private final Channel channel;
        private final UnsafeBuffer payload = new UnsafeBuffer(new byte[40]);
        private long sent;
        private long answered;

        private GuestHalf(final Channel channel) {
            this.channel = channel;
        }

        @Override
        public void run() {
            do {
                channel.incoming().mask();
                while (channel.incoming().nextCopied() == RingStatus.OK) {
                    if (channel.incoming().transactionId() != answered) {
                        throw new IllegalStateException(
                                "out of order: id=" + channel.incoming().transactionId());
                    }
                    answered++;
                }
                channel.commitRead();
                fill();
            } while (channel.incoming().unmask());
        }

        private void fill() {
            while (sent < REQUESTS && sent - answered < IN_FLIGHT) {
                check(channel.outgoing().write(PacketType.IN_BAND, 1, sent, payload, 0, 40));
                sent++;
            }
            channel.commit();
        }
    }
}
