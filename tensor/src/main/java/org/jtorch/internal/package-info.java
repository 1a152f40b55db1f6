/** Not API: what the packages of jtorch-tensor share among themselves. It may change without notice. */
@NullMarked
package org.jtorch.internal;

import org.jspecify.annotations.NullMarked;
