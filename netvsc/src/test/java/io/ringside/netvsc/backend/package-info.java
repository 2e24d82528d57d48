/** Tests of the host's half, with guests that are scripted byte by byte. */
@NullMarked
package io.ringside.netvsc.backend;

import org.jspecify.annotations.NullMarked;
