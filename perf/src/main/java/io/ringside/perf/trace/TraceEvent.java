package io.ringside.perf.trace;

import java.util.List;

/**
 * One message, packet or signal that passed.
 *
 * @param number counted from 1
 * @param sender which end sent it
 * @param carrier how it went
 * @param name what it is
 * @param lengthBytes its length; of a packet, with its descriptor, header and padding; 0 for a
 *     signal, which carries nothing
 * @param hex all its bytes as spaced hex
 * @param fields every field that has a meaning, in the order of the bytes
 * @param explanation one sentence: why it is sent, or what it brings about
 */
public record TraceEvent(
        long number,
        Sender sender,
        Carrier carrier,
        String name,
        int lengthBytes,
        String hex,
        List<TraceField> fields,
        String explanation) {
    /** Keeps the list as it is. */
    public TraceEvent {
        fields = List.copyOf(fields);
    }

    /** Which end. */
    public enum Sender {
        /** The frontend's end. */
        GUEST("guest"),
        /** The backend's end. */
        HOST("host");

        private final String label;

        Sender(final String label) {
            this.label = label;
        }

        /** In lower case. */
        public String label() {
            return label;
        }
    }

    /** How it went. */
    public enum Carrier {
        /** A message of the control plane, carried by the hypervisor. */
        MESSAGE("message"),
        /** A packet in a ring in shared memory. */
        PACKET("packet"),
        /** A signal without content. */
        SIGNAL("signal");

        private final String label;

        Carrier(final String label) {
            this.label = label;
        }

        /** In lower case. */
        public String label() {
            return label;
        }
    }
}
