package io.ringside.xen.netfront.backend;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.RxRequest;
import io.ringside.xen.netfront.protocol.RxResponse;
import io.ringside.xen.netfront.protocol.TxRequest;
import io.ringside.xen.netfront.protocol.TxResponse;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantTable;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** One queue of a guest that writes whatever it likes. */
final class RawQueue {
    static final int SLOTS = 256;
    private static final int HEADER_BYTES = 64;
    private static final int REQUEST_PRODUCER = 0;
    private static final int REQUEST_EVENT = 4;
    private static final int RESPONSE_PRODUCER = 8;
    private static final int RESPONSE_EVENT = 12;

    final BackDomain guest;
    final UnsafeBuffer transmit;
    final UnsafeBuffer receive;
    final int transmitReference;
    final int receiveReference;
    final int transmitPort;
    final int receivePort;
    int transmitKicks;
    int receiveKicks;
    int transmitted;
    int posted;
    private int transmitSeen;
    private int receiveSeen;
    private final GrantTable grants;
    private final EventChannels events;
    private final List<Integer> frames = new ArrayList<>();
    private final List<Integer> references = new ArrayList<>();
    private final int[] postedFrames = new int[SLOTS];

    /** One answer to a packet that was sent. */
    record Answer(int id, int status) {}

    /** A packet that was received, whole, with the flags of its first slot and its records. */
    record Received(byte[] bytes, int flags, List<ExtraInfo> extras, int slots, int status) {}

    RawQueue(final BackDomain guest, final boolean split) {
        this.guest = guest;
        grants = guest.domain().grantTable();
        events = guest.domain().eventChannels();
        transmit = ring();
        transmitReference = lend(frames.getLast(), false);
        receive = ring();
        receiveReference = lend(frames.getLast(), false);
        transmitPort = events.allocUnbound(BackBench.HOST);
        events.handler(transmitPort, () -> transmitKicks++);
        if (split) {
            receivePort = events.allocUnbound(BackBench.HOST);
            events.handler(receivePort, () -> receiveKicks++);
        } else {
            receivePort = transmitPort;
        }
    }

