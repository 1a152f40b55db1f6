package org.jtorch.nn.sparse;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.F;
import org.jtorch.nn.Layer;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.internal.Arguments;
import org.jtorch.nn.internal.PythonText;

/**
 * A table of vectors: indices {@code (*)}, int32 or int64, to their rows {@code (*, embedding_dim)}.
 *
 * <p>Parameter: {@code weight} (num_embeddings, embedding_dim), standard normal, row {@code padding_idx} zero.
 *
 * <p>With {@code max_norm} a call changes the weight, also in eval mode: such a module belongs to one thread.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html">torch.nn.Embedding</a>
 */
public class Embedding extends Layer {

    /** The optional arguments of {@link Embedding}. */
    public static final class Options extends LayerOptions<Options> {
        private @Nullable Long paddingIdx;
        private @Nullable Double maxNorm;
        private double normType = 2.0;
        private boolean scaleGradByFreq;
        private boolean sparse;

        /** The row that stands for nothing: zero at first, and without gradient; negative counts from the last. */
        public Options paddingIdx(long newPaddingIdx) {
            paddingIdx = newPaddingIdx;
            return this;
        }

        /** Rows whose norm is greater are scaled down to it when they are looked up; default: none are. */
        public Options maxNorm(double newMaxNorm) {
            maxNorm = newMaxNorm;
            return this;
        }

        /** Which norm {@link #maxNorm} means; default 2. */
        public Options normType(double newNormType) {
            normType = newNormType;
            return this;
        }

        /** Whether a row's gradient is divided by how often the batch names it; default false. */
        public Options scaleGradByFreq(boolean newScaleGradByFreq) {
            scaleGradByFreq = newScaleGradByFreq;
            return this;
        }

        /** Whether the weight's gradient is a sparse tensor; default false. */
        public Options sparse(boolean newSparse) {
            sparse = newSparse;
            return this;
        }

        @Override
        protected Options self() {
            return this;
        }
    }

    /** The number of rows. */
    public final long numEmbeddings;

    /** A row's size. */
    public final long embeddingDim;

    /** The row that stands for nothing, not negative, or null. */
    public final @Nullable Long paddingIdx;

    private final @Nullable Double maxNorm;
    private final double normType;
    private final boolean scaleGradByFreq;
    private final boolean sparse;

    /** (num_embeddings, embedding_dim). */
    public Parameter weight;

    /** A table with the default options. */
    public Embedding(long numEmbeddings, long embeddingDim) {
        this(numEmbeddings, embeddingDim, o -> {});
    }

    /**
     * A table.
     *
     * @param numEmbeddings the number of rows
     * @param embeddingDim a row's size
     * @param options sets the optional arguments
     * @throws IllegalArgumentException where the padding index is no row
     */
    public Embedding(long numEmbeddings, long embeddingDim, Consumer<Options> options) {
        this(numEmbeddings, embeddingDim, options(options), null);
    }

    private Embedding(long numEmbeddings, long embeddingDim, Options o, @Nullable Parameter given) {
        this.numEmbeddings = numEmbeddings;
        this.embeddingDim = embeddingDim;
        paddingIdx = Arguments.paddingRow(o.paddingIdx, numEmbeddings);
        maxNorm = o.maxNorm;
        normType = o.normType;
        scaleGradByFreq = o.scaleGradByFreq;
        sparse = o.sparse;
        if (given == null) {
            weight = new Parameter(Torch.empty(new long[] {numEmbeddings, embeddingDim}, o.tensorOptions()));
            resetParameters();
        } else {
            weight = given;
        }
    }

    private static Options options(Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        return o;
    }

    /** {@link #fromPretrained(Tensor, boolean, Consumer)}, frozen, with the default options. */
    public static Embedding fromPretrained(Tensor embeddings) {
        return fromPretrained(embeddings, true);
    }

    /** {@link #fromPretrained(Tensor, boolean, Consumer)} with the default options. */
    public static Embedding fromPretrained(Tensor embeddings, boolean freeze) {
        return fromPretrained(embeddings, freeze, o -> {});
    }

    /**
     * A table over given vectors, whose memory it shares.
     *
     * @param embeddings (num_embeddings, embedding_dim)
     * @param freeze whether the weight is left out of training
     * @param options sets the optional arguments; device and dtype are those of {@code embeddings}
     * @throws IllegalArgumentException where {@code embeddings} is no matrix, or the padding index is no row
     */
    public static Embedding fromPretrained(Tensor embeddings, boolean freeze, Consumer<Options> options) {
        if (embeddings.dim() != 2) {
            throw new IllegalArgumentException("Embeddings parameter is expected to be 2-dimensional, but is "
                    + Arrays.toString(embeddings.shape()));
        }
        return new Embedding(
                embeddings.size(0), embeddings.size(1), options(options), new Parameter(embeddings, !freeze));
    }

    /** Draws the weight anew. */
    public final void resetParameters() {
        Init.normal_(weight);
        if (paddingIdx != null) {
            try (GradMode mode = Autograd.noGrad();
                    Tensor row = weight.select(0, paddingIdx)) {
                row.zero_();
            }
        }
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.embedding(x, weight, paddingIdx, maxNorm, normType, scaleGradByFreq, sparse);
    }

    @Override
    protected String extraRepr() {
        StringBuilder out =
                new StringBuilder().append(numEmbeddings).append(", ").append(embeddingDim);
        if (paddingIdx != null) {
            out.append(", padding_idx=").append(paddingIdx);
        }
        if (maxNorm != null) {
            out.append(", max_norm=").append(PythonText.of(maxNorm));
        }
        if (normType != 2) {
            out.append(", norm_type=").append(PythonText.of(normType));
        }
        if (scaleGradByFreq) {
            out.append(", scale_grad_by_freq=True");
        }
        if (sparse) {
            out.append(", sparse=True");
        }
        return out.toString();
    }
}
