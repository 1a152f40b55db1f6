/** What runs before, after and around modules. Registered through {@code Module} and {@code GlobalHooks}. */
@NullMarked
package org.jtorch.nn.hooks;

import org.jspecify.annotations.NullMarked;
