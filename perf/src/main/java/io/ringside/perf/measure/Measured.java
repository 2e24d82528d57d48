package io.ringside.perf.measure;

import io.ringside.hypervisor.Crossing;

/**
 * What every result of a comparison tells of one device: how much it did, and what that crossed.
 */
public interface Measured {
    /** The device's name, as in every report. */
    String device();

    /** How many operations ended. */
    long operations();

    /** Operations a second. */
    double operationsPerSecond();

    /** What the guest's half crossed and copied. */
    HalfCounts frontend();

    /** What the host's half crossed and copied. */
    HalfCounts backend();

    /** Whether everything that it brought was right. */
    boolean verified();

    /** Whether the user ended it early. */
    boolean interrupted();

    /** Register accesses that trapped. */
    default long exits() {
        return frontend().exits();
    }

    /** Hypercalls of both halves. */
    default long hypercalls() {
        return frontend().count(Crossing.HYPERCALL) + backend().count(Crossing.HYPERCALL);
    }

    /** Pages mapped and unmapped, and pieces copied, by grants, of both halves. */
    default long grantOperations() {
        return frontend().grantOperations() + backend().grantOperations();
    }

    /** Notifications from the guest to the host. */
    default long kicks() {
        return frontend().count(Crossing.KICK);
    }

    /** Interrupts and upcalls delivered into the guest. */
    default long interrupts() {
        return frontend().count(Crossing.INTERRUPT) + frontend().count(Crossing.UPCALL);
    }

    /** Payload bytes copied by the halves themselves; the medium's own copy is not among them. */
    default long bytesCopied() {
        return frontend().bytesCopied() + backend().bytesCopied();
    }
}
