@NullMarked
package io.ringside.storvsc;

import org.jspecify.annotations.NullMarked;
