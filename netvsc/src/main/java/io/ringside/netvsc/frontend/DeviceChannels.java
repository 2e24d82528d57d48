package io.ringside.netvsc.frontend;

import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.GuestChannelState;
import io.ringside.vmbus.guest.OpenRequest;
import io.ringside.vmbus.protocol.UserData;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one device: the first, and those that the host offers besides, each of which
 * interrupts the next processor. The number of a channel is what the host calls it.
 *
 * <p>Threads: one, the device's.
 */
final class DeviceChannels {
    /** Nothing happened. */
    static final int NOTHING = 0;

    /** A channel is being opened, or more of them are open now. */
    static final int BUSY = 1;

    /** The first channel is open. */
    static final int OPENED = 2;

    /** The host took a channel away. */
    static final int GONE = 3;

    /** A ring is of no more use. */
    static final int BROKEN = 4;

    private final GuestChannel first;
    private final Device device;
    private final NetvscOptions options;
    private final ArrayList<NetvscQueue> queues = new ArrayList<>();
    private final ArrayList<GuestChannel> leaving = new ArrayList<>();

    DeviceChannels(final GuestChannel first, final Device device, final NetvscOptions options) {
        this.first = first;
        this.device = device;
        this.options = options;
    }

    GuestChannel first() {
        return first;
    }

    /** How many are open, one after the other from the first on. */
    int count() {
        return queues.size();
    }

    NetvscQueue queue(final int number) {
        return queues.get(number);
    }

    /**
     * Looks what became of the channels, and opens those that are offered.
     *
     * @param isWaiting whether the first is still to be opened
     * @param wanted how many others the host agreed to give, while they are to be opened
     * @return what happened
     */
    int follow(final boolean isWaiting, final int wanted) {
        if (first.isRescinded() || first.isReleased()) {
            return GONE;
        }
        if (isWaiting) {
            return openFirst();
        }
        for (int i = 0; i < queues.size(); i++) {
            final NetvscQueue queue = queues.get(i);
            if (!queue.isOpen()) {
                return GONE;
            }
            if (queue.isBroken()) {
                return BROKEN;
            }
        }
        return queues.size() <= wanted ? openOthers(wanted) : NOTHING;
    }

    private int openFirst() {
        final Channel rings = first.channel();
        if (rings != null) {
            queues.add(device.queue(0, first, rings));
            return OPENED;
        }
        if (first.isClosed()) {
            if (first.lastStatus() != 0) {
                return GONE;
            }
            first.open(openRequest(0));
            return BUSY;
        }
        return NOTHING;
    }

    private OpenRequest openRequest(final int number) {
        return new OpenRequest(
                options.ringPages(),
                options.ringPages(),
                number % options.processors(),
                UserData.NONE);
    }

    private int openOthers(final int wanted) {
        int happened = NOTHING;
        final List<GuestChannel> offered = first.subChannels();
        for (int i = 0; i < offered.size(); i++) {
            final GuestChannel channel = offered.get(i);
            final int number = channel.offer().subChannelIndex();
            if (number <= wanted && channel.isClosed() && channel.lastStatus() == 0) {
                channel.open(openRequest(number));
                happened = BUSY;
            }
        }
        @Nullable GuestChannel next = find(offered, queues.size());
        while (next != null && queues.size() <= wanted) {
            final Channel rings = next.channel();
            if (rings == null) {
                break;
            }
            queues.add(device.queue(queues.size(), next, rings));
            happened = BUSY;
            next = find(offered, queues.size());
        }
        return happened;
    }

    private static @Nullable GuestChannel find(final List<GuestChannel> offered, final int number) {
        for (int i = 0; i < offered.size(); i++) {
            if (offered.get(i).offer().subChannelIndex() == number) {
                return offered.get(i);
            }
        }
        return null;
    }

    /**
     * Whether no more channels can be hoped for: so many others are open, or the host did not open
     * the next.
     */
    boolean isComplete(final int granted) {
        if (queues.size() > granted) {
            return true;
        }
        final GuestChannel next = find(first.subChannels(), queues.size());
        return next != null && next.isClosed() && next.lastStatus() != 0;
    }

    void commit() {
        for (int i = 0; i < queues.size(); i++) {
            queues.get(i).commit();
        }
    }

    /** Works on all channels, a bounded part. */
    int work() {
        int count = 0;
        for (int i = 0; i < queues.size() && device.isOpen(); i++) {
            count += queues.get(i).work();
        }
        return count;
    }

    /** Lets all go, the first one last; {@link #finish} sees to what the host does then. */
    void close() {
        final List<GuestChannel> others = first.subChannels();
        for (int i = others.size() - 1; i >= 0; i--) {
            leaving.add(others.get(i));
        }
        for (int i = 1; i < queues.size(); i++) {
            if (!leaving.contains(queues.get(i).guest())) {
                leaving.add(queues.get(i).guest());
            }
        }
        leaving.add(first);
        for (int i = 0; i < leaving.size(); i++) {
            final GuestChannel channel = leaving.get(i);
            final boolean isOpenOrSoon =
                    channel.state() instanceof GuestChannelState.Open
                            || channel.state() instanceof GuestChannelState.Opening
                            || channel.state() instanceof GuestChannelState.Sharing;
            if (isOpenOrSoon) {
                channel.close();
            }
        }
    }

    /** Releases what the host has taken away meanwhile, and returns how much that was. */
    int finish() {
        int count = 0;
        for (int i = leaving.size() - 1; i >= 0; i--) {
            if (leaving.get(i).isRescinded()) {
                leaving.get(i).release();
                leaving.remove(i);
                count++;
            }
        }
        return count;
    }

    /** Whether the host has let go of all rings. */
    boolean isFinished() {
        for (int i = 0; i < leaving.size(); i++) {
            if (!leaving.get(i).isClosed() && !leaving.get(i).isReleased()) {
                return false;
            }
        }
        return true;
    }
}
