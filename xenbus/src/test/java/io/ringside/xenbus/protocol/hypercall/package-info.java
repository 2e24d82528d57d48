/** Tests of the arguments of hypercalls. */
@NullMarked
package io.ringside.xenbus.protocol.hypercall;

import org.jspecify.annotations.NullMarked;
