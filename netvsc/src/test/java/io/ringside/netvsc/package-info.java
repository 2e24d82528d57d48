/** netvsc against netvsp, and each against a peer that cannot be trusted. */
@NullMarked
package io.ringside.netvsc;

import org.jspecify.annotations.NullMarked;
