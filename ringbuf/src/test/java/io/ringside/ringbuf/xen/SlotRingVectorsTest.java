package io.ringside.ringbuf.xen;

import static io.ringside.testkit.WireFacts.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Both halves against the vectors that the real macros of xen/io/ring.h produced. */
class SlotRingVectorsTest {
    private static final int PAGE_BYTES = 4096;
    private static final int SLOT_BYTES = 12; // 256 slots in a page, as the vectors have it

    private final WireFacts facts = WireFacts.load("xen-ring");
    private final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_BYTES]);
    private final UnsafeBuffer slot = new UnsafeBuffer(new byte[SLOT_BYTES]);

    @Test
    void laysTheHeaderAsTheSharedRingOfXen() {
        final WireFacts.Struct ring = facts.struct("netif_tx_sring");
        assertThat(SharedRing.REQUEST_PRODUCER_OFFSET).isEqualTo(ring.offset("req_prod"));
        assertThat(SharedRing.REQUEST_EVENT_OFFSET).isEqualTo(ring.offset("req_event"));
        assertThat(SharedRing.RESPONSE_PRODUCER_OFFSET).isEqualTo(ring.offset("rsp_prod"));
        assertThat(SharedRing.RESPONSE_EVENT_OFFSET).isEqualTo(ring.offset("rsp_event"));
        assertThat(SharedRing.HEADER_BYTES).isEqualTo(facts.constant("SRING_HEADER_BYTES"));
    }

    @Test
    void startsWithTheHeaderThatXenStartsWith() {
        page.setMemory(0, PAGE_BYTES, (byte) 0x5a);
        FrontRing.initialise(page, SLOT_BYTES);
        final byte[] header = new byte[SharedRing.HEADER_BYTES];
        page.getBytes(0, header);
        assertThat(HexFormat.of().formatHex(header))
                .isEqualTo(vectors("initialHeader").getFirst().get("bytes"));
    }

    @Test
    void holdsAsManySlotsAsXenForEveryRingAndPageCount() {
        final Map<?, ?> rings = (Map<?, ?>) facts.value("ringSizeByPages");
        final Map<?, ?> entryBytes = (Map<?, ?>) facts.value("ringEntryBytes");
        int compared = 0;
        for (final Map.Entry<?, ?> ring : rings.entrySet()) {
            if (!(entryBytes.get(ring.getKey()) instanceof Integer bytes)) {
                continue;
            }
            for (final Map.Entry<?, ?> size : ((Map<?, ?>) ring.getValue()).entrySet()) {
                final int pages = Integer.parseInt((String) size.getKey());
                assertThat(SlotIndex.slotCount(pages * PAGE_BYTES, bytes))
                        .as("%s, %d pages", ring.getKey(), pages)
                        .isEqualTo(size.getValue());
                compared++;
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(6 * 16);
    }

    @Test
    void wakesThePeerExactlyWhenXenDoes() {
        for (final Map<String, Object> vector : vectors("pushRequests")) {
            final int oldIndex = number(vector, "oldProd");
            final int newIndex = number(vector, "newProd");
            final boolean notify = number(vector, "notify") != 0;

            header(oldIndex, number(vector, "event"), oldIndex, number(vector, "event"));
            final FrontRing front = FrontRing.attach(page, SLOT_BYTES);
            fill(front, newIndex - oldIndex);
            assertThat(front.pushRequests()).as("%s", vector).isEqualTo(notify);
            assertThat(page.getInt(SharedRing.REQUEST_PRODUCER_OFFSET))
                    .isEqualTo(number(vector, "publishedProd"));

            // The same rule holds for responses.
            header(newIndex, 0, oldIndex, number(vector, "event"));
            final BackRing back = BackRing.attach(page, SLOT_BYTES);
            answer(back, newIndex - oldIndex);
            assertThat(back.pushResponses()).as("responses %s", vector).isEqualTo(notify);
            assertThat(page.getInt(SharedRing.RESPONSE_PRODUCER_OFFSET)).isEqualTo(newIndex);
        }
    }

    @Test
    void asksToBeWokenAsXenDoesBeforeSleeping() {
        for (final Map<String, Object> vector : vectors("finalCheckRequests")) {
            final int answered = number(vector, "rspProdPvt");
            final int taken = number(vector, "reqCons");
            header(taken, 0, answered, 0);
            final BackRing back = BackRing.attach(page, SLOT_BYTES);
            take(back, taken - answered);
            page.putInt(SharedRing.REQUEST_PRODUCER_OFFSET, number(vector, "reqProd"));
            page.putInt(SharedRing.REQUEST_EVENT_OFFSET, number(vector, "eventBefore"));
            assertThat(back.finalCheckForRequests())
                    .as("%s", vector)
                    .isEqualTo(number(vector, "workToDo") != 0);
            assertThat(page.getInt(SharedRing.REQUEST_EVENT_OFFSET))
                    .as("%s", vector)
                    .isEqualTo(number(vector, "eventAfter"));
        }
        for (final Map<String, Object> vector : vectors("finalCheckResponses")) {
            final int taken = number(vector, "rspCons");
            header(taken, 0, taken, 0);
            final FrontRing front = FrontRing.attach(page, SLOT_BYTES);
            fill(front, 8);
            front.pushRequests();
            page.putInt(SharedRing.RESPONSE_PRODUCER_OFFSET, number(vector, "rspProd"));
            page.putInt(SharedRing.RESPONSE_EVENT_OFFSET, number(vector, "eventBefore"));
            assertThat(front.finalCheckForResponses())
                    .as("%s", vector)
                    .isEqualTo(number(vector, "workToDo") != 0);
            assertThat(page.getInt(SharedRing.RESPONSE_EVENT_OFFSET))
                    .as("%s", vector)
                    .isEqualTo(number(vector, "eventAfter"));
        }
    }

    @Test
    void countsRequestsAsXenDoesAndBreaksWhereXenSeesAnOverrun() {
        int overruns = 0;
        for (final Map<String, Object> vector : vectors("unconsumedRequests")) {
            final int answered = number(vector, "rspProdPvt");
            final int taken = number(vector, "reqCons");
            header(taken, 0, answered, 0);
            final BackRing back = BackRing.attach(page, SLOT_BYTES);
            take(back, taken - answered);
            page.putInt(SharedRing.REQUEST_PRODUCER_OFFSET, number(vector, "reqProd"));
            // Where the index went back, Xen's macro would hand out stale slots; we break the ring.
            final boolean wentBack =
                    SlotIndex.exceeds(number(vector, "reqProd") - taken, back.slotCount());
            final boolean overrun = number(vector, "prodOverflow") != 0 || wentBack;
            assertThat(back.requests())
                    .as("%s", vector)
                    .isEqualTo(overrun ? 0 : number(vector, "unconsumed"));
            assertThat(back.isBroken()).as("%s", vector).isEqualTo(overrun);
            overruns += overrun ? 1 : 0;
        }
        assertThat(overruns).isPositive();
    }

    @Test
    void countsFreeSlotsAsXenDoes() {
        for (final Map<String, Object> vector : vectors("freeRequests")) {
            final int consumed = number(vector, "rspCons");
            header(consumed, 0, consumed, 0);
            final FrontRing front = FrontRing.attach(page, SLOT_BYTES);
            fill(front, number(vector, "reqProdPvt") - consumed);
            assertThat(front.freeRequests()).as("%s", vector).isEqualTo(number(vector, "free"));
            if (number(vector, "full") == 0) {
                // The vectors count from the start of a struct whose slots begin at byte 64.
                assertThat(front.requestOffset() - SharedRing.HEADER_BYTES)
                        .as("%s", vector)
                        .isEqualTo((number(vector, "reqProdPvt") & 255) * SLOT_BYTES);
            }
        }
    }

    @Test
    void breaksOnResponsesWhereXenSeesAnOverrun() {
        for (final Map<String, Object> vector : vectors("responseProdOverflow")) {
            final int consumed = number(vector, "rspCons");
            header(consumed, 0, consumed, 0);
            final FrontRing front = FrontRing.attach(page, SLOT_BYTES);
            fill(front, 256);
            front.pushRequests();
            page.putInt(SharedRing.RESPONSE_PRODUCER_OFFSET, number(vector, "rspProd"));
            final boolean overrun = number(vector, "overflow") != 0;
            assertThat(front.responses())
                    .as("%s", vector)
                    .isEqualTo(overrun ? 0 : number(vector, "rspProd") - consumed);
            assertThat(front.isBroken()).as("%s", vector).isEqualTo(overrun);
        }
    }

    private List<Map<String, Object>> vectors(final String operation) {
        final List<Map<String, Object>> found =
                facts.vectors("vectors").stream()
                        .filter(vector -> operation.equals(vector.get("op")))
                        .toList();
        assertThat(found).as(operation).isNotEmpty();
        return found;
    }

    private void header(
            final int requestProducer,
            final int requestEvent,
            final int responseProducer,
            final int responseEvent) {
        page.setMemory(0, PAGE_BYTES, (byte) 0);
        page.putInt(SharedRing.REQUEST_PRODUCER_OFFSET, requestProducer);
        page.putInt(SharedRing.REQUEST_EVENT_OFFSET, requestEvent);
        page.putInt(SharedRing.RESPONSE_PRODUCER_OFFSET, responseProducer);
        page.putInt(SharedRing.RESPONSE_EVENT_OFFSET, responseEvent);
    }

    private void fill(final FrontRing front, final int count) {
        for (int i = 0; i < count; i++) {
            front.putRequest(slot, 0, SLOT_BYTES);
        }
    }

    private void take(final BackRing back, final int count) {
        assertThat(back.requests()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            back.takeRequest(slot, 0, SLOT_BYTES);
        }
    }

    private void answer(final BackRing back, final int count) {
        take(back, count);
        for (int i = 0; i < count; i++) {
            back.putResponse(slot, 0, SLOT_BYTES);
        }
    }
}
