package org.jtorch.examples;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.GELU;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;
import org.jtorch.nn.sparse.Embedding;

/**
 * A language model of characters: a small transformer that can keep the keys and values of earlier characters.
 * {@link TrainCharLm} trains it.
 */
public final class CharLm extends Module<CharLm.Input, CharLm.Output> {

    /** The greatest number of characters. */
    static final int CONTEXT = 64;

    private static final int DIM = 64;
    private static final int HEADS = 4;

    /** Keys and values of earlier characters: (N, heads, length, dim / heads) each. */
    record Past(Tensor keys, Tensor values) {}

    /** Characters (N, L), or their vectors (N, L, dim) inside of the model, after those of {@code past}, one for each layer. */
    record Input(Tensor x, @Nullable List<Past> past) {}

    /** Logits (N, L, characters), or vectors, and the keys and values of all characters up to now. */
    record Output(Tensor x, List<Past> past) {}

    static final class Attention extends Module<Input, Output> {
        Linear qkv = new Linear(DIM, 3 * DIM);
        Linear out = new Linear(DIM, DIM);

        @Override
        protected Output forward(Input in) {
            List<Tensor> qkv = this.qkv
                    .call(in.x)
                    .unflatten(-1, 3, HEADS, -1)
                    .permute(2, 0, 3, 1, 4)
                    .unbind(0);
            Past past = in.past == null ? null : in.past.get(0);
            Tensor k = past == null ? qkv.get(1) : Torch.cat(List.of(past.keys, qkv.get(1)), 2);
            Tensor v = past == null ? qkv.get(2) : Torch.cat(List.of(past.values, qkv.get(2)), 2);
            Tensor y = F.scaledDotProductAttention(qkv.get(0), k, v, null, 0, past == null);
            return new Output(out.call(y.transpose(1, 2).flatten(2)), List.of(new Past(k, v)));
        }
    }

    static final class Block extends Module<Input, Output> {
        LayerNorm norm1 = new LayerNorm(DIM);
        Attention attention = new Attention();
        LayerNorm norm2 = new LayerNorm(DIM);
        Sequential mlp = new Sequential(new Linear(DIM, 4 * DIM), new GELU(), new Linear(4 * DIM, DIM));

        @Override
        protected Output forward(Input in) {
            Output attended = attention.call(new Input(norm1.call(in.x), in.past));
            Tensor x = in.x.add(attended.x);
            return new Output(x.add(mlp.call(norm2.call(x))), attended.past);
        }
    }

    final Embedding tokens;
    final Embedding positions;
    final ModuleList<Block> blocks;
    final LayerNorm norm;
    final Linear head;

    CharLm(int vocabulary) {
        tokens = new Embedding(vocabulary, DIM);
        positions = new Embedding(CONTEXT, DIM);
        blocks = new ModuleList<>(new Block(), new Block());
        norm = new LayerNorm(DIM);
        head = new Linear(DIM, vocabulary, o -> o.bias(false));
    }

    @Override
    protected Output forward(Input in) {
        long before = in.past == null ? 0 : in.past.get(0).keys.size(2);
        Tensor x = tokens.call(in.x).add(positions.call(Torch.arange(before, before + in.x.size(1))));
        List<Past> past = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Output out = blocks.get(i).call(new Input(x, in.past == null ? null : List.of(in.past.get(i))));
            x = out.x;
            past.addAll(out.past);
        }
        return new Output(head.call(norm.call(x)), past);
    }
}
