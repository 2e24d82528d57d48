/**
 * Both halves of the block pair over the real ring, stepped on one thread in a seeded order, and
 * each of them against a hostile other half.
 */
@NullMarked
package io.ringside.xen.blkfront;

import org.jspecify.annotations.NullMarked;
