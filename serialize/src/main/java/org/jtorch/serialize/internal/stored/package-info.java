/** What a file stores, before anything of it is read. No API. */
@NullMarked
package org.jtorch.serialize.internal.stored;

import org.jspecify.annotations.NullMarked;
