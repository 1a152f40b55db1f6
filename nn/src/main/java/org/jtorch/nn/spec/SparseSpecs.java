package org.jtorch.nn.spec;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.sparse.Embedding;
import org.jtorch.nn.sparse.EmbeddingBag;
import org.jtorch.nn.sparse.EmbeddingOptions;

/** The constructors of {@code org.jtorch.nn.sparse}. */
final class SparseSpecs {

    private SparseSpecs() {}

    static void enter(Catalog c) {
        c.add(
                "Embedding(num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0,"
                        + " scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None,"
                        + " dtype=None)",
                SparseSpecs::embedding);
        c.add(
                "EmbeddingBag(num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False,"
                        + " mode='mean', sparse=False, _weight=None, include_last_offset=False, padding_idx=None,"
                        + " device=None, dtype=None)",
                SparseSpecs::embeddingBag);
    }

    private static Embedding embedding(Arguments a) {
        Tensor given = weight(a);
        return given == null
                ? new Embedding(a.integer("num_embeddings"), a.integer("embedding_dim"), o -> shared(a, o))
                : Embedding.fromPretrained(given, a.bool("_freeze"), o -> shared(a, o));
    }

    private static EmbeddingBag embeddingBag(Arguments a) {
        Tensor given = weight(a);
        Consumer<EmbeddingBag.Options> options =
                o -> shared(a, o).mode(a.string("mode")).includeLastOffset(a.bool("include_last_offset"));
        return given == null
                ? new EmbeddingBag(a.integer("num_embeddings"), a.integer("embedding_dim"), options)
                : EmbeddingBag.fromPretrained(given, false, options);
    }

    private static <O extends EmbeddingOptions<O>> O shared(Arguments a, O options) {
        O o = a.placed(options)
                .normType(a.number("norm_type"))
                .scaleGradByFreq(a.bool("scale_grad_by_freq"))
                .sparse(a.bool("sparse"));
        if (!a.isNone("padding_idx")) {
            o.paddingIdx(a.integer("padding_idx"));
        }
        if (!a.isNone("max_norm")) {
            o.maxNorm(a.number("max_norm"));
        }
        return o;
    }

    /** Returns {@code _weight}, which must have the shape that the numbers give. */
    private static @Nullable Tensor weight(Arguments a) {
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
