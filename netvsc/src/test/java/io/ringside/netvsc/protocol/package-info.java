/** The layouts of NVSP and RNDIS against the wire facts. */
@NullMarked
package io.ringside.netvsc.protocol;

import org.jspecify.annotations.NullMarked;
