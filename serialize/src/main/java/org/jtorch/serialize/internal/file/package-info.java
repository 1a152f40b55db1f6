/** Files: mapped, written completely or not at all, and recognized if they are not checkpoints. Not an API. */
@NullMarked
package org.jtorch.serialize.internal.file;

import org.jspecify.annotations.NullMarked;
