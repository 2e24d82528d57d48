package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.Vcpu;

/**
 * One processor of a domain.
 *
 * @param vcpu counts what it asks of the hypervisor, and how often it is interrupted
 * @param doorbell wakes it
 */
public record Processor(Vcpu vcpu, Doorbell doorbell) {}
