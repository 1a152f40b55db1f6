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
 * Sums, means or maxima over bags of rows of a table of vectors, without the rows in between: indices {@code (B, N)}, bags of
 * the same size, or {@code (N)} with the bags' beginnings {@code (B)}, to {@code (B, embedding_dim)}.
 *
 * <p>Parameter: {@code weight} (num_embeddings, embedding_dim), standard normal, row {@code padding_idx} zero.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html">torch.nn.EmbeddingBag</a>
 */
public class EmbeddingBag extends Module<EmbeddingBag.Input, Tensor> implements Resettable {

    /**
     * What a bag of embeddings takes.
     *
     * @param input indices, int32 or int64, (B, N) or (N)
     * @param offsets where in {@code input} (N) each bag begins, (B); null if the input is (B, N)
     * @param perSampleWeights weights shaped as the input, for sums; or null for ones
     */
    public record Input(
            Tensor input,
            @Nullable Tensor offsets,
            @Nullable Tensor perSampleWeights) {}

    /** The optional arguments of {@link EmbeddingBag}. */
    public static final class Options extends EmbeddingOptions<Options> {
        private String mode = "mean";
        private boolean includeLastOffset;

        /** {@code sum}, {@code mean} or {@code max}; default {@code mean}. */
        public Options mode(String newMode) {
            mode = newMode;
            return this;
        }

        /** Sets whether the offsets end with the input's size; the default is {@code false}. */
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

    /** (num_embeddings, embedding_dim). */
    public Parameter weight;

    /** Means. */
    public EmbeddingBag(long numEmbeddings, long embeddingDim) {
        this(numEmbeddings, embeddingDim, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param numEmbeddings the number of rows
     * @param embeddingDim a row's size
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if the padding index is no row
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

    /** {@link #fromPretrained(Tensor, boolean, Consumer)}, frozen, with the default options. */
    public static EmbeddingBag fromPretrained(Tensor embeddings) {
        return fromPretrained(embeddings, true, o -> {});
    }

    /**
     * Bags over given vectors, whose memory is shared.
     *
     * @param embeddings (num_embeddings, embedding_dim)
     * @param freeze whether the weight is left out of training
     * @param options sets the optional arguments; device and dtype are those of {@code embeddings}
     * @throws IllegalArgumentException if {@code embeddings} is no matrix, or the padding index is no row
     */
    public static EmbeddingBag fromPretrained(Tensor embeddings, boolean freeze, Consumer<Options> options) {
        Tables.checkMatrix(embeddings);
        return new EmbeddingBag(
                embeddings.size(0),
                embeddings.size(1),
                Customized.of(new Options(), options),
                new Parameter(embeddings, !freeze));
    }

    /** Draws the weight anew. */
    @Override
    public final void resetParameters() {
        Tables.reset(weight, paddingIdx);
    }

    /** Bags of the same size: {@link #call(Object)} of (B, N). */
    public final Tensor call(Tensor input) {
        return call(new Input(input, null, null));
    }

    /** Bags of any size: {@link #call(Object)} of (N) and the bags' beginnings. */
    public final Tensor call(Tensor input, Tensor offsets) {
        return call(new Input(input, offsets, null));
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

    /** {@code sum}, {@code mean} or {@code max}. */
    public final String mode() {
        return mode;
    }

    /** Sets {@link #mode()}. */
    public final void mode(String newMode) {
        mode = Objects.requireNonNull(newMode, "mode");
    }

    /** Returns whether the offsets end with the input's size. */
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
