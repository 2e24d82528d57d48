package io.ringside.vmbus.host;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.vmbus.host.ServerState.Contact;
import io.ringside.vmbus.protocol.ChannelMessage.InitiateContact;
import io.ringside.vmbus.protocol.ChannelMessage.VersionResponse;
import io.ringside.vmbus.protocol.ControlRefusal;
import io.ringside.vmbus.protocol.SynicRegister;
import io.ringside.vmbus.protocol.TargetInfo;
import io.ringside.vmbus.protocol.VmbusVersion;

/**
 * Whether a guest can make contact as it asks to.
 *
 * <p>Of the features of 6.0 the host has {@link TargetInfo#CLIENT_ID} alone; any other that a guest
 * asks for, known or not, is left out of the answer, and never an error. Threads: the server's.
 */
final class ContactCheck {
    /** The features that the host has. */
    static final int FEATURES = TargetInfo.CLIENT_ID;

    private static final int PAGE_MASK = GuestMemory.PAGE_BYTES - 1;

    private final GuestMemory memory;
    private final int processorCount;
    private final ServerOptions options;

    ContactCheck(final GuestMemory memory, final int processorCount, final ServerOptions options) {
        this.memory = memory;
        this.processorCount = processorCount;
        this.options = options;
    }

    /** Why not: a {@link ControlRefusal}. */
    int refusal(final InitiateContact message) {
        final int version = message.version();
        if (!VmbusVersion.isPublished(version)
                || version < options.oldestVersion()
                || version > options.newestVersion()) {
            return ControlRefusal.VERSION;
        }
        final boolean sound =
                isProcessor(message.targetVp())
                        && isPageOrNone(message.monitorPage1())
                        && isPageOrNone(message.monitorPage2())
                        && isTarget(version, message.interruptPage());
        return sound ? ControlRefusal.NONE : ControlRefusal.PARAMETER;
    }

    private boolean isTarget(final int version, final long interruptPage) {
        if (VmbusVersion.hasMessageConnection(version)) {
            return TargetInfo.sint(interruptPage) == SynicRegister.VMBUS_SINT
                    && TargetInfo.vtl(interruptPage) == 0;
        }
        return interruptPage != 0 && isPageOrNone(interruptPage);
    }

    private boolean isProcessor(final int processor) {
        return processor >= 0 && processor < processorCount;
    }

    private boolean isPageOrNone(final long address) {
        return (address & PAGE_MASK) == 0 && memory.contains(address, GuestMemory.PAGE_BYTES);
    }

    /** What is kept of a message that was checked; of one that was refused, where to answer. */
    Contact contact(final InitiateContact message) {
        final int version = message.version();
        final boolean paged = !VmbusVersion.hasMessageConnection(version);
        return new Contact(
                version,
                isProcessor(message.targetVp()) ? message.targetVp() : 0,
                SynicRegister.VMBUS_SINT,
                paged ? message.interruptPage() : 0,
                message.monitorPage2());
    }

    VersionResponse supported(final InitiateContact message) {
        final int version = message.version();
        final int connectionId =
                VmbusVersion.hasMessageConnection(version) ? options.messageConnectionId() : 0;
        final int features =
                VmbusVersion.hasFeatures(version)
                        ? TargetInfo.features(message.interruptPage()) & FEATURES
                        : VersionResponse.NO_FEATURES;
        return new VersionResponse(true, 0, connectionId, features);
    }

    VersionResponse unsupported() {
        return new VersionResponse(false, 0, 0, VersionResponse.NO_FEATURES);
    }
}
