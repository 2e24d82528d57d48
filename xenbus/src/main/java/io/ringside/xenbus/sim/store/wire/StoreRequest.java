package io.ringside.xenbus.sim.store.wire;

import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.store.XenStoreException;
import java.util.ArrayList;
import java.util.List;

/**
 * One message of a peer, copied out of its hands.
 *
 * @param type a {@code StoreMessageType}, or any other number
 * @param requestId the peer's own
 * @param transaction 0 for none
 * @param payload its bytes, one character each
 */
record StoreRequest(int type, int requestId, int transaction, String payload) {
    private static final int MAX_DIGITS = 10;

    /** The words, each of which ends with a zero byte; {@code EINVAL} if one does not. */
    List<String> words() throws XenStoreException {
        final List<String> words = new ArrayList<>();
        int at = 0;
        while (at < payload.length()) {
            final int end = payload.indexOf('\0', at);
            if (end < 0) {
                throw refused();
            }
            words.add(payload.substring(at, end));
            at = end + 1;
        }
        return words;
    }

    /** The words, if there are as many as this; otherwise {@code EINVAL}. */
    List<String> words(final int least, final int most) throws XenStoreException {
        final List<String> words = words();
        if (words.size() < least || words.size() > most) {
            throw refused();
        }
        return words;
    }

    /** The only word; {@code EINVAL} if there is none, or another. */
    String word() throws XenStoreException {
        return words(1, 1).getFirst();
    }

    /** The first word, which is followed by anything. */
    String path() throws XenStoreException {
        final int end = payload.indexOf('\0');
        if (end < 0) {
            throw refused();
        }
        return payload.substring(0, end);
    }

    /** What follows the first word, with or without zero bytes. */
    String value() throws XenStoreException {
        return payload.substring(path().length() + 1);
    }

    /** A word as a decimal number that fits 32 bits without sign; {@code EINVAL} if it is none. */
    long number(final String word) throws XenStoreException {
        if (word.isEmpty() || word.length() > MAX_DIGITS) {
            throw refused();
        }
        long number = 0;
        for (int i = 0; i < word.length(); i++) {
            final char digit = word.charAt(i);
            if (digit < '0' || digit > '9') {
                throw refused();
            }
            number = number * 10 + (digit - '0');
        }
        if (number > 0xFFFF_FFFFL) {
            throw refused();
        }
        return number;
    }

    /** A word as a number that is not negative in 31 bits. */
    int smallNumber(final String word) throws XenStoreException {
        final long number = number(word);
        if (number > Integer.MAX_VALUE) {
            throw refused();
        }
        return (int) number;
    }

    /** A word as the number of a domain. */
    int domain(final String word) throws XenStoreException {
        final int domain = smallNumber(word);
        if (!DomainId.isDomain(domain)) {
            throw refused();
        }
        return domain;
    }

    /** A refusal of something malformed. */
    XenStoreException refused() {
        return new XenStoreException(XenStoreErrors.EINVAL, "malformed: type=" + type);
    }
}
