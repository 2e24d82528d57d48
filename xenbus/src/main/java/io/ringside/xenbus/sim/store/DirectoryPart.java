package io.ringside.xenbus.sim.store;

import java.util.List;

/**
 * Some of the names in a directory.
 *
 * @param generation changes whenever the node does: parts of different generations do not belong
 *     together
 * @param names in their order
 * @param last whether there are no more
 */
public record DirectoryPart(long generation, List<String> names, boolean last) {}
