/** Tests of the network backend alone, against a frontend that writes whatever it likes. */
@NullMarked
package io.ringside.xen.netfront.backend;

import org.jspecify.annotations.NullMarked;
