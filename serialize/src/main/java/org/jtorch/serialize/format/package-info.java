/** What is said of every file of tensors, whatever its format: its tensors, its limits, and why it cannot be read. */
@NullMarked
package org.jtorch.serialize.format;

import org.jspecify.annotations.NullMarked;
