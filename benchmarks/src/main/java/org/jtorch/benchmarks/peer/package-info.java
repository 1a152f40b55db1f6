/** The cases of {@code jtorch bench}, row for row those of {@code parity/bench/peer_bench.py}. */
@NullMarked
package org.jtorch.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
