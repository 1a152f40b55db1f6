/** Recording of modules as programs. */
@NullMarked
package org.jtorch.export.internal.record;

import org.jspecify.annotations.NullMarked;
