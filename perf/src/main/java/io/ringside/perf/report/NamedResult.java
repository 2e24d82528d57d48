package io.ringside.perf.report;

import io.ringside.perf.result.ResultDocument;

/**
 * A result and where it was read.
 *
 * @param name of its file
 * @param document what it holds
 */
public record NamedResult(String name, ResultDocument document) {}
