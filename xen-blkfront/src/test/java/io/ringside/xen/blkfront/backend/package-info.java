/** What the backend does alone: what it refuses, enumerated. */
@NullMarked
package io.ringside.xen.blkfront.backend;

import org.jspecify.annotations.NullMarked;
