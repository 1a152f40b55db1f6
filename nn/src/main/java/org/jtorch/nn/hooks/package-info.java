/** Hooks that run before, after and around modules. They are registered through {@code Module} and {@code GlobalHooks}. */
@NullMarked
package org.jtorch.nn.hooks;

import org.jspecify.annotations.NullMarked;
