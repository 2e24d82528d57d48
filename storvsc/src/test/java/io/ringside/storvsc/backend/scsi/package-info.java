@NullMarked
package io.ringside.storvsc.backend.scsi;

import org.jspecify.annotations.NullMarked;
