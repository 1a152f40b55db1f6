/** Replays recordings of real PyTorch. */
@NullMarked
package org.jtorch.parity;

import org.jspecify.annotations.NullMarked;
