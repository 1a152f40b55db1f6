/** Images: their pixels, what makes them the input of a model, and classifiers of them. */
@NullMarked
package org.jtorch.models.images;

import org.jspecify.annotations.NullMarked;
