/** Starts the processes of a group on a machine, and watches them. */
@org.jspecify.annotations.NullMarked
package org.jtorch.distributed.launch;
