package io.ringside.perf.trace;

/**
 * What a decoder made of some bytes.
 *
 * @param name what it is
 * @param fields its fields
 * @param explanation one sentence
 */
record Decoded(String name, FieldList fields, String explanation) {}
