package org.jtorch.nn.sparse;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.init.Init;

/** The table of vectors of {@link Embedding} and {@link EmbeddingBag}. */
final class Tables {

    private Tables() {}

    /** Returns a table that is not yet initialized. */
    static Parameter weight(long rows, long columns, EmbeddingOptions<?> o) {
        return new Parameter(Torch.empty(new long[] {rows, columns}, o.tensorOptions()));
    }

    /** Fills the table from the standard normal distribution, and the padding row with zeros. */
    static void reset(Parameter weight, @Nullable Long paddingRow) {
        Init.normal_(weight);
        if (paddingRow != null) {
            try (GradMode mode = Autograd.noGrad();
                    Tensor row = weight.select(0, paddingRow)) {
                row.zero_();
            }
        }
    }

    /** Throws if the given vectors are not a matrix. */
    static void checkMatrix(Tensor embeddings) {
        if (embeddings.dim() != 2) {
            throw new IllegalArgumentException("Embeddings parameter is expected to be 2-dimensional, but is "
                    + PythonText.size(embeddings.shape()));
        }
    }

    static @Nullable Double real(@Nullable Number value) {
        return value == null ? null : value.doubleValue();
    }
}
