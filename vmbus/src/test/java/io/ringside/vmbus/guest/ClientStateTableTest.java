package io.ringside.vmbus.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.vmbus.protocol.ChannelMessage;
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
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.PageNumbers;
import io.ringside.vmbus.protocol.UserData;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every message in every state of the guest: legal, or refused with its reason. */
class ClientStateTableTest {
    private static final int RING = GuestGpadls.FIRST_HANDLE;

    private static final List<String> STATES =
            List.of(
                    "disconnected",
                    "contacting",
                    "listing",
                    "offered",
                    "sharing",
                    "opening",
                    "open",
                    "modifying",
                    "closing",
                    "rescinded",
                    "unloading");

    /**
     * One letter for the refusal, then the numbers of what the guest sends: {@code -} none, {@code
     * C} connection state, {@code H} unknown channel, {@code S} channel state, {@code G} unknown
     * gpadl, {@code P} gpadl state, {@code U} unsupported, {@code M} malformed.
     */
    private static final String TABLE =
            """
            version    C  -3  C  C    C   C   C  C  C    C  C
            allOffers  C  C   -  C    C   C   C  C  C    C  C
            unloaded   C  C   C  C    C   C   C  C  C    C  -
            offer      C  C   -  S    S   S   S  S  S    S  C
            rescind    C  C   H  -13  -   -   -  -  -13  S  C
            openResult C  C   H  S    S   -   S  S  S    S  C
            created    C  C   G  G    -5  P   P  P  P    G  C
            torndown   C  C   G  G    P   P   P  P  -    G  C
            modified   C  C   H  S    S   S   S  -  S    S  C
            connected  C  C   S  S    S   S   S  S  S    S  C
            contact    U  U   U  U    U   U   U  U  U    U  U
            unload     U  U   U  U    U   U   U  U  U    U  U
            request    U  U   U  U    U   U   U  U  U    U  U
            header     U  U   U  U    U   U   U  U  U    U  U
            body       U  U   U  U    U   U   U  U  U    U  U
            teardown   U  U   U  U    U   U   U  U  U    U  U
            open       U  U   U  U    U   U   U  U  U    U  U
            close      U  U   U  U    U   U   U  U  U    U  U
            released   U  U   U  U    U   U   U  U  U    U  U
            modify     U  U   U  U    U   U   U  U  U    U  U
            connect    U  U   U  U    U   U   U  U  U    U  U
            reserved   U  U   U  U    U   U   U  U  U    U  U
            malformed  M  M   M  M    M   M   M  M  M    M  M
            """;

    private static final Map<Character, String> REFUSALS =
            Map.of(
                    '-', "none",
                    'C', "connection state",
                    'H', "unknown channel",
                    'S', "channel state",
                    'G', "unknown gpadl",
                    'P', "gpadl state",
                    'U', "unsupported",
                    'M', "malformed");

    private final Map<String, ChannelMessage> messages = messages();

    @Test
    void answersEveryMessageInEveryState() {
        final Set<String> rows = new HashSet<>();
        for (final String line : TABLE.split("\n", -1)) {
            if (line.isBlank()) {
                continue;
            }
            final String[] cells = line.trim().split(" +", -1);
            assertThat(cells).as(line).hasSize(STATES.size() + 1);
            rows.add(cells[0]);
            for (int i = 0; i < STATES.size(); i++) {
                check(STATES.get(i), cells[0], cells[i + 1]);
            }
        }
        assertThat(rows).isEqualTo(messages.keySet());
    }

    private void check(final String state, final String name, final String expected) {
        try (ClientBench bench = new ClientBench()) {
            enter(bench, state);
            final String answer =
                    Objects.requireNonNull(REFUSALS.get(expected.charAt(0)))
                            + (expected.length() > 1 ? " " + expected.substring(1) : "");
            final ChannelMessage message = Objects.requireNonNull(messages.get(name), name);
            final long before = bench.control.refusals().total();
            assertThat(bench.receive(message)).as("%s in %s", name, state).isEqualTo(answer);
            assertThat(bench.control.refusals().total() - before)
                    .as("counted: %s in %s", name, state)
                    .isEqualTo(expected.charAt(0) == '-' ? 0 : 1);
        }
    }

    private static void enter(final ClientBench bench, final String state) {
        if (state.equals("disconnected")) {
            return;
        }
        bench.control.connect();
        if (state.equals("contacting")) {
            return;
        }
        assertThat(bench.receive(new VersionResponse(true, 0, 4, 0))).isEqualTo("none 3");
        if (state.equals("listing")) {
            return;
        }
        assertThat(bench.receive(new OfferChannel(ClientBench.offer(1)))).isEqualTo("none");
        assertThat(bench.receive(new AllOffersDelivered())).isEqualTo("none");
        final GuestChannel channel = bench.offered.getFirst();
        if (state.equals("offered")) {
            return;
        }
        if (state.equals("unloading")) {
            bench.control.unload();
            return;
        }
        channel.open(OpenRequest.ofPages(2, 2));
        if (state.equals("sharing")) {
            return;
        }
        assertThat(bench.receive(new GpadlCreated(1, RING, 0))).isEqualTo("none 5");
        if (state.equals("opening")) {
            return;
        }
        assertThat(bench.receive(new OpenResult(1, 1, 0))).isEqualTo("none");
        switch (state) {
            case "open" -> assertThat(channel.channel()).isNotNull();
            case "modifying" -> channel.modify(1);
            case "closing" -> channel.close();
            case "rescinded" -> assertThat(bench.receive(new RescindOffer(1))).isEqualTo("none");
            default -> throw new IllegalArgumentException("no such state: state=" + state);
        }
    }

    private static Map<String, ChannelMessage> messages() {
        final Map<String, ChannelMessage> all = new LinkedHashMap<>();
        all.put("version", new VersionResponse(true, 0, 4, 0));
        all.put("allOffers", new AllOffersDelivered());
        all.put("unloaded", new UnloadResponse());
        all.put("offer", new OfferChannel(ClientBench.offer(1)));
        all.put("rescind", new RescindOffer(1));
        all.put("openResult", new OpenResult(1, 1, 0));
        all.put("created", new GpadlCreated(1, RING, 0));
        all.put("torndown", new GpadlTorndown(RING));
        all.put("modified", new ModifyResponse(1, 0));
        all.put("connected", new TlConnectResult(Guid.NONE, Guid.NONE, 0));
        all.put("contact", new InitiateContact(VmbusVersion.V5_3, 0, 2, 0, 0, Guid.NONE));
        all.put("unload", new Unload());
        all.put("request", new RequestOffers());
        all.put("header", new GpadlHeader(1, 9, 16, 1, 4096, 0, PageNumbers.of(1)));
        all.put("body", new GpadlBody(1, RING, PageNumbers.of(1)));
        all.put("teardown", new GpadlTeardown(1, RING));
        all.put("open", new OpenChannel(1, 1, RING, 0, 2, UserData.NONE));
        all.put("close", new CloseChannel(1));
        all.put("released", new RelidReleased(1));
        all.put("modify", new ModifyChannel(1, 0));
        all.put("connect", new TlConnectRequest(Guid.NONE, Guid.NONE));
        all.put("reserved", new Unsupported(26));
        all.put("malformed", new Malformed(1));
        return all;
    }
}
