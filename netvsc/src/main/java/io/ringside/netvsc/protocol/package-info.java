/** What netvsc and netvsp say to each other: NVSP and RNDIS. */
@NullMarked
package io.ringside.netvsc.protocol;

import org.jspecify.annotations.NullMarked;
