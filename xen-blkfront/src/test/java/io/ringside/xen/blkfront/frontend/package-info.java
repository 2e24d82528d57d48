/** What the frontend does alone: the pages it lends, and what it holds its callers to. */
@NullMarked
package io.ringside.xen.blkfront.frontend;

import org.jspecify.annotations.NullMarked;
