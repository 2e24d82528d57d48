package io.ringside.storvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.storvsc.frontend.StorvscOptions;
import io.ringside.storvsc.frontend.StorvscRefusal;
import io.ringside.storvsc.protocol.ChannelProperties;
import io.ringside.storvsc.protocol.NtStatus;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorVersion;
import io.ringside.testkit.WireFacts;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How long the packets of the hand-shake are, in every published version. */
final class HandshakeSizesTest {
    private static final WireFacts FACTS = WireFacts.load("hv-storvsc");
    private static final int[] ORDER = {
        VstorOperation.BEGIN_INITIALIZATION,
        VstorOperation.QUERY_PROTOCOL_VERSION,
        VstorOperation.QUERY_PROPERTIES,
        VstorOperation.END_INITIALIZATION,
        VstorOperation.CREATE_SUB_CHANNELS,
    };

    private static int bytesSent(final VstorVersion version) {
        for (final Map<String, Object> fact : FACTS.vectors("protocolVersions")) {
            if (WireFacts.number(fact, "version") == version.word()) {
                return WireFacts.number(fact, "vstorPacketBytesSent");
            }
        }
        throw new IllegalArgumentException("not published: " + version);
    }

    @ParameterizedTest
    @EnumSource(VstorVersion.class)
    void guestSendsAsManyBytesAsItsVersionHas(final VstorVersion version) {
        final StorvscOptions options =
                StorvscOptions.DEFAULTS.withNewest(version).withSubChannels(1, 1);
        try (RawHost host = new RawHost(options)) {
            for (final int operation : ORDER) {
                assertThat(host.take()).isTrue();
                assertThat(host.vstor.operation()).isEqualTo(operation);
                assertThat(host.lastBytes)
                        .as(VstorOperation.name(operation))
                        .isEqualTo(bytesSent(version));
                if (operation == VstorOperation.QUERY_PROPERTIES) {
                    host.vstor
                            .properties(new ChannelProperties())
                            .put(1, ChannelProperties.SUPPORTS_MULTI_CHANNEL, 1 << 16);
                }
                host.answer(NtStatus.SUCCESS);
            }
            assertThat(host.take()).isTrue();
            assertThat(host.vstor.operation()).isEqualTo(VstorOperation.EXECUTE_SRB);
            assertThat(host.lastBytes).isEqualTo(bytesSent(version));
            assertThat(host.guest.counters().refusals()).isZero();
        }
    }

    @Test
    void guestOffersAVersionInAPacketOfThatVersion() {
        try (RawHost host = new RawHost(StorvscOptions.DEFAULTS)) {
            host.take();
            host.answer(NtStatus.SUCCESS);
            while (!host.guest.isClosed() && host.take()) {
                final VstorVersion offered =
                        Objects.requireNonNull(VstorVersion.of(host.vstor.version()));
                assertThat(host.lastBytes).as("%s", offered).isEqualTo(bytesSent(offered));
                host.answer(NtStatus.REVISION_MISMATCH);
            }
            assertThat(host.refusals(StorvscRefusal.HANDSHAKE)).isEqualTo(1);
        }
    }

    /** Before a version is agreed on, a host cannot know how long answers are to be: as asked. */
    @ParameterizedTest
    @EnumSource(VstorVersion.class)
    void hostAnswersWithAsManyBytesAsTheVersionHas(final VstorVersion version) {
        try (StorBench bench = StorBench.usual()) {
            final RawGuest guest = new RawGuest(bench);
            guest.packetBytes = bytesSent(version);
            for (final int operation : ORDER) {
                final boolean asks = operation == VstorOperation.QUERY_PROTOCOL_VERSION;
                assertThat(guest.message(operation, asks ? version.word() : 1)).isZero();
                assertThat(guest.answerBytes)
                        .as(VstorOperation.name(operation))
                        .isEqualTo(bytesSent(version));
            }
            assertThat(bench.host.counters().refusals()).isZero();
        }
    }

    /**
     * Linux 6.1 sends 64 bytes whatever it offers, and older drivers 48 whatever the host takes.
     */
    @ParameterizedTest
    @CsvSource({"64, WIN7", "48, WIN10"})
    void hostTakesUpTheSizesOfTheVersionWithTheMessageAfterIt(
            final int packetBytes, final VstorVersion version) {
        try (StorBench bench = StorBench.usual()) {
            final RawGuest guest = new RawGuest(bench);
            guest.packetBytes = packetBytes;
            guest.message(VstorOperation.BEGIN_INITIALIZATION, 0);
            assertThat(guest.answerBytes).isEqualTo(packetBytes);
            guest.message(VstorOperation.QUERY_PROTOCOL_VERSION, version.word());
            assertThat(guest.answerBytes).isEqualTo(packetBytes);
            guest.message(VstorOperation.QUERY_PROPERTIES, 0);
            assertThat(guest.answerBytes).isEqualTo(bytesSent(version));
        }
    }
}
