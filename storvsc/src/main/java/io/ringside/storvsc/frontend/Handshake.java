package io.ringside.storvsc.frontend;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.protocol.ChannelProperties;
import io.ringside.storvsc.protocol.ControllerKind;
import io.ringside.storvsc.protocol.NtStatus;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.storvsc.protocol.VstorVersion;
import io.ringside.storvsc.protocol.WorldWideNames;

/**
 * What guest and controller tell each other before commands flow, in the protocol's order: begin, a
 * version, what there is, the names of a fibre channel adapter, end, and how many more channels.
 *
 * <p>Peer's faults: a refusal closes the controller, but for a version, where an older one is
 * offered, and for more channels, which it can do without. Threads: one, the controller's.
 */
final class Handshake {
    private final Storvsc controller;
    private final StorvscOptions options;
    private final ControllerKind kind;
    private final ChannelProperties properties = new ChannelProperties();
    private Stage stage = new Stage.Waiting();
    private WorldWideNames names = WorldWideNames.NONE;

    Handshake(final Storvsc controller, final StorvscOptions options, final ControllerKind kind) {
        this.controller = controller;
        this.options = options;
        this.kind = kind;
    }

    /** The first channel is open: begins. */
    void opened() {
        if (stage instanceof Stage.Waiting waiting) {
            stage = waiting.opened();
            controller.send(VstorOperation.BEGIN_INITIALIZATION, 0);
        }
    }

    void closed() {
        stage = new Stage.Closed();
    }

    boolean isWaiting() {
        return stage instanceof Stage.Waiting;
    }

    boolean isReady() {
        return stage instanceof Stage.Ready;
    }

    boolean isClosed() {
        return stage instanceof Stage.Closed;
    }

    /** How many channels besides the first there will be. */
    int subChannels() {
        return stage instanceof Stage.Ready ready ? ready.subChannels() : 0;
    }

    int maxTransferBytes() {
        return stage instanceof Stage.Ready ready ? ready.maxTransferBytes() : 0;
    }

    /** The message of the hand-shake has its answer. */
    void answered(final VstorPacket packet, final int status) {
        final boolean agreed = status == NtStatus.SUCCESS;
        if (stage instanceof Stage.Beginning beginning && agreed) {
            offer(beginning.begun(options.newest()));
        } else if (stage instanceof Stage.Negotiating negotiating) {
            if (agreed) {
                stage = negotiating.agreed();
                controller.send(VstorOperation.QUERY_PROPERTIES, 0);
            } else {
                final VstorVersion older = negotiating.offered().older();
                if (older == null) {
                    controller.refuseHandshake();
                } else {
                    offer(negotiating.older(older));
                }
            }
        } else if (stage instanceof Stage.Asking asking && agreed) {
            told(asking, packet.properties(properties));
        } else if (stage instanceof Stage.Naming naming && agreed) {
            names = packet.names();
            stage = naming.named();
            controller.send(VstorOperation.END_INITIALIZATION, 0);
        } else if (stage instanceof Stage.Ending ending && agreed) {
            if (ending.subChannels() > 0) {
                stage = ending.adding();
                controller.send(VstorOperation.CREATE_SUB_CHANNELS, ending.subChannels());
            } else {
                ready(ending.ended());
            }
        } else if (stage instanceof Stage.AddingChannels adding) {
            ready(adding.ended(agreed));
        } else {
            controller.refuseHandshake();
        }
    }

    private void offer(final Stage.Negotiating next) {
        stage = next;
        controller.send(VstorOperation.QUERY_PROTOCOL_VERSION, next.offered().word());
    }

    private void told(final Stage.Asking asking, final ChannelProperties offered) {
        final long offeredBytes =
                kind == ControllerKind.FIBRE_CHANNEL
                        ? Math.min(
                                offered.maxTransferBytes(),
                                ControllerKind.FIBRE_CHANNEL_TRANSFER_BYTES)
                        : offered.maxTransferBytes();
        final long pages = offeredBytes / GuestMemory.PAGE_BYTES;
        if (pages == 0) {
            controller.refuseHandshake();
            return;
        }
        final int most =
                (int) Math.min(pages, Math.min(StorvscDisk.MAX_PAGES, options.mostPages()));
        final int subChannels =
                offered.supportsMultiChannel() && kind != ControllerKind.IDE
                        ? Math.min(options.subChannels(), offered.maxChannelCount())
                        : 0;
        if (kind == ControllerKind.FIBRE_CHANNEL) {
            stage = asking.naming(most * GuestMemory.PAGE_BYTES, subChannels);
            controller.send(VstorOperation.FCHBA_DATA, 0);
        } else {
            stage = asking.told(most * GuestMemory.PAGE_BYTES, subChannels);
            controller.send(VstorOperation.END_INITIALIZATION, 0);
        }
    }

    /** The names of a fibre channel adapter that has told them. */
    WorldWideNames names() {
        return names;
    }

    private void ready(final Stage.Ready ready) {
        stage = ready;
        controller.ready();
    }

    /** The version that is agreed on, or offered now. */
    VstorVersion version() {
        return switch (stage) {
            case Stage.Ready ready -> ready.version();
            case Stage.AddingChannels adding -> adding.version();
            case Stage.Ending ending -> ending.version();
            case Stage.Naming naming -> naming.version();
            case Stage.Asking asking -> asking.version();
            case Stage.Negotiating negotiating -> negotiating.offered();
            case Stage.Waiting waiting -> options.newest();
            case Stage.Beginning beginning -> options.newest();
            case Stage.Closed closed -> options.newest();
        };
    }
}
