/** The value of a file, and its conversions: state dicts, modules, unknown classes. Not an API. */
@NullMarked
package org.jtorch.serialize.internal.contents;

import org.jspecify.annotations.NullMarked;