    private UnsafeBuffer ring() {
        final UnsafeBuffer ring = guest.page(newFrame());
        ring.setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0xa5); // what lay there before
        ring.setMemory(0, HEADER_BYTES, (byte) 0);
        ring.putInt(REQUEST_EVENT, 1);
        ring.putInt(RESPONSE_EVENT, 1);
        return ring;
    }

    int newFrame() {
        final int frame = guest.frames().allocate();
        frames.add(frame);
        return frame;
    }

    int lend(final int frame, final boolean readOnly) {
        final int reference = grants.grantAccess(BackBench.HOST, frame, readOnly);
        references.add(reference);
        return reference;
    }

    /** A page with these bytes at an offset, lent to be read. */
    int pageWith(final int offset, final byte... bytes) {
        final int frame = newFrame();
        guest.page(frame).putBytes(offset, bytes);
        return lend(frame, true);
    }

    // ---- sends

    TxRequest slot(final int index) {
        return new TxRequest().wrap(transmit, HEADER_BYTES + index % SLOTS * TxRequest.BYTES);
    }

    void put(final int reference, final int offset, final int flags, final int id, final int size) {
        slot(transmitted++).put(reference, offset, flags, id, size);
    }

    ExtraInfo putExtra() {
        final int at = HEADER_BYTES + transmitted % SLOTS * TxRequest.BYTES;
        transmitted++;
        return new ExtraInfo().wrap(transmit, at);
    }

    /** A packet in one piece. */
    void putPacket(final int id, final byte[] bytes, final int flags) {
        put(pageWith(0, bytes), 0, flags, id, bytes.length);
    }

    void push() {
        pushIndex(transmitted);
    }

    void pushIndex(final int index) {
        transmit.putIntVolatile(REQUEST_PRODUCER, index);
        events.send(transmitPort);
    }

    int answered() {
        return transmit.getIntVolatile(RESPONSE_PRODUCER);
    }

    List<Answer> answers() {
        final List<Answer> answers = new ArrayList<>();
        for (; transmitSeen != answered(); transmitSeen++) {
            final TxResponse response = answer(transmitSeen);
            answers.add(new Answer(response.id(), response.status()));
        }
        transmit.putIntVolatile(RESPONSE_EVENT, transmitSeen + 1);
        return answers;
    }

    TxResponse answer(final int index) {
        return new TxResponse().wrap(transmit, HEADER_BYTES + index % SLOTS * TxRequest.BYTES);
    }

    byte[] transmitSlotBytes(final int index) {
        final byte[] bytes = new byte[TxRequest.BYTES];
        transmit.getBytes(HEADER_BYTES + index % SLOTS * TxRequest.BYTES, bytes);
        return bytes;
    }

    // ---- receives

    /** Offers so many fresh pages. */
    void post(final int count) {
        for (int i = 0; i < count; i++) {
            final int frame = newFrame();
            postedFrames[posted % SLOTS] = frame;
            putPage(posted & 0xffff, lend(frame, false));
        }
        pushPages();
    }

    /** Offers the pages of the last round once more, without any new grant. */
    void repost(final int count, final int[] pages, final int[] pageReferences) {
        for (int i = 0; i < count; i++) {
            postedFrames[posted % SLOTS] = pages[i];
            putPage(posted & 0xffff, pageReferences[i]);
        }
        pushPages();
    }

    void putPage(final int id, final int reference) {
        new RxRequest()
                .wrap(receive, HEADER_BYTES + posted % SLOTS * RxRequest.BYTES)
                .put(id, reference);
        posted++;
    }

    void pushPages() {
        pushPagesIndex(posted);
    }

    void pushPagesIndex(final int index) {
        receive.putIntVolatile(REQUEST_PRODUCER, index);
        events.send(receivePort);
    }

    /** Whether the backend asked to hear of the page that is offered next. */
    boolean isAskedForPages(final int more) {
        final int event = receive.getIntVolatile(REQUEST_EVENT);
        return event - posted > 0 && event - posted <= more;
    }

    int filled() {
        return receive.getIntVolatile(RESPONSE_PRODUCER);
    }

    RxResponse response(final int index) {
        return new RxResponse().wrap(receive, HEADER_BYTES + index % SLOTS * RxResponse.BYTES);
    }

    /** Reads the packets that have arrived since. */
    List<Received> received() {
        final List<Received> packets = new ArrayList<>();
        final int end = filled();
        while (receiveSeen != end) {
            packets.add(readPacket());
        }
        receive.putIntVolatile(RESPONSE_EVENT, receiveSeen + 1);
        return packets;
    }

    private Received readPacket() {
        final int start = receiveSeen;
        final RxResponse first = response(receiveSeen);
        final List<ExtraInfo> extras = new ArrayList<>();
        final List<byte[]> pieces = new ArrayList<>();
        pieces.add(readPiece(receiveSeen++));
        boolean moreExtras = (first.flags() & RxResponse.EXTRA_INFO) != 0;
        while (moreExtras) {
            final ExtraInfo extra =
                    new ExtraInfo()
                            .wrap(receive, HEADER_BYTES + receiveSeen % SLOTS * RxResponse.BYTES);
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[ExtraInfo.BYTES]);
            copy.putBytes(
                    0,
                    receive,
                    HEADER_BYTES + receiveSeen % SLOTS * RxResponse.BYTES,
                    ExtraInfo.BYTES);
            extras.add(new ExtraInfo().wrap(copy, 0));
            moreExtras = (extra.flags() & ExtraInfo.MORE) != 0;
            receiveSeen++;
        }
        int status = first.status();
        boolean more = (first.flags() & RxResponse.MORE_DATA) != 0;
        while (more) {
            final RxResponse next = response(receiveSeen);
            more = (next.flags() & RxResponse.MORE_DATA) != 0;
            status = Math.min(status, next.status());
            pieces.add(readPiece(receiveSeen++));
        }
        int length = 0;
        for (final byte[] piece : pieces) {
            length += piece.length;
        }
        final byte[] bytes = new byte[length];
        int at = 0;
        for (final byte[] piece : pieces) {
            System.arraycopy(piece, 0, bytes, at, piece.length);
            at += piece.length;
        }
        return new Received(bytes, first.flags(), extras, receiveSeen - start, status);
    }

    private byte[] readPiece(final int index) {
        final RxResponse response = response(index);
        final byte[] bytes = new byte[Math.max(0, response.status())];
        guest.page(postedFrames[index % SLOTS]).getBytes(response.pageOffsetBytes(), bytes);
        return bytes;
    }

    // ---- ends

    /** Takes everything back; the backend must have let go. */
    void close() {
        for (final int reference : references) {
            if (!grants.endAccess(reference)) {
                throw new AssertionError("still in use: reference=" + reference);
            }
        }
        for (final int frame : frames) {
            guest.frames().free(frame);
        }
        events.close(transmitPort);
        if (receivePort != transmitPort) {
            events.close(receivePort);
        }
    }
}
