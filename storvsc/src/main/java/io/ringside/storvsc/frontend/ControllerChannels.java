package io.ringside.storvsc.frontend;

import io.ringside.storvsc.protocol.ControllerKind;
import io.ringside.storvsc.protocol.VstorVersion;
import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.guest.GuestChannel;
import io.ringside.vmbus.guest.GuestChannelState;
import io.ringside.vmbus.guest.OpenRequest;
import io.ringside.vmbus.protocol.UserData;
import java.util.ArrayList;

/**
 * The channels of one controller: the first, and those that the host offers besides, each of which
 * interrupts the next processor.
 *
 * <p>Threads: one, the controller's.
 */
final class ControllerChannels {
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

    /** The host would not open the first channel. */
    static final int REFUSED = 5;

    private final GuestChannel first;
    private final ControllerKind kind;
    private final Storvsc controller;
    private final StorvscOptions options;
    private final ArrayList<StorvscQueue> queues = new ArrayList<>();
    private final ArrayList<GuestChannel> leaving = new ArrayList<>();
    private final ArrayList<GuestChannel> offered = new ArrayList<>();
    private int offersSeen;
    private int next;
    private boolean asked;

    ControllerChannels(
            final GuestChannel first, final Storvsc controller, final StorvscOptions options) {
        this.first = first;
        final ControllerKind known = ControllerKind.of(first.offer().deviceType());
        if (known == null) {
            throw new IllegalArgumentException("not a storage controller: " + first.offer());
        }
        this.kind = known;
        this.controller = controller;
        this.options = options;
    }

    /** Which class of device they are of. */
    ControllerKind kind() {
        return kind;
    }

    /** The number of the controller's first target. */
    int firstTarget() {
        return kind.firstTarget(first.offer().instance());
    }

    /** How many are open. */
    int count() {
        return queues.size();
    }

    /**
     * Looks what became of the channels, and opens those that are offered.
     *
     * @param isWaiting whether the first is still to be opened
     * @param wanted how many others the host agreed to give
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
            final StorvscQueue queue = queues.get(i);
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
            queues.add(new StorvscQueue(first, rings, controller, 0));
            return OPENED;
        }
        if (!first.isClosed()) {
            return NOTHING;
        }
        if (asked) {
            return REFUSED;
        }
        asked = true;
        first.open(openRequest(0));
        return BUSY;
    }

    private OpenRequest openRequest(final int processor) {
        return new OpenRequest(options.ringPages(), options.ringPages(), processor, UserData.NONE);
    }

    private int openOthers(final int wanted) {
        int happened = NOTHING;
        if (offersSeen != first.offersSeen()) {
            offersSeen = first.offersSeen();
            offered.clear();
            offered.addAll(first.subChannels());
        }
        for (int i = 0; i < offered.size() && queues.size() <= wanted; i++) {
            final GuestChannel channel = offered.get(i);
            final Channel rings = channel.channel();
            if (rings != null && !hasQueue(channel)) {
                queues.add(new StorvscQueue(channel, rings, controller, queues.size()));
                happened = BUSY;
            } else if (channel.isClosed() && channel.lastStatus() == 0) {
                channel.open(openRequest((i + 1) % options.processors()));
                happened = BUSY;
            }
        }
        return happened;
    }

    private boolean hasQueue(final GuestChannel channel) {
        for (int i = 0; i < queues.size(); i++) {
            if (queues.get(i).guest() == channel) {
                return true;
            }
        }
        return false;
    }

    /** Stages a command by the channels in turn, a message by the first; false without room. */
    boolean stage(final PendingRequest pending, final long id, final VstorVersion version) {
        final boolean isMessage = pending.operation != 0;
        final int queue = isMessage || next >= queues.size() ? 0 : next;
        next = queue + 1;
        pending.queue = queue;
        return queues.get(queue).stage(pending, id, version);
    }

    void commit() {
        for (int i = 0; i < queues.size(); i++) {
            queues.get(i).commit();
        }
    }

    /** Takes answers off all channels, a bounded number. */
    int complete(final VstorVersion version) {
        int count = 0;
        for (int i = 0; i < queues.size(); i++) {
            count += queues.get(i).complete(version);
        }
        return count;
    }

    /**
     * Lets all go, the first one last, whether they are open or only asked for; {@link #finish}
     * sees to what the host does then.
     */
    void close() {
        leaving.addAll(first.subChannels());
        leaving.add(first);
        queues.clear();
        for (int i = 0; i < leaving.size(); i++) {
            final GuestChannel channel = leaving.get(i);
            switch (channel.state()) {
                case GuestChannelState.Sharing sharing -> channel.close();
                case GuestChannelState.Opening opening -> channel.close();
                case GuestChannelState.Open open -> channel.close();
                case GuestChannelState.Offered offered -> {}
                case GuestChannelState.Closing closing -> {}
                case GuestChannelState.Rescinded rescinded -> {}
                case GuestChannelState.Released released -> {}
            }
        }
        finish();
    }

    /** Releases what the host has taken away meanwhile, and returns how much that was. */
    int finish() {
        int count = 0;
        for (int i = leaving.size() - 1; i >= 0; i--) {
            final GuestChannel channel = leaving.get(i);
            if (channel.isRescinded()) {
                channel.release();
                count++;
            }
            if (channel.isClosed() || channel.isReleased()) {
                leaving.remove(i);
            }
        }
        return count;
    }

    /** Whether, after {@link #close}, the host has let go of every channel. */
    boolean isGone() {
        return leaving.isEmpty();
    }
}
