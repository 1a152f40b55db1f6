/** The cases of {@code jtorch bench}, row for row those of {@code parity/bench/peer_bench.py}. */
@NullMarked
package org.jtorch.cli.bench;

import org.jspecify.annotations.NullMarked;
