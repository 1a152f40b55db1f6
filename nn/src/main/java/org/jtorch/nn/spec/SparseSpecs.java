package org.jtorch.nn.spec;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.internal.PythonText;
import org.jtorch.nn.sparse.Embedding;

/** The constructors of {@code org.jtorch.nn.sparse}. */
final class SparseSpecs {

    private SparseSpecs() {}

    static void enter(Catalog c) {
        c.add(
                "Embedding(num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0,"
                        + " scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None,"
                        + " dtype=None)",
                SparseSpecs::embedding);
    }

    private static Embedding embedding(Arguments a) {
        Tensor given = weight(a);
        return given == null
                ? new Embedding(a.integer("num_embeddings"), a.integer("embedding_dim"), o -> embedding(a, o))
                : Embedding.fromPretrained(given, a.bool("_freeze"), o -> embedding(a, o));
    }

    private static void embedding(Arguments a, Embedding.Options o) {
        a.placed(o)
                .normType(a.real("norm_type"))
                .scaleGradByFreq(a.bool("scale_grad_by_freq"))
                .sparse(a.bool("sparse"));
        if (!a.isNone("padding_idx")) {
            o.paddingIdx(a.integer("padding_idx"));
        }
        if (!a.isNone("max_norm")) {
            o.maxNorm(a.real("max_norm"));
        }
    }

    /** {@code _weight}, which must have the shape that the numbers say. */
    static @Nullable Tensor weight(Arguments a) {
        Tensor given = a.tensorOrNull("_weight");
        if (given != null
                && !Objects.deepEquals(
                        given.shape(), new long[] {a.integer("num_embeddings"), a.integer("embedding_dim")})) {
            throw new IllegalArgumentException("Shape of weight does not match num_embeddings and embedding_dim: "
                    + PythonText.size(given.shape()));
        }
        return given;
    }
}
