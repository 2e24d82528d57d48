package io.ringside.storvsc.backend;

import io.ringside.storvsc.protocol.ChannelProperties;
import io.ringside.storvsc.protocol.NtStatus;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.storvsc.protocol.VstorVersion;
import org.jspecify.annotations.Nullable;

/**
 * What guest and controller tell each other before commands flow, in the protocol's order; what is
 * out of turn is refused.
 *
 * <p>Threads: one, the controller's.
 */
final class Handshake {
    private final StorvspOptions options;
    private final ChannelProperties properties = new ChannelProperties();
    private Stage stage = new Stage.Closed();
    private long connections;

    Handshake(final StorvspOptions options) {
        this.options = options;
    }

    /** The guest has opened the first channel. */
    void opened() {
        if (stage instanceof Stage.Closed closed) {
            stage = closed.opened();
        }
    }

    /** The first channel is gone, and all that was agreed on. */
    void closed() {
        stage = new Stage.Closed();
    }

    boolean isReady() {
        return stage instanceof Stage.Ready;
    }

    /** How often it came to its end. */
    long connections() {
        return connections;
    }

    /**
     * One message, if it is its turn; what it is told is written into it.
     *
     * @return the status of its answer; channels that are asked for are the caller's to offer
     */
    int step(final VstorPacket packet) {
        final int operation = packet.operation();
        int status = NtStatus.INVALID_DEVICE_STATE;
        if (stage instanceof Stage.Fresh fresh) {
            if (operation == VstorOperation.BEGIN_INITIALIZATION) {
                stage = fresh.begun();
                status = NtStatus.SUCCESS;
            }
        } else if (stage instanceof Stage.Begun begun) {
            if (operation == VstorOperation.QUERY_PROTOCOL_VERSION) {
                status = agree(begun, packet.version());
            }
        } else if (stage instanceof Stage.Versioned versioned) {
            if (operation == VstorOperation.QUERY_PROPERTIES) {
                tellProperties(packet);
                stage = versioned.told();
                status = NtStatus.SUCCESS;
            }
        } else if (stage instanceof Stage.Told told) {
            if (operation == VstorOperation.END_INITIALIZATION) {
                stage = told.ended();
                connections++;
                status = NtStatus.SUCCESS;
            } else if (operation == VstorOperation.FCHBA_DATA) {
                packet.putNames(options.names());
                status = NtStatus.SUCCESS;
            }
        } else if (operation == VstorOperation.CREATE_SUB_CHANNELS
                && stage instanceof Stage.Ready) {
            status = NtStatus.SUCCESS;
        }
        return status;
    }

    /** Why a message has such a status. */
    static StorvspRefusal reason(final int status) {
        return switch (status) {
            case NtStatus.REVISION_MISMATCH -> StorvspRefusal.VERSION;
            case NtStatus.INVALID_PARAMETER -> StorvspRefusal.SUB_CHANNELS;
            default -> StorvspRefusal.STATE;
        };
    }

    private int agree(final Stage.Begun begun, final int word) {
        final VstorVersion version = VstorVersion.of(word);
        if (version == null || version.compareTo(options.newest()) > 0) {
            return NtStatus.REVISION_MISMATCH;
        }
        stage = begun.agreed(version);
        return NtStatus.SUCCESS;
    }

    private void tellProperties(final VstorPacket packet) {
        final int flags =
                options.maxSubChannels() > 0 ? ChannelProperties.SUPPORTS_MULTI_CHANNEL : 0;
        packet.properties(properties)
                .put(options.maxSubChannels(), flags, options.maxTransferBytes());
    }

    /**
     * Bytes of the answer to a packet that is taken now: as the version has it, or, before one is
     * agreed on, as the guest seems to have it.
     */
    int answerBytes(final int askedBytes) {
        final VstorVersion version = version();
        if (version == null) {
            return askedBytes < VstorPacket.BYTES ? VstorPacket.SHORT_BYTES : VstorPacket.BYTES;
        }
        return version.packetBytes();
    }

    /** Bytes of a packet that carries a request, once a version is agreed on. */
    int packetBytes() {
        return answerBytes(VstorPacket.BYTES);
    }

    int senseBytes() {
        final VstorVersion version = version();
        return version == null ? 0 : version.senseBytes();
    }

    private @Nullable VstorVersion version() {
        return switch (stage) {
            case Stage.Ready ready -> ready.version();
            case Stage.Told told -> told.version();
            case Stage.Versioned versioned -> versioned.version();
            case Stage.Closed closed -> null;
            case Stage.Fresh fresh -> null;
            case Stage.Begun begun -> null;
        };
    }
}
