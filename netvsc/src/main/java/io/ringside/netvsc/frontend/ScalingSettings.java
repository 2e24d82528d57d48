package io.ringside.netvsc.frontend;

import io.ringside.netvsc.protocol.RndisRequest;
import io.ringside.netvsc.protocol.RssCapabilities;
import io.ringside.netvsc.protocol.RssParameters;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a guest says of receive scaling: a table that deals the channels out in turn, and the key
 * that everybody uses.
 *
 * <p>Threads: one.
 */
final class ScalingSettings {
    private static final String KEY =
            "6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa";
    private static final int HASH_INFO =
            RssParameters.HASH_TOEPLITZ
                    | RssParameters.HASH_IPV4
                    | RssParameters.HASH_TCP_IPV4
                    | RssParameters.HASH_IPV6
                    | RssParameters.HASH_TCP_IPV6;

    private final Agreement agreement;
    private final RssCapabilities capabilities = new RssCapabilities();
    private final RssParameters parameters = new RssParameters();
    private final UnsafeBuffer key = new UnsafeBuffer(HexFormat.of().parseHex(KEY));

    ScalingSettings(final Agreement agreement) {
        this.agreement = agreement;
    }

    /** Writes the struct that a query brings along, empty but for its length; its bytes. */
    int putQuestion(final UnsafeBuffer message) {
        capabilities.wrap(message, RndisRequest.INFO_OFFSET).put(0, 0, 0, 0);
        return RssCapabilities.BYTES;
    }

    /** Writes table and key, off or on; their bytes. */
    int putParameters(final UnsafeBuffer message, final boolean isOff) {
        final int entries = agreement.scalingEntries;
        final int lengthBytes = RssParameters.bytes(entries);
        parameters
                .wrap(message, RndisRequest.INFO_OFFSET, lengthBytes)
                .put(isOff ? RssParameters.DISABLE : 0, HASH_INFO, entries, key);
        for (int i = 0; i < entries; i++) {
            parameters.putEntry(i, i % agreement.channels);
        }
        return lengthBytes;
    }
}
