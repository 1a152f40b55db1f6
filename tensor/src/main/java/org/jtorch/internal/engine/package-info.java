/** The engine, started and guarded; nothing here knows a tensor of this project. No API. */
@NullMarked
package org.jtorch.internal.engine;

import org.jspecify.annotations.NullMarked;
