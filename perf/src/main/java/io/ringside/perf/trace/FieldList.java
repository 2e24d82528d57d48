package io.ringside.perf.trace;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** Fields in the making, in the order of the bytes. */
final class FieldList {
    private static final int BYTE_MASK = 0xff;

    private final List<TraceField> fields = new ArrayList<>();
    private String struct = "";

    /** Fields of another struct follow. */
    FieldList in(final String newStruct) {
        struct = newStruct;
        return this;
    }

    /** A number that counts or names something. */
    FieldList number(final String name, final long value) {
        return text(name, Long.toString(value), "");
    }

    /** A number with a meaning. */
    FieldList number(final String name, final long value, final String meaning) {
        return text(name, Long.toString(value), meaning);
    }

    /** Bits, addresses and codes. */
    FieldList hex(final String name, final long value) {
        return hex(name, value, "");
    }

    /** Bits, addresses and codes with a meaning. */
    FieldList hex(final String name, final long value, final String meaning) {
        return text(name, "0x" + Long.toHexString(value), meaning);
    }

    /** What is no number. */
    FieldList text(final String name, final String value, final String meaning) {
        fields.add(new TraceField(struct, name, value, meaning));
        return this;
    }

    /** Bytes as they are. */
    FieldList bytes(
            final String name,
            final DirectBuffer from,
            final int offset,
            final int lengthBytes,
            final String meaning) {
        return text(name, hexOf(from, offset, lengthBytes), meaning);
    }

    List<TraceField> fields() {
        return fields;
    }

    /** Bytes as spaced hex. */
    static String hexOf(final DirectBuffer from, final int offset, final int lengthBytes) {
        final StringBuilder text = new StringBuilder(lengthBytes * 3);
        for (int i = 0; i < lengthBytes; i++) {
            final int octet = from.getByte(offset + i) & BYTE_MASK;
            text.append(i == 0 ? "" : " ").append(octet < 0x10 ? "0" : "");
            text.append(Integer.toHexString(octet));
        }
        return text.toString();
    }
}
