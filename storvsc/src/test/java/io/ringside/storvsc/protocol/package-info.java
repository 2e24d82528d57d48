@NullMarked
package io.ringside.storvsc.protocol;

import org.jspecify.annotations.NullMarked;
