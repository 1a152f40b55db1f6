/** Reference models. */
@NullMarked
package org.jtorch.models;

import org.jspecify.annotations.NullMarked;
