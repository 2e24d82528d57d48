package io.ringside.vmbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.testkit.Seed;
import io.ringside.vmbus.protocol.ChannelMessage.AllOffersDelivered;
import io.ringside.vmbus.protocol.ChannelMessage.CloseChannel;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlBody;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlCreated;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlHeader;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTeardown;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTorndown;
import io.ringside.vmbus.protocol.ChannelMessage.InitiateContact;
import io.ringside.vmbus.protocol.ChannelMessage.Malformed;
import io.ringside.vmbus.protocol.ChannelMessage.ModifyChannel;
import io.ringside.vmbus.protocol.ChannelMessage.ModifyResponse;
import io.ringside.vmbus.protocol.ChannelMessage.OfferChannel;
import io.ringside.vmbus.protocol.ChannelMessage.OpenChannel;
import io.ringside.vmbus.protocol.ChannelMessage.OpenResult;
import io.ringside.vmbus.protocol.ChannelMessage.RelidReleased;
import io.ringside.vmbus.protocol.ChannelMessage.RequestOffers;
import io.ringside.vmbus.protocol.ChannelMessage.RescindOffer;
import io.ringside.vmbus.protocol.ChannelMessage.TlConnectRequest;
import io.ringside.vmbus.protocol.ChannelMessage.TlConnectResult;
import io.ringside.vmbus.protocol.ChannelMessage.Unload;
import io.ringside.vmbus.protocol.ChannelMessage.UnloadResponse;
import io.ringside.vmbus.protocol.ChannelMessage.Unsupported;
import io.ringside.vmbus.protocol.ChannelMessage.VersionResponse;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Messages to bytes and back; and bytes of any kind. */
class MessageBytesTest {
    private static final Guid GUID = Guid.parse("00112233-4455-6677-8899-aabbccddeeff");
    private static final UserData DATA = UserData.of((byte) 1, (byte) 2, (byte) 0x93);

    /** One of each. */
    private static final List<ChannelMessage> MESSAGES =
            List.of(
                    new OfferChannel(
                            new Offer(
                                    GUID,
                                    DeviceType.SCSI,
                                    0x2201,
                                    9,
                                    DATA,
                                    3,
                                    17,
                                    127,
                                    true,
                                    0x10011)),
                    new OfferChannel(
                            new Offer(GUID, GUID, 0, 0, DATA, 0, 18, Offer.NO_MONITOR, false, 0)),
                    new RescindOffer(17),
                    new RequestOffers(),
                    new AllOffersDelivered(),
                    new OpenChannel(17, 18, 0xe1e10, 3, 8, DATA),
                    new OpenResult(17, 18, ReplyStatus.UNSUCCESSFUL),
                    new CloseChannel(17),
                    new GpadlHeader(17, 0xe1e10, 40, 1, 16384, 0, PageNumbers.of(1, 2, 3, 4)),
                    new GpadlBody(2, 0xe1e10, PageNumbers.ofAny(-1, Long.MAX_VALUE)),
                    new GpadlCreated(17, 0xe1e10, 0),
                    new GpadlTeardown(17, 0xe1e10),
                    new GpadlTorndown(0xe1e10),
                    new RelidReleased(17),
                    new InitiateContact(VmbusVersion.V5_3, 1, 2, 4096, 8192, Guid.NONE),
                    new InitiateContact(VmbusVersion.V6_0, 1, 2, 4096, 8192, GUID),
                    new VersionResponse(true, 0, 4, VersionResponse.NO_FEATURES),
                    new VersionResponse(false, 1, 4, 8),
                    new Unload(),
                    new UnloadResponse(),
                    new TlConnectRequest(GUID, DeviceType.SCSI),
                    new TlConnectResult(GUID, DeviceType.SCSI, ReplyStatus.CONNECTION_REFUSED),
                    new ModifyChannel(17, 3),
                    new ModifyResponse(17, 5));

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);

    @Test
    void readsWhatItWrote() {
        for (final ChannelMessage message : MESSAGES) {
            buffer.setMemory(0, 512, (byte) 0xff);
            final int length = MessageWriter.write(message, buffer, 8);
            assertThat(MessageReader.read(buffer, 8, length)).isEqualTo(message);
            for (int i = 8 + length; i < 8 + MessageWriter.MAX_BYTES; i++) {
                assertThat(buffer.getByte(i))
                        .as("threats, row 38: %s, byte %d", message, i)
                        .isZero();
            }
        }
    }

    @Test
    void refusesEveryMessageThatIsCutShort() {
        for (final ChannelMessage message : MESSAGES) {
            MessageWriter.write(message, buffer, 0);
            for (int length = 0; length < MessageReader.leastBytes(message.type()); length++) {
                assertThat(MessageReader.read(buffer, 0, length))
                        .as("threats, row 28: %s in %d bytes", message, length)
                        .isInstanceOf(Malformed.class);
            }
        }
    }

    @Test
    void refusesPageListsThatEndWithinAPage() {
        final int length =
                MessageWriter.write(new GpadlBody(1, 5, PageNumbers.of(1, 2)), buffer, 0);
        assertThat(MessageReader.read(buffer, 0, length - 1)).isInstanceOf(Malformed.class);
        final int header =
                MessageWriter.write(
                        new GpadlHeader(1, 5, 24, 1, 8192, 0, PageNumbers.of(1, 2)), buffer, 0);
        assertThat(MessageReader.read(buffer, 0, header - 4)).isInstanceOf(Malformed.class);
    }

    @Test
    void writesNoMorePagesThanAMessageHolds() {
        assertThatThrownBy(() ->
                        MessageWriter.write(
                                new GpadlBody(1, 5, PageNumbers.of(new int[29])), buffer, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pages=29");
    }

    @Test
    void namesEveryNumberThatIsNoMessage() {
        for (final int type : new int[] {0, 18, 19, 20, 25, 26, 27, 28, 29, 30, -1}) {
            MessageWriter.write(new Unsupported(type), buffer, 0);
            assertThat(MessageReader.read(buffer, 0, 240)).isEqualTo(new Unsupported(type));
        }
    }

    @Test
    void readsAnyBytes() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final UnsafeBuffer exact = new UnsafeBuffer(0, 0);
        for (int run = 0; run < 20_000; run++) {
            final byte[] bytes = new byte[random.nextInt(241)];
            random.nextBytes(bytes);
            exact.wrap(bytes);
            if (bytes.length >= 4) {
                exact.putInt(0, random.nextInt(MessageType.COUNT + 2));
            }
            assertThat(MessageReader.read(exact, 0, bytes.length)).as("%s", seed).isNotNull();
        }
    }
}
