package io.ringside.netvsc.frontend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.netvsc.protocol.NdisOffload;
import io.ringside.netvsc.protocol.RndisCompletion;
import io.ringside.netvsc.protocol.RndisRequest;
import io.ringside.netvsc.protocol.RssCapabilities;
import io.ringside.netvsc.protocol.RssParameters;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a host answers to each {@link Question}, checked and taken into the {@link Agreement}.
 *
 * <p>Peer's faults: an answer that a device cannot do without ends the hand-shake; any other that
 * is missing or makes no sense means that the host does not have it. Threads: one.
 */
final class Answers {
    private static final int ADDRESS_BYTES = 6;
    private static final int LEAST_MTU = 68;
    private static final int MOST_NAME_BYTES = 256;
    private static final int MOST_ALIGNMENT_SHIFT = 8;
    private static final long GROUP_BIT = 1L << 40;

    private final NetvscOptions options;
    private final Agreement agreement;
    private final NdisOffload offload = new NdisOffload();
    private final RssCapabilities capabilities = new RssCapabilities();

    Answers(final NetvscOptions options, final Agreement agreement) {
        this.options = options;
        this.agreement = agreement;
    }

    /**
     * Takes an answer.
     *
     * @param agreed whether the host says that it is one
     * @param completion over {@code message}, which is private memory
     * @return whether the hand-shake can go on
     */
    boolean take(
            final Question question,
            final boolean agreed,
            final RndisCompletion completion,
            final UnsafeBuffer message,
            final int messageBytes) {
        switch (question) {
            case INITIALIZE -> {
                return agreed && initialized(completion);
            }
            case SET_FILTER -> {
                return agreed;
            }
            case SET_OFFLOADS -> {
                if (!agreed) {
                    agreement.takeNothing();
                }
                return true;
            }
            case SET_SCALING_ON -> {
                agreement.isScaling = agreed;
                return true;
            }
            case SET_SCALING_OFF -> {
                return true;
            }
            default -> {
                final int at =
                        agreed ? completion.infoOffset(messageBytes) : RndisCompletion.NO_INFO;
                final int infoBytes =
                        at == RndisCompletion.NO_INFO ? 0 : (int) completion.infoBytes();
                return told(question, message, at, infoBytes);
            }
        }
    }

    private boolean initialized(final RndisCompletion completion) {
        if (completion.majorVersion() != RndisRequest.MAJOR_VERSION
                || completion.medium() != RndisCompletion.MEDIUM_802_3
                || completion.alignmentShift() > MOST_ALIGNMENT_SHIFT) {
            return false;
        }
        final long most = Math.max(1, completion.maxPackets());
        agreement.mostPackets = (int) Math.min(most, options.mostAggregated());
        agreement.alignmentBytes = 1 << (int) completion.alignmentShift();
        return true;
    }

    private boolean told(
            final Question question,
            final UnsafeBuffer message,
            final int at,
            final int infoBytes) {
        final boolean hasWord = infoBytes >= Integer.BYTES;
        final long word = hasWord ? message.getInt(at, LITTLE_ENDIAN) & 0xffff_ffffL : 0;
        switch (question) {
            case FRAME_SIZE -> {
                if (word >= LEAST_MTU) {
                    agreement.mtuBytes = (int) Math.min(agreement.mtuBytes, word);
                }
            }
            case ADDRESS -> {
                return infoBytes >= ADDRESS_BYTES && address(message, at);
            }
            case NAME -> agreement.friendlyName = name(message, at, infoBytes);
            case OFFLOADS -> {
                if (infoBytes >= NdisOffload.LEAST_BYTES) {
                    offload.wrap(message, at, infoBytes);
                    if (offload.objectType() == NdisOffload.OBJECT_TYPE
                            && offload.size() <= infoBytes
                            && offload.size() >= NdisOffload.LEAST_BYTES) {
                        agreement.take(
                                offload.wrap(message, at, offload.size()), options.features());
                    }
                }
            }
            case LINK -> agreement.isLinkUp = !hasWord || word == 0;
            case SPEED -> agreement.linkSpeed100Bits = word;
            case SCALING -> {
                if (infoBytes >= RssCapabilities.BYTES && options.features().receiveScaling()) {
                    scaling(capabilities.wrap(message, at));
                }
            }
            default -> throw new IllegalStateException("nothing to tell: question=" + question);
        }
        return true;
    }

    private boolean address(final UnsafeBuffer message, final int at) {
        long address = 0;
        for (int i = 0; i < ADDRESS_BYTES; i++) {
            address = address << Byte.SIZE | message.getByte(at + i) & 0xff;
        }
        agreement.macAddress = address;
        return (address & GROUP_BIT) == 0;
    }

    private static String name(final UnsafeBuffer message, final int at, final int infoBytes) {
        final byte[] name = new byte[Math.min(infoBytes, MOST_NAME_BYTES)];
        if (name.length > 0) {
            message.getBytes(at, name);
        }
        return new String(name, StandardCharsets.UTF_16LE);
    }

    private void scaling(final RssCapabilities told) {
        if (told.objectType() == RssCapabilities.OBJECT_TYPE) {
            final int entries = told.entries() == 0 ? RssParameters.USUAL_ENTRIES : told.entries();
            agreement.scalingEntries = Math.min(entries, RssParameters.MOST_ENTRIES);
            agreement.channels = (int) Math.min(told.queues(), 1 + options.subChannels());
        }
    }
}
