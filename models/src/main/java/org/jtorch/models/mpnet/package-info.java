/** MPNet. */
@NullMarked
package org.jtorch.models.mpnet;

import org.jspecify.annotations.NullMarked;
