package io.ringside.vmbus.host;

import static io.ringside.vmbus.host.ServerBench.header;
import static io.ringside.vmbus.host.ServerBench.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.vmbus.protocol.ChannelMessage;
import io.ringside.vmbus.protocol.ChannelMessage.AllOffersDelivered;
import io.ringside.vmbus.protocol.ChannelMessage.CloseChannel;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlBody;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlCreated;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlHeader;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTeardown;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTorndown;
import io.ringside.vmbus.protocol.ChannelMessage.Malformed;
import io.ringside.vmbus.protocol.ChannelMessage.ModifyChannel;
import io.ringside.vmbus.protocol.ChannelMessage.ModifyResponse;
import io.ringside.vmbus.protocol.ChannelMessage.OfferChannel;
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
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.Offer;
import io.ringside.vmbus.protocol.PageNumbers;
import io.ringside.vmbus.protocol.UserData;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Every message in every state of the host: legal, or refused with its reason and its answer. */
class ServerStateTableTest {
    private static final int RING = 5;
    private static final int SPARE = 6;
    private static final int UNFINISHED = 7;

    private static final List<String> STATES =
            List.of(
                    "disconnected",
                    "connected",
                    "offered",
                    "open",
                    "closing",
                    "revoking",
                    "rescinded",
                    "resetting");

    /**
     * One letter for the refusal, then the numbers of the answers: {@code -} none, {@code C}
     * connection state, {@code H} unknown channel, {@code S} channel state, {@code G} unknown
     * gpadl, {@code U} unsupported, {@code M} malformed.
     */
    private static final String TABLE =
            """
            contact    -15  -15   -15  -    -    -    -15  -
            unload     C    -17   -17  -    -    -    -17  C
            request    C    -1,4  C    C    C    C    C    C
            header     C    H10   -10  -10  -10  S10  S10  C
            body       C    G     -10  -10  -10  -10  -10  C
            teardown   C    G     -12  -12  -12  -12  -12  C
            tearRing   C    G     G    -    -    -    -12  C
            open       C    H6    -6   S6   S6   S6   S6   C
            close      C    S     S    -    S    -    -    C
            released   C    S     S    S    S    S    -    C
            modify     C    S24   S24  -24  S24  S24  S24  C
            connect    C    -23   -23  -23  -23  -23  -23  C
            offer      U    U     U    U    U    U    U    U
            rescind    U    U     U    U    U    U    U    U
            allOffers  U    U     U    U    U    U    U    U
            openResult U    U     U    U    U    U    U    U
            created    U    U     U    U    U    U    U    U
            torndown   U    U     U    U    U    U    U    U
            version    U    U     U    U    U    U    U    U
            unloaded   U    U     U    U    U    U    U    U
            modified   U    U     U    U    U    U    U    U
            connected  U    U     U    U    U    U    U    U
            reserved   U    U     U    U    U    U    U    U
            malformed  M    M     M    M    M    M    M    M
            """;

    private static final Map<Character, String> REFUSALS =
            Map.of(
                    '-', "none",
                    'C', "connection state",
                    'H', "unknown channel",
                    'S', "channel state",
                    'G', "unknown gpadl",
                    'U', "unsupported",
                    'M', "malformed");

    private final Map<String, ChannelMessage> messages = messages();

    @Test
    void answersEveryMessageInEveryState() {
        final Map<String, Integer> rows = new HashMap<>();
        for (final String line : TABLE.split("\n", -1)) {
            if (line.isBlank()) {
                continue;
            }
            final String[] cells = line.trim().split(" +", -1);
            assertThat(cells).as(line).hasSize(STATES.size() + 1);
            rows.put(cells[0], cells.length);
            for (int i = 0; i < STATES.size(); i++) {
                check(STATES.get(i), cells[0], cells[i + 1]);
            }
        }
        assertThat(rows.keySet()).isEqualTo(messages.keySet());
    }

