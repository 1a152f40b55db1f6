/** Code that uses the module system and serves several packages. It is not part of the API. */
@NullMarked
package org.jtorch.nn.internal.modules;

import org.jspecify.annotations.NullMarked;
