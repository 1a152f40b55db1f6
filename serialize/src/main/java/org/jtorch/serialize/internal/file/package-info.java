/** Files as such: mapped, written whole or not at all, or told from what is no checkpoint. No API. */
@NullMarked
package org.jtorch.serialize.internal.file;

import org.jspecify.annotations.NullMarked;
