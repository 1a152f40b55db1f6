package org.jtorch.nn.sparse;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.internal.Arguments;

/**
 * A table of vectors: indices {@code (*)}, int32 or int64, to their rows {@code (*, embedding_dim)}.
 *
 * <p>Parameter: {@code weight} (num_embeddings, embedding_dim), standard normal, row {@code padding_idx} zero.
 *
 * <p>With {@code max_norm} a call changes the weight, also in eval mode: such a module belongs to one thread.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html">torch.nn.Embedding</a>
 */
public class Embedding extends Layer implements Resettable {

    /** The optional arguments of {@link Embedding}. */
    public static final class Options extends EmbeddingOptions<Options> {}

    private long numEmbeddings;

    private final long embeddingDim;

    private @Nullable Long paddingIdx;

    private @Nullable Number maxNorm;
    private Number normType;
    private boolean scaleGradByFreq;
    private boolean sparse;

    /** (num_embeddings, embedding_dim). */
    public Parameter weight;

    /** A table with the default options. */
    public Embedding(long numEmbeddings, long embeddingDim) {
        this(numEmbeddings, embeddingDim, o -> {});
    }

    /** A table with a row that stands for nothing; negative counts from the last. */
    public Embedding(long numEmbeddings, long embeddingDim, long paddingIdx) {
        this(numEmbeddings, embeddingDim, o -> o.paddingIdx(paddingIdx));
    }

    /**
     * A table.
     *
     * @param numEmbeddings the number of rows
     * @param embeddingDim a row's size
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if the padding index is no row
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
        Options o = Customized.of(new Options(), options);
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
     * Returns a table over given vectors, whose memory it shares.
     *
     * @param embeddings (num_embeddings, embedding_dim)
     * @param freeze whether the weight is left out of training
     * @param options sets the optional arguments; device and dtype are those of {@code embeddings}
     * @throws IllegalArgumentException if {@code embeddings} is no matrix, or the padding index is no row
     */
    public static Embedding fromPretrained(Tensor embeddings, boolean freeze, Consumer<Options> options) {
        Tables.checkMatrix(embeddings);
        return new Embedding(
                embeddings.size(0), embeddings.size(1), options(options), new Parameter(embeddings, !freeze));
    }

    /** Draws the weight anew. */
    @Override
    public final void resetParameters() {
        Tables.reset(weight, paddingIdx);
    }

    /** Returns the number of rows. */
    public final long numEmbeddings() {
        return numEmbeddings;
    }

    /**
     * Sets {@link #numEmbeddings()}: for a weight that is replaced by one of another shape. The weight stays as it is.
     *
     * @throws IllegalArgumentException if {@link #paddingIdx()} is no row any more
     */
    public final void numEmbeddings(long newNumEmbeddings) {
        Arguments.paddingRow(paddingIdx, newNumEmbeddings);
        numEmbeddings = newNumEmbeddings;
    }

    /** Returns a row's size. */
    public final long embeddingDim() {
        return embeddingDim;
    }

    /** Returns the row that stands for nothing, not negative, or null. */
    public final @Nullable Long paddingIdx() {
        return paddingIdx;
    }

    /**
     * Sets {@link #paddingIdx()}; negative counts from the last. The weight stays as it is.
     *
     * @throws IllegalArgumentException if there is no such row
     */
    public final void paddingIdx(@Nullable Long newPaddingIdx) {
        paddingIdx = Arguments.paddingRow(newPaddingIdx, numEmbeddings);
    }

    /** Rows whose norm is greater are scaled down to it when they are looked up; null: none are. */
    public final @Nullable Double maxNorm() {
        return Tables.real(maxNorm);
    }

    /** Sets {@link #maxNorm()}; it is shown as it is given. */
    public final void maxNorm(@Nullable Number newMaxNorm) {
        maxNorm = newMaxNorm;
    }

    /** Returns which norm {@link #maxNorm()} means. */
    public final double normType() {
        return normType.doubleValue();
    }

    /** Sets {@link #normType()}; it is shown as it is given. */
    public final void normType(Number newNormType) {
        normType = Objects.requireNonNull(newNormType, "normType");
    }

    /** Returns whether a row's gradient is divided by how often the batch names it. */
    public final boolean scaleGradByFreq() {
        return scaleGradByFreq;
    }

    /** Sets {@link #scaleGradByFreq()}. */
    public final void scaleGradByFreq(boolean newScaleGradByFreq) {
        scaleGradByFreq = newScaleGradByFreq;
    }

    /** Returns whether the weight's gradient is a sparse tensor. */
    public final boolean sparse() {
        return sparse;
    }

    /** Sets {@link #sparse()}. */
    public final void sparse(boolean newSparse) {
        sparse = newSparse;
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
