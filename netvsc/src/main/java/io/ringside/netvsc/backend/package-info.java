/** The host's half: netvsp. */
@NullMarked
package io.ringside.netvsc.backend;

import org.jspecify.annotations.NullMarked;
