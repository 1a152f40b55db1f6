/** The value that a file holds, and the ways through it: state dicts, modules, unknown classes. No API. */
@NullMarked
package org.jtorch.serialize.internal.contents;

import org.jspecify.annotations.NullMarked;
