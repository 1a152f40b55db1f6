/**
 * What decoders share: rotary positions, attention with a cache, gated maps, and the model that they make up; and what all models that
 * write texts are to {@code Generation}.
 */
@NullMarked
package org.jtorch.models.decoder;

import org.jspecify.annotations.NullMarked;
