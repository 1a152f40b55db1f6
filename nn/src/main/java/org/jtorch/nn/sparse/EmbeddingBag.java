package org.jtorch.nn.sparse;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.internal.Arguments;

/**
 * Computes sums, means or maxima over bags of rows of a table of vectors, without creating the rows in between. It takes
 * indices {@code (B, N)}, which are bags of the same size, or {@code (N)} with the start {@code (B)} of each bag, and returns
 * {@code (B, embedding_dim)}.
 *
 * <p>Parameter: {@code weight} (num_embeddings, embedding_dim), initialized from the standard normal distribution; row
 * {@code padding_idx} is zero.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html">torch.nn.EmbeddingBag</a>
 */
public class EmbeddingBag extends Module<EmbeddingBag.Input, Tensor> implements Resettable {

    /**
     * The input of a bag of embeddings.
     *
     * @param input indices, int32 or int64, (B, N) or (N)
     * @param offsets the position in {@code input} (N) at which each bag begins, (B); null if the input is (B, N)
     * @param perSampleWeights weights with the shape of the input, for sums; or null for ones
     */
    public record Input(
            Tensor input,
            @Nullable Tensor offsets,
            @Nullable Tensor perSampleWeights) {}

    /** The optional arguments of {@link EmbeddingBag}. */
    public static final class Options extends EmbeddingOptions<Options> {
        private String mode = "mean";
        private boolean includeLastOffset;

        /** Sets the mode: {@code sum}, {@code mean} or {@code max}; the default is {@code mean}. */
        public Options mode(String newMode) {
            mode = newMode;
            return this;
        }

        /** Sets whether the offsets end with the size of the input; the default is {@code false}. */
        public Options includeLastOffset(boolean newIncludeLastOffset) {
            includeLastOffset = newIncludeLastOffset;
            return this;
        }
    }

    private long numEmbeddings;

    private final long embeddingDim;

    private @Nullable Long paddingIdx;

    private @Nullable Number maxNorm;
    private Number normType;
    private boolean scaleGradByFreq;
    private boolean sparse;
    private String mode;
    private boolean includeLastOffset;

    /** The table, (num_embeddings, embedding_dim). */
    public Parameter weight;

    /** Creates a bag that computes means. */
    public EmbeddingBag(long numEmbeddings, long embeddingDim) {
        this(numEmbeddings, embeddingDim, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param numEmbeddings the number of rows
     * @param embeddingDim the size of a row
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if the padding index is not a row
     */
    public EmbeddingBag(long numEmbeddings, long embeddingDim, Consumer<Options> options) {
        this(numEmbeddings, embeddingDim, Customized.of(new Options(), options), null);
    }

    private EmbeddingBag(long numEmbeddings, long embeddingDim, Options o, @Nullable Parameter given) {
        this.numEmbeddings = numEmbeddings;
        this.embeddingDim = embeddingDim;
        maxNorm = o.maxNorm;
        normType = o.normType;
        scaleGradByFreq = o.scaleGradByFreq;
        sparse = o.sparse;
        mode = o.mode;
        includeLastOffset = o.includeLastOffset;
        paddingIdx = Arguments.paddingRow(o.paddingIdx, numEmbeddings);
        weight = given == null ? Tables.weight(numEmbeddings, embeddingDim, o) : given;
        if (given == null) {
            resetParameters();
        }
    }

    /** Returns a frozen table over the given vectors; see {@link #fromPretrained(Tensor, boolean, Consumer)}. */
    public static EmbeddingBag fromPretrained(Tensor embeddings) {
        return fromPretrained(embeddings, true, o -> {});
    }

    /**
     * Returns a bag over the given vectors, whose memory it shares.
     *
     * @param embeddings (num_embeddings, embedding_dim)
     * @param freeze whether the weight is excluded from training
     * @param options sets the optional arguments; the device and the dtype are those of {@code embeddings}
     * @throws IllegalArgumentException if {@code embeddings} is not a matrix, or the padding index is not a row
     */
    public static EmbeddingBag fromPretrained(Tensor embeddings, boolean freeze, Consumer<Options> options) {
        Tables.checkMatrix(embeddings);
        return new EmbeddingBag(
                embeddings.size(0),
                embeddings.size(1),
                Customized.of(new Options(), options),
                new Parameter(embeddings, !freeze));
    }

    /** Draws new initial values for the weight. */
    @Override
    public final void resetParameters() {
        Tables.reset(weight, paddingIdx);
    }

    /** Runs {@link #call(Object)} for bags of the same size, (B, N). */
    public final Tensor call(Tensor input) {
        return call(new Input(input, null, null));
    }

    /** Runs {@link #call(Object)} for bags of any size: (N) and the start of each bag. */
    public final Tensor call(Tensor input, Tensor offsets) {
        return call(new Input(input, offsets, null));
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

    /** Returns the mode: {@code sum}, {@code mean} or {@code max}. */
    public final String mode() {
        return mode;
    }

    /** Sets {@link #mode()}. */
    public final void mode(String newMode) {
        mode = Objects.requireNonNull(newMode, "mode");
    }

    /** Returns whether the offsets end with the size of the input. */
    public final boolean includeLastOffset() {
        return includeLastOffset;
    }

    /** Sets {@link #includeLastOffset()}. */
    public final void includeLastOffset(boolean newIncludeLastOffset) {
        includeLastOffset = newIncludeLastOffset;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.embeddingBag(
                in.input(),
                weight,
                in.offsets(),
                Tables.real(maxNorm),
                normType.doubleValue(),
                scaleGradByFreq,
                mode,
                sparse,
                in.perSampleWeights(),
                includeLastOffset,
                paddingIdx);
    }

    @Override
    protected String extraRepr() {
        StringBuilder out =
                new StringBuilder().append(numEmbeddings).append(", ").append(embeddingDim);
        if (maxNorm != null) {
            out.append(", max_norm=").append(PythonText.number(maxNorm));
        }
        if (normType.doubleValue() != 2) {
            out.append(", norm_type=").append(PythonText.number(normType));
        }
        if (scaleGradByFreq) {
            out.append(", scale_grad_by_freq=True");
        }
        out.append(", mode='").append(mode).append('\'');
        if (paddingIdx != null) {
            out.append(", padding_idx=").append(paddingIdx);
        }
        return out.toString();
    }
}
