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
 * A transformer's encoder layer: {@code x = norm1(x + attention(x))}, then {@code norm2(x + linear2(activation(linear1(x))))};
 * with norm_first, {@code x + attention(norm1(x))} and so on. Both sums' second terms go through dropout.
 *
 * <p>Shapes: {@link Input}; the output is shaped as {@code src}.
 *
 * <p>The same operators run in training and in eval mode, with gradients and without. PyTorch runs a layer in eval mode without
 * gradients in one kernel instead; its results differ by rounding, except that a position whose keys are all masked gives NaN there.
 *
 * @see <a
 *     href="https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html">torch.nn.TransformerEncoderLayer</a>
 * @see <a href="https://arxiv.org/abs/1706.03762">Attention is all you need, Vaswani et al. 2017</a>
 * @see <a href="https://arxiv.org/abs/2002.04745">On layer normalization in the transformer architecture, Xiong et al. 2020</a>
 */
public class TransformerEncoderLayer extends Module<TransformerEncoderLayer.Input, Tensor> {

    /**
     * What the layer takes.
     *
     * @param src (S, N, d_model), batch first (N, S, d_model), or a single sequence (S, d_model)
     * @param srcMask which positions may not attend to which, (S, S) or (N * nhead, S, S): where a bool mask holds; a floating point
     *     mask is added to the scores; or null
     * @param srcKeyPaddingMask which positions no position attends to, (N, S), or (S), as the other mask; or null
     * @param isCausal that {@code srcMask}, which must be there, is the causal one; a wrong hint gives wrong results
     */
    public record Input(
            Tensor src, @Nullable Tensor srcMask, @Nullable Tensor srcKeyPaddingMask, boolean isCausal) {}

    /** The optional arguments of {@link TransformerEncoderLayer}. */
    public static final class Options extends TransformerLayerOptions<Options> {}

    boolean normFirst;

    /** Attention of the sequence to itself. */
    public MultiheadAttention selfAttn;

    /** To dim_feedforward. */
    public Linear linear1;

    /** Between the linear maps. */
    public Dropout dropout;

    /** Back to d_model. */
    public Linear linear2;

    /** Of the attention. */
    public LayerNorm norm1;

    /** Of the linear maps. */
    public LayerNorm norm2;

    /** Of what attention gives. */
    public Dropout dropout1;

    /** Of what the linear maps give. */
    public Dropout dropout2;

    /** What stands between the linear maps, where it is a module; else null. */
    public @Nullable Module<Tensor, Tensor> activation;

    /** What stands between the linear maps, where it is no module. */
    @Unregistered
    final NamedFunction function;

    /** With the default options. */
    public TransformerEncoderLayer(long dModel, long nhead) {
        this(dModel, nhead, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param dModel the size of the sequence's elements
     * @param nhead how many heads share it
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if a size is not positive, or {@code dModel} is no multiple of {@code nhead}
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

    /** Without masks: {@link #call(Object)}. */
    public final Tensor call(Tensor src) {
        return call(src, null, null);
    }

    /** With masks, either of which may be null: {@link #call(Object)}. */
    public final Tensor call(Tensor src, @Nullable Tensor srcMask, @Nullable Tensor srcKeyPaddingMask) {
        return call(new Input(src, srcMask, srcKeyPaddingMask, false));
    }

    /** Returns whether normalisations stand before attention and linear maps. */
    public final boolean normFirst() {
        return normFirst;
    }

    /** Sets {@link #normFirst()}. */
    public final void normFirst(boolean newNormFirst) {
        normFirst = newNormFirst;
    }

    /** Which activation it has: 1 for relu, 2 for gelu, 0 for another. */
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

    /** Returns the input with masks that are added to the scores. */
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
