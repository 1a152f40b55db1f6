/** Replays recordings of PyTorch, to check whether this machine, engine and release compute what PyTorch computes. */
@NullMarked
package org.jtorch.parity.verify;

import org.jspecify.annotations.NullMarked;
