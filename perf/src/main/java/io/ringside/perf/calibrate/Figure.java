package io.ringside.perf.calibrate;

/**
 * One figure of this host.
 *
 * @param quantity what it is
 * @param nanos each time it happens
 */
public record Figure(Quantity quantity, Spread nanos) {}
