/** What stands on the module system and serves several of its packages. No API. */
@NullMarked
package org.jtorch.nn.internal.modules;

import org.jspecify.annotations.NullMarked;
