/**
 * Grant references: single page frames that one domain lets another use.
 *
 * <p>Read {@link io.ringside.xenbus.grant.GrantTable} (the granting side), then {@link
 * io.ringside.xenbus.grant.GrantMapper} with {@link io.ringside.xenbus.grant.GrantMapBatch} (the
 * using side), {@link io.ringside.xenbus.grant.GrantCopier} with {@link
 * io.ringside.xenbus.grant.GrantCopyBatch} (the using side, by copy), {@link
 * io.ringside.xenbus.grant.GrantTableV2} (what version 2 adds), {@link
 * io.ringside.xenbus.grant.GrantOperations} (what is seldom asked), and {@link
 * io.ringside.xenbus.grant.GrantQuarantine} for pages that do not come back.
 *
 * <p>Threads: one per domain. Facts: xen/grant_table.h.
 */
@NullMarked
package io.ringside.xenbus.grant;

import org.jspecify.annotations.NullMarked;
