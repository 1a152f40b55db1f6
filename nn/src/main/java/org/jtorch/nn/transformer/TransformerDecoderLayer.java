package org.jtorch.nn.transformer;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Module;
import org.jtorch.nn.Unregistered;
import org.jtorch.nn.activation.MultiheadAttention;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/**
 * A decoder layer of a transformer: attention of the target to itself, attention of the target to the memory, and two linear
 * maps. The result of each goes through dropout, is added to its input, and is normalized; with norm_first, the input is
 * normalized instead.
 *
 * <p>Shapes: {@link Input}; the output has the shape of {@code tgt}.
 *
 * @see <a
 *     href="https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html">torch.nn.TransformerDecoderLayer</a>
 * @see <a href="https://arxiv.org/abs/1706.03762">Attention is all you need, Vaswani et al. 2017</a>
 */
public class TransformerDecoderLayer extends Module<TransformerDecoderLayer.Input, Tensor> {

    /**
     * The input of the layer. A position is excluded if a bool mask is true there; a floating-point mask is added to the
     * scores.
     *
     * @param tgt (T, N, d_model); (N, T, d_model) if batch first; (T, d_model) for a single sequence
     * @param memory the output of the encoder, (S, N, d_model); (N, S, d_model) if batch first; (S, d_model) for a single
     *     sequence
     * @param tgtMask (T, T) or (N * nhead, T, T), or null
     * @param memoryMask (T, S) or (N * nhead, T, S), or null
     * @param tgtKeyPaddingMask (N, T), or (T), or null
     * @param memoryKeyPaddingMask (N, S), or (S), or null
     * @param tgtIsCausal states that {@code tgtMask}, which must be given, is the causal mask; if that is not so, the results
     *     are wrong
     * @param memoryIsCausal states that {@code memoryMask}, which must be given, is the causal mask
     */
    public record Input(
            Tensor tgt,
            Tensor memory,
            @Nullable Tensor tgtMask,
            @Nullable Tensor memoryMask,
            @Nullable Tensor tgtKeyPaddingMask,
            @Nullable Tensor memoryKeyPaddingMask,
            boolean tgtIsCausal,
            boolean memoryIsCausal) {}

    /** The optional arguments of {@link TransformerDecoderLayer}. */
    public static final class Options extends TransformerLayerOptions<Options> {}

    boolean normFirst;

    /** The attention of the target to itself. */
    public MultiheadAttention selfAttn;

    /** The attention of the target to the memory. */
    public MultiheadAttention multiheadAttn;

    /** The linear map to dim_feedforward. */
    public Linear linear1;

    /** The dropout between the linear maps. */
    public Dropout dropout;

    /** The linear map back to d_model. */
    public Linear linear2;

    /** The normalization of the self-attention. */
    public LayerNorm norm1;

    /** The normalization of the attention to the memory. */
    public LayerNorm norm2;

    /** The normalization of the linear maps. */
    public LayerNorm norm3;

    /** The dropout of the self-attention's result. */
    public Dropout dropout1;

    /** The dropout of the result of the attention to the memory. */
    public Dropout dropout2;

    /** The dropout of the linear maps' result. */
    public Dropout dropout3;

    /** The activation between the linear maps if it is a module, otherwise null. */
    public @Nullable Module<Tensor, Tensor> activation;

    @Unregistered
    private final NamedFunction function;

    /** Creates a layer with the default options. */
    public TransformerDecoderLayer(long dModel, long nhead) {
        this(dModel, nhead, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param dModel the size of an element of the sequences
     * @param nhead the number of heads among which it is divided
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if a size is not positive, or {@code dModel} is not a multiple of {@code nhead}
     */
    public TransformerDecoderLayer(long dModel, long nhead, Consumer<Options> options) {
        this(dModel, nhead, Customized.of(new Options(), options));
    }

    TransformerDecoderLayer(long dModel, long nhead, Options o) {
        normFirst = o.isNormFirst();
        selfAttn = o.attention(dModel, nhead);
        multiheadAttn = o.attention(dModel, nhead);
        linear1 = o.widening(dModel);
        dropout = new Dropout(o.dropout());
        linear2 = o.narrowing(dModel);
        norm1 = o.norm(dModel);
        norm2 = o.norm(dModel);
        norm3 = o.norm(dModel);
        dropout1 = new Dropout(o.dropout());
        dropout2 = new Dropout(o.dropout());
        dropout3 = new Dropout(o.dropout());
        activation = o.activation();
        function = o.function();
    }

    /** Runs the layer without masks; see {@link #call(Object)}. */
    public final Tensor call(Tensor tgt, Tensor memory) {
        return call(tgt, memory, null, null);
    }

    /** Runs the layer with masks, either of which may be null; see {@link #call(Object)}. */
    public final Tensor call(Tensor tgt, Tensor memory, @Nullable Tensor tgtMask, @Nullable Tensor memoryMask) {
        return call(new Input(tgt, memory, tgtMask, memoryMask, null, null, false, false));
    }

    /** Returns whether inputs of attention and linear maps are normalized, instead of the sums after them. */
    public final boolean normFirst() {
        return normFirst;
    }

    /** Sets {@link #normFirst()}. */
    public final void normFirst(boolean newNormFirst) {
        normFirst = newNormFirst;
    }

    @Override
    protected Tensor forward(Input in) {
        Tensor x = in.tgt();
        if (normFirst) {
            x = x.add(toItself(norm1.call(x), in));
            x = x.add(toMemory(norm2.call(x), in));
            return x.add(feedForward(norm3.call(x)));
        }
        x = norm1.call(x.add(toItself(x, in)));
        x = norm2.call(x.add(toMemory(x, in)));
        return norm3.call(x.add(feedForward(x)));
    }

    private Tensor toItself(Tensor x, Input in) {
        MultiheadAttention.Input self = new MultiheadAttention.Input(
                x, x, x, in.tgtKeyPaddingMask(), false, in.tgtMask(), null, in.tgtIsCausal());
        return dropout1.call(selfAttn.call(self).attnOutput());
    }

    private Tensor toMemory(Tensor x, Input in) {
        MultiheadAttention.Input across = new MultiheadAttention.Input(
                x,
                in.memory(),
                in.memory(),
                in.memoryKeyPaddingMask(),
                false,
                in.memoryMask(),
                null,
                in.memoryIsCausal());
        return dropout2.call(multiheadAttn.call(across).attnOutput());
    }

    private Tensor feedForward(Tensor x) {
        Tensor wide = function.apply(activation, linear1.call(x));
        return dropout3.call(linear2.call(dropout.call(wide)));
    }
}
