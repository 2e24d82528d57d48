/**
 * Grant references: single page frames that one domain lets another use.
 *
 * <p>Read {@link io.ringside.xenbus.grant.GrantTable} (the granting side), then {@link
 * io.ringside.xenbus.grant.GrantMapper} (the using side). Facts: xen/grant_table.h.
 */
@NullMarked
package io.ringside.xenbus.grant;

import org.jspecify.annotations.NullMarked;
