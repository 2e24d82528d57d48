@NullMarked
package io.ringside.storvsc.protocol.scsi;

import org.jspecify.annotations.NullMarked;
