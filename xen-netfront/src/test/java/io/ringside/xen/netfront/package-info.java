/**
 * Both halves of the network pair over the real rings, stepped on one thread in a seeded order, and
 * each of them against a hostile other half.
 */
@NullMarked
package io.ringside.xen.netfront;

import org.jspecify.annotations.NullMarked;
