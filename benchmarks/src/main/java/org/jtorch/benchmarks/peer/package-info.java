/** The cases of {@code jtorch bench}, which have the same rows as {@code parity/bench/peer_bench.py}. */
@NullMarked
package org.jtorch.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