    private void check(final String state, final String name, final String expected) {
        try (ServerBench bench = new ServerBench()) {
            enter(bench, state);
            final long before = bench.control.refusals().total();
            final StringBuilder answer =
                    new StringBuilder(Objects.requireNonNull(REFUSALS.get(expected.charAt(0))));
            if (expected.length() > 1) {
                answer.append(' ').append(expected.substring(1).replace(',', ' '));
            }
            final ChannelMessage message = Objects.requireNonNull(messages.get(name), name);
            assertThat(bench.receive(message))
                    .as("%s in %s", name, state)
                    .isEqualTo(answer.toString());
            assertThat(bench.control.refusals().total() - before)
                    .as("counted: %s in %s", name, state)
                    .isEqualTo(expected.charAt(0) == '-' ? 0 : 1);
        }
    }

    /** Channel 1; list 5 are its rings, list 6 is whole, list 7 lacks a page. */
    private static void enter(final ServerBench bench, final String state) {
        final HostChannel channel = bench.offer();
        assertThat(channel.relid()).isEqualTo(1);
        if (state.equals("disconnected")) {
            return;
        }
        if (state.equals("connected")) {
            bench.connect(VmbusVersion.V6_0);
            return;
        }
        bench.list(VmbusVersion.V6_0);
        assertThat(bench.receive(header(1, SPARE, 20, 4))).isEqualTo("none 10");
        assertThat(
                        bench.receive(
                                new GpadlHeader(1, UNFINISHED, 24, 1, 8192, 0, PageNumbers.of(30))))
                .isEqualTo("none");
        if (state.equals("offered")) {
            return;
        }
        assertThat(bench.receive(header(1, RING, 10, 4))).isEqualTo("none 10");
        assertThat(bench.receive(open(1, RING))).isEqualTo("none 6");
        switch (state) {
            case "open" -> {}
            case "closing" -> assertThat(bench.receive(new CloseChannel(1))).isEqualTo("none");
            case "revoking" -> channel.revoke();
            case "rescinded" -> {
                channel.revoke();
                channel.release();
                assertThat(bench.control.tick()).isPositive();
            }
            case "resetting" -> assertThat(bench.receive(new Unload())).isEqualTo("none");
            default -> throw new IllegalArgumentException("no such state: state=" + state);
        }
    }

    private static Map<String, ChannelMessage> messages() {
        final Map<String, ChannelMessage> all = new LinkedHashMap<>();
        all.put("contact", ServerBench.contact(VmbusVersion.V5_3));
        all.put("unload", new Unload());
        all.put("request", new RequestOffers());
        all.put("header", header(1, 9, 40, 1));
        all.put("body", new GpadlBody(1, UNFINISHED, PageNumbers.of(31)));
        all.put("teardown", new GpadlTeardown(1, SPARE));
        all.put("tearRing", new GpadlTeardown(1, RING));
        all.put("open", open(1, SPARE));
        all.put("close", new CloseChannel(1));
        all.put("released", new RelidReleased(1));
        all.put("modify", new ModifyChannel(1, 0));
        all.put("connect", new TlConnectRequest(Guid.NONE, DeviceType.TIME));
        all.put(
                "offer",
                new OfferChannel(
                        new Offer(
                                DeviceType.SCSI,
                                Guid.NONE,
                                0,
                                0,
                                UserData.NONE,
                                0,
                                9,
                                Offer.NO_MONITOR,
                                true,
                                9)));
        all.put("rescind", new RescindOffer(1));
        all.put("allOffers", new AllOffersDelivered());
        all.put("openResult", new OpenResult(1, 1, 0));
        all.put("created", new GpadlCreated(1, SPARE, 0));
        all.put("torndown", new GpadlTorndown(SPARE));
        all.put("version", new VersionResponse(true, 0, 4, 0));
        all.put("unloaded", new UnloadResponse());
        all.put("modified", new ModifyResponse(1, 0));
        all.put("connected", new TlConnectResult(Guid.NONE, Guid.NONE, 0));
        all.put("reserved", new Unsupported(18));
        all.put("malformed", new Malformed(8));
        return all;
    }
}
