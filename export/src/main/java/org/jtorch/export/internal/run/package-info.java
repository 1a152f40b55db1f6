/** Runs graphs operator by operator. */
@NullMarked
package org.jtorch.export.internal.run;

import org.jspecify.annotations.NullMarked;
