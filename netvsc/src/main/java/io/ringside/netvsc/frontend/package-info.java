/** The guest's half: netvsc. */
@NullMarked
package io.ringside.netvsc.frontend;

import org.jspecify.annotations.NullMarked;
