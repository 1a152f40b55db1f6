package org.jtorch.nn.transformer;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Module;
import org.jtorch.nn.Unregistered;
import org.jtorch.nn.activation.MultiheadAttention;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.functional.AttentionMasks;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/**
 * An encoder layer of a transformer: {@code x = norm1(x + attention(x))}, then
 * {@code norm2(x + linear2(activation(linear1(x))))}; with norm_first, {@code x + attention(norm1(x))} and so on. The second
 * term of both sums goes through dropout.
 *
 * <p>Shapes: {@link Input}; the output has the shape of {@code src}.
 *
 * <p>The same operators run in training and in eval mode, with gradients and without. In contrast, PyTorch runs a layer in eval
 * mode without gradients in one kernel. Its results differ by rounding, with one exception: a position whose keys are all
 * masked gives NaN there.
 *
 * @see <a
 *     href="https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html">torch.nn.TransformerEncoderLayer</a>
 * @see <a href="https://arxiv.org/abs/1706.03762">Attention is all you need, Vaswani et al. 2017</a>
 * @see <a href="https://arxiv.org/abs/2002.04745">On layer normalization in the transformer architecture, Xiong et al. 2020</a>
 */
public class TransformerEncoderLayer extends Module<TransformerEncoderLayer.Input, Tensor> {

    /**
     * The input of the layer.
     *
     * @param src (S, N, d_model); (N, S, d_model) if batch first; (S, d_model) for a single sequence
     * @param srcMask the pairs of positions that may not attend to each other, (S, S) or (N * nhead, S, S), or null. They are
     *     excluded if a bool mask is true there; a floating-point mask is added to the scores
     * @param srcKeyPaddingMask the positions that no position attends to, (N, S) or (S), in the same form as the other mask; or
     *     null
     * @param isCausal states that {@code srcMask}, which must be given, is the causal mask; if that is not so, the results are
     *     wrong
     */
    public record Input(
            Tensor src, @Nullable Tensor srcMask, @Nullable Tensor srcKeyPaddingMask, boolean isCausal) {}

    /** The optional arguments of {@link TransformerEncoderLayer}. */
    public static final class Options extends TransformerLayerOptions<Options> {}

    boolean normFirst;

    /** The attention of the sequence to itself. */
    public MultiheadAttention selfAttn;

    /** The linear map to dim_feedforward. */
    public Linear linear1;

    /** The dropout between the linear maps. */
    public Dropout dropout;

    /** The linear map back to d_model. */
    public Linear linear2;

    /** The normalization of the attention. */
    public LayerNorm norm1;

    /** The normalization of the linear maps. */
    public LayerNorm norm2;

    /** The dropout of the attention's result. */
    public Dropout dropout1;

    /** The dropout of the linear maps' result. */
    public Dropout dropout2;

    /** The activation between the linear maps if it is a module, otherwise null. */
    public @Nullable Module<Tensor, Tensor> activation;

    /** The activation between the linear maps if it is not a module. */
    @Unregistered
    final NamedFunction function;

    /** Creates a layer with the default options. */
    public TransformerEncoderLayer(long dModel, long nhead) {
        this(dModel, nhead, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param dModel the size of an element of the sequence
     * @param nhead the number of heads among which it is divided
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if a size is not positive, or {@code dModel} is not a multiple of {@code nhead}
     */
    public TransformerEncoderLayer(long dModel, long nhead, Consumer<Options> options) {
        this(dModel, nhead, Customized.of(new Options(), options));
    }

    TransformerEncoderLayer(long dModel, long nhead, Options o) {
        normFirst = o.isNormFirst();
        selfAttn = o.attention(dModel, nhead);
        linear1 = o.widening(dModel);
        dropout = new Dropout(o.dropout());
        linear2 = o.narrowing(dModel);
        norm1 = o.norm(dModel);
        norm2 = o.norm(dModel);
        dropout1 = new Dropout(o.dropout());
        dropout2 = new Dropout(o.dropout());
        activation = o.activation();
        function = o.function();
    }

    /** Runs the layer without masks; see {@link #call(Object)}. */
    public final Tensor call(Tensor src) {
        return call(src, null, null);
    }

    /** Runs the layer with masks, either of which may be null; see {@link #call(Object)}. */
    public final Tensor call(Tensor src, @Nullable Tensor srcMask, @Nullable Tensor srcKeyPaddingMask) {
        return call(new Input(src, srcMask, srcKeyPaddingMask, false));
    }

    /** Returns whether inputs of attention and linear maps are normalized, instead of the sums after them. */
    public final boolean normFirst() {
        return normFirst;
    }

    /** Sets {@link #normFirst()}. */
    public final void normFirst(boolean newNormFirst) {
        normFirst = newNormFirst;
    }

    /** Returns which activation the layer has: 1 for relu, 2 for gelu, 0 for any other. */
    public final int activationReluOrGelu() {
        return function.reluOrGelu(activation);
    }

    @Override
    protected Tensor forward(Input in) {
        Input canonical = canonical(in);
        Tensor x = in.src();
        if (normFirst) {
            x = x.add(attention(norm1.call(x), canonical));
            return x.add(feedForward(norm2.call(x)));
        }
        x = norm1.call(x.add(attention(x, canonical)));
        return norm2.call(x.add(feedForward(x)));
    }

    /** Returns the input with its masks in the form that is added to the scores. */
    private static Input canonical(Input in) {
        DType dtype = in.src().dtype();
        return new Input(
                in.src(),
                AttentionMasks.canonical(in.srcMask(), "src_mask", null, "", dtype),
                AttentionMasks.canonical(
                        in.srcKeyPaddingMask(), "src_key_padding_mask", in.srcMask(), "src_mask", dtype),
                in.isCausal());
    }

    private Tensor attention(Tensor x, Input in) {
        MultiheadAttention.Input self =
                new MultiheadAttention.Input(x, x, x, in.srcKeyPaddingMask(), false, in.srcMask(), null, in.isCausal());
        return dropout1.call(selfAttn.call(self).attnOutput());
    }

    private Tensor feedForward(Tensor x) {
        Tensor wide = function.apply(activation, linear1.call(x));
        return dropout2.call(linear2.call(dropout.call(wide)));
    }
}
