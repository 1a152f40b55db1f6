/** Training in several processes: groups of processes, data parallelism, and sharded state. */
@org.jspecify.annotations.NullMarked
package org.jtorch.distributed;
