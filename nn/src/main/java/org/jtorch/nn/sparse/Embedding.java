package org.jtorch.nn.sparse;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.F;
import org.jtorch.nn.Layer;
import org.jtorch.nn.Parameter;
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
    public static final class Options extends EmbeddingOptions<Options> {
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

    private final @Nullable Number maxNorm;
    private final Number normType;
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
        weight = given == null ? Tables.weight(numEmbeddings, embeddingDim, o) : given;
        if (given == null) {
            resetParameters();
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
        Tables.checkMatrix(embeddings);
        return new Embedding(
                embeddings.size(0), embeddings.size(1), options(options), new Parameter(embeddings, !freeze));
    }

    /** Draws the weight anew. */
    public final void resetParameters() {
        Tables.reset(weight, paddingIdx);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.embedding(
                x, weight, paddingIdx, Tables.real(maxNorm), normType.doubleValue(), scaleGradByFreq, sparse);
    }

    @Override
    protected String extraRepr() {
        StringBuilder out =
                new StringBuilder().append(numEmbeddings).append(", ").append(embeddingDim);
        if (paddingIdx != null) {
            out.append(", padding_idx=").append(paddingIdx);
        }
        if (maxNorm != null) {
            out.append(", max_norm=").append(PythonText.number(maxNorm));
        }
        if (normType.doubleValue() != 2) {
            out.append(", norm_type=").append(PythonText.number(normType));
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
