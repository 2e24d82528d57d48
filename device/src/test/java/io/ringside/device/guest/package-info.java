/** Tests of the guest edge: what a request and a frame take, and what they refuse. */
@NullMarked
package io.ringside.device.guest;

import org.jspecify.annotations.NullMarked;
