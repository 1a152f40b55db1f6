/** Embeddings of texts, from the folders of {@code sentence-transformers}. */
@NullMarked
package org.jtorch.models.sentence;

import org.jspecify.annotations.NullMarked;
