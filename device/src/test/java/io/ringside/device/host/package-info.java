/** Tests of the host edge's own types. */
@NullMarked
package io.ringside.device.host;

import org.jspecify.annotations.NullMarked;
