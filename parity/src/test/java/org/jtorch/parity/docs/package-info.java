/** Replays recordings of real PyTorch. */
@NullMarked
package org.jtorch.parity.docs;

import org.jspecify.annotations.NullMarked;
