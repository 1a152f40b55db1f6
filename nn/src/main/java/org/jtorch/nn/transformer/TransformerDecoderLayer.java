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
 * A transformer's decoder layer: attention of the target to itself, attention of the target to the memory, two linear maps;
 * each is dropped out, added to what it was given, and normalised, with norm_first before.
 *
 * <p>Shapes: {@link Input}; the output is shaped as {@code tgt}.
 *
 * @see <a
 *     href="https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html">torch.nn.TransformerDecoderLayer</a>
 * @see <a href="https://arxiv.org/abs/1706.03762">Attention is all you need, Vaswani et al. 2017</a>
 */
public class TransformerDecoderLayer extends Module<TransformerDecoderLayer.Input, Tensor> {

    /**
     * What the layer takes. A bool mask keeps out where it holds; a floating point mask is added to the scores.
     *
     * @param tgt (T, N, d_model), batch first (N, T, d_model), or a single sequence (T, d_model)
     * @param memory what the encoder gave, (S, N, d_model), batch first (N, S, d_model), or (S, d_model)
     * @param tgtMask (T, T) or (N * nhead, T, T), or null
     * @param memoryMask (T, S) or (N * nhead, T, S), or null
     * @param tgtKeyPaddingMask (N, T), or (T), or null
     * @param memoryKeyPaddingMask (N, S), or (S), or null
     * @param tgtIsCausal that {@code tgtMask}, which must be there, is the causal one; a wrong hint gives wrong results
     * @param memoryIsCausal that {@code memoryMask}, which must be there, is the causal one
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

    /** Attention of the target to itself. */
    public MultiheadAttention selfAttn;

    /** Attention of the target to the memory. */
    public MultiheadAttention multiheadAttn;

    /** To dim_feedforward. */
    public Linear linear1;

    /** Between the linear maps. */
    public Dropout dropout;

    /** Back to d_model. */
    public Linear linear2;

    /** Of the attention to itself. */
    public LayerNorm norm1;

    /** Of the attention to the memory. */
    public LayerNorm norm2;

    /** Of the linear maps. */
    public LayerNorm norm3;

    /** Of what attention to itself gives. */
    public Dropout dropout1;

    /** Of what attention to the memory gives. */
    public Dropout dropout2;

    /** Of what the linear maps give. */
    public Dropout dropout3;

    /** What stands between the linear maps, where it is a module; else null. */
    public @Nullable Module<Tensor, Tensor> activation;

    @Unregistered
    private final NamedFunction function;

    /** With the default options. */
    public TransformerDecoderLayer(long dModel, long nhead) {
        this(dModel, nhead, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param dModel the size of the sequences' elements
     * @param nhead how many heads share it
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if a size is not positive, or {@code dModel} is no multiple of {@code nhead}
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

    /** Without masks: {@link #call(Object)}. */
    public final Tensor call(Tensor tgt, Tensor memory) {
        return call(tgt, memory, null, null);
    }

    /** With masks, either of which may be null: {@link #call(Object)}. */
    public final Tensor call(Tensor tgt, Tensor memory, @Nullable Tensor tgtMask, @Nullable Tensor memoryMask) {
        return call(new Input(tgt, memory, tgtMask, memoryMask, null, null, false, false));
    }

    /** Returns whether normalisations stand before attention and linear maps. */
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
