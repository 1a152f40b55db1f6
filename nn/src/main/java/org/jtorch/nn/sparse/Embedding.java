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
 * A table of vectors: takes indices {@code (*)}, int32 or int64, and returns their rows {@code (*, embedding_dim)}.
 *
 * <p>Parameter: {@code weight} (num_embeddings, embedding_dim), initialized from the standard normal distribution; row
 * {@code padding_idx} is zero.
 *
 * <p>With {@code max_norm}, a call changes the weight, even in eval mode. Such a module must be used by one thread only.
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

    /** The table, (num_embeddings, embedding_dim). */
    public Parameter weight;

    /** Creates a table with the default options. */
    public Embedding(long numEmbeddings, long embeddingDim) {
        this(numEmbeddings, embeddingDim, o -> {});
    }

    /** Creates a table with a padding row. A negative index counts from the last row. */
    public Embedding(long numEmbeddings, long embeddingDim, long paddingIdx) {
        this(numEmbeddings, embeddingDim, o -> o.paddingIdx(paddingIdx));
    }

    /**
     * Creates a table.
     *
     * @param numEmbeddings the number of rows
     * @param embeddingDim the size of a row
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if the padding index is not a row
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

    /** Returns a frozen table over the given vectors; see {@link #fromPretrained(Tensor, boolean, Consumer)}. */
    public static Embedding fromPretrained(Tensor embeddings) {
        return fromPretrained(embeddings, true);
    }

    /**
     * Returns a table over the given vectors with the default options; see {@link #fromPretrained(Tensor, boolean, Consumer)}.
     */
    public static Embedding fromPretrained(Tensor embeddings, boolean freeze) {
        return fromPretrained(embeddings, freeze, o -> {});
    }

    /**
     * Returns a table over the given vectors, whose memory it shares.
     *
     * @param embeddings (num_embeddings, embedding_dim)
     * @param freeze whether the weight is excluded from training
     * @param options sets the optional arguments; the device and the dtype are those of {@code embeddings}
     * @throws IllegalArgumentException if {@code embeddings} is not a matrix, or the padding index is not a row
     */
    public static Embedding fromPretrained(Tensor embeddings, boolean freeze, Consumer<Options> options) {
        Tables.checkMatrix(embeddings);
        return new Embedding(
                embeddings.size(0), embeddings.size(1), options(options), new Parameter(embeddings, !freeze));
    }

    /** Draws new initial values for the weight. */
    @Override
    public final void resetParameters() {
        Tables.reset(weight, paddingIdx);
    }

    /** Returns the number of rows. */
    public final long numEmbeddings() {
        return numEmbeddings;
    }

    /**
     * Sets {@link #numEmbeddings()}, for a weight that is replaced by one of another shape. The weight is not changed.
     *
     * @throws IllegalArgumentException if {@link #paddingIdx()} would no longer be a row
     */
    public final void numEmbeddings(long newNumEmbeddings) {
        Arguments.paddingRow(paddingIdx, newNumEmbeddings);
        numEmbeddings = newNumEmbeddings;
    }

    /** Returns the size of a row. */
    public final long embeddingDim() {
        return embeddingDim;
    }

    /** Returns the index of the padding row, which is not negative, or null. */
    public final @Nullable Long paddingIdx() {
        return paddingIdx;
    }

    /**
     * Sets {@link #paddingIdx()}; a negative index counts from the last row. The weight is not changed.
     *
     * @throws IllegalArgumentException if there is no such row
     */
    public final void paddingIdx(@Nullable Long newPaddingIdx) {
        paddingIdx = Arguments.paddingRow(newPaddingIdx, numEmbeddings);
    }

    /** Returns the norm to which rows with a greater norm are scaled down when they are looked up, or null if none are. */
    public final @Nullable Double maxNorm() {
        return Tables.real(maxNorm);
    }

    /** Sets {@link #maxNorm()}; {@link #toString} shows it as given. */
    public final void maxNorm(@Nullable Number newMaxNorm) {
        maxNorm = newMaxNorm;
    }

    /** Returns the exponent p of the norm for {@link #maxNorm()}. */
    public final double normType() {
        return normType.doubleValue();
    }

    /** Sets {@link #normType()}; {@link #toString} shows it as given. */
    public final void normType(Number newNormType) {
        normType = Objects.requireNonNull(newNormType, "normType");
    }

    /** Returns whether the gradient of a row is divided by the number of times that the row occurs in the batch. */
    public final boolean scaleGradByFreq() {
        return scaleGradByFreq;
    }

    /** Sets {@link #scaleGradByFreq()}. */
    public final void scaleGradByFreq(boolean newScaleGradByFreq) {
        scaleGradByFreq = newScaleGradByFreq;
    }

    /** Returns whether the gradient of the weight is a sparse tensor. */
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
