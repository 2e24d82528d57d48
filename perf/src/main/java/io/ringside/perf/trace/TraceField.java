package io.ringside.perf.trace;

/**
 * One field of a message.
 *
 * @param struct the struct that it is a field of
 * @param name as the header file of the protocol names it
 * @param value a number in decimal, or with {@code 0x}; or what is no number, such as a GUID
 * @param meaning what the number stands for; empty if it says all by itself
 */
public record TraceField(String struct, String name, String value, String meaning) {}
