/** Starts the engine and guards it. This package does not use the classes of {@code org.jtorch}. Not an API. */
@NullMarked
package org.jtorch.internal.engine;

import org.jspecify.annotations.NullMarked;
