package org.jtorch.nn.functional;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.internal.text.PythonText;

/**
 * The first half of multi-head attention: projects queries, keys and values and splits them into heads, (N, heads, length, E /
 * heads). The results are views of the projections as far as possible.
 */
record HeadProjections(
        long embedDim,
        long numHeads,
        @Nullable Tensor inProjWeight,
        @Nullable Tensor inProjBias,
        @Nullable Tensor biasK,
        @Nullable Tensor biasV,
        boolean addZeroAttn,
        MultiHeadAttentionOptions o) {

    /** The queries, keys and values of all heads. */
    record Heads(Tensor query, Tensor key, Tensor value) {}

    long headDim() {
        return embedDim / numHeads;
    }

    /** Returns the number of keys in addition to the given ones. */
    int furtherKeys() {
        return (biasK == null ? 0 : 1) + (addZeroAttn ? 1 : 0);
    }

    /** Projects batched tensors. If some of them are the same object, they are projected together. */
    Heads of(Tensor query, Tensor key, Tensor value) {
        check(query, key, value);
        int batchDim = o.batchFirst ? 0 : 1;
        long batch = query.size(batchDim);
        List<Tensor> projected = o.useSeparateProjWeight ? separate(query, key, value) : packed(query, key, value);
        Tensor k = projected.get(1);
        Tensor v = projected.get(2);
        if (biasK != null && biasV != null) {
            if (o.staticK != null) {
                throw new TorchException("bias cannot be added to static key.");
            }
            if (o.staticV != null) {
                throw new TorchException("bias cannot be added to static value.");
            }
            k = Torch.cat(List.of(k, repeated(biasK, batch)), 1 - batchDim);
            v = Torch.cat(List.of(v, repeated(biasV, batch)), 1 - batchDim);
        } else if (biasK != null) {
            throw new TorchException("bias_k is set but bias_v is None");
        } else if (biasV != null) {
            throw new TorchException("bias_v is set but bias_k is None");
        }
        k = o.staticK == null ? heads(k) : fixed("static_k", o.staticK, batch);
        v = o.staticV == null ? heads(v) : fixed("static_v", o.staticV, batch);
        if (addZeroAttn) {
            k = Torch.cat(List.of(k, k.newZeros(batch, numHeads, 1, headDim())), 2);
            v = Torch.cat(List.of(v, v.newZeros(batch, numHeads, 1, headDim())), 2);
        }
        return new Heads(heads(projected.get(0)), k, v);
    }

    private void check(Tensor query, Tensor key, Tensor value) {
        long given = query.size(-1);
        if (given != embedDim) {
            throw new TorchException("was expecting embedding dimension of " + embedDim + ", but got " + given);
        }
        if (numHeads <= 0 || headDim() * numHeads != embedDim) {
            throw new TorchException("embed_dim " + embedDim + " not divisible by num_heads " + numHeads);
        }
        if (o.useSeparateProjWeight) {
            long[] keyDims = Arrays.copyOf(key.shape(), 2);
            long[] valueDims = Arrays.copyOf(value.shape(), 2);
            if (!Arrays.equals(keyDims, valueDims)) {
                throw new TorchException("key's sequence and batch dims " + PythonText.size(keyDims)
                        + " do not match value's " + PythonText.size(valueDims));
            }
        } else if (!Arrays.equals(key.shape(), value.shape())) {
            throw new TorchException("key shape " + PythonText.size(key.shape()) + " does not match value shape "
                    + PythonText.size(value.shape()));
        }
    }

    /** Projects with one weight. Equal tensors are projected by one product. */
    private List<Tensor> packed(Tensor query, Tensor key, Tensor value) {
        if (inProjWeight == null) {
            throw new TorchException("use_separate_proj_weight is False but in_proj_weight is None");
        }
        if (key == value && query == key) {
            return F.linear(query, inProjWeight, inProjBias)
                    .unflatten(-1, new long[] {3, embedDim})
                    .unbind(-2);
        }
        if (key == value) {
            long[] parts = {embedDim, 2 * embedDim};
            List<Tensor> weights = inProjWeight.split(parts, 0);
            List<Tensor> biases = inProjBias == null ? null : inProjBias.split(parts, 0);
            Tensor q = F.linear(query, weights.get(0), biases == null ? null : biases.get(0));
            List<Tensor> kv = F.linear(key, weights.get(1), biases == null ? null : biases.get(1))
                    .unflatten(-1, new long[] {2, embedDim})
                    .unbind(-2);
            return List.of(q, kv.get(0), kv.get(1));
        }
        return linear(List.of(query, key, value), inProjWeight.chunk(3));
    }

    /** Projects with a separate weight for each. */
    private List<Tensor> separate(Tensor query, Tensor key, Tensor value) {
        List<Tensor> weights = List.of(
                ownWeight("q", "query", o.qProjWeight, query),
                ownWeight("k", "key", o.kProjWeight, key),
                ownWeight("v", "value", o.vProjWeight, value));
        return linear(List.of(query, key, value), weights);
    }

    private Tensor ownWeight(String letter, String what, @Nullable Tensor weight, Tensor input) {
        if (weight == null) {
            throw new TorchException("use_separate_proj_weight is True but " + letter + "_proj_weight is None");
        }
        long[] expected = {embedDim, input.size(-1)};
        if (!Arrays.equals(weight.shape(), expected)) {
            throw new TorchException("expecting " + what + " weights shape of " + PythonText.tuple(expected)
                    + ", but got " + PythonText.size(weight.shape()));
        }
        return weight;
    }

    private List<Tensor> linear(List<Tensor> inputs, List<Tensor> weights) {
        List<Tensor> biases = inProjBias == null ? null : inProjBias.chunk(3);
        return List.of(
                F.linear(inputs.get(0), weights.get(0), biases == null ? null : biases.get(0)),
                F.linear(inputs.get(1), weights.get(1), biases == null ? null : biases.get(1)),
                F.linear(inputs.get(2), weights.get(2), biases == null ? null : biases.get(2)));
    }

    /** Returns (1, 1, E) repeated for each sample of the batch, as one additional position. */
    private Tensor repeated(Tensor bias, long batch) {
        return o.batchFirst ? bias.expand(batch, 1, -1) : bias.expand(1, batch, -1);
    }

    /** Converts (length, N, E) or, if batch first, (N, length, E) to (N, heads, length, E / heads). */
    private Tensor heads(Tensor x) {
        Tensor split = x.unflatten(-1, new long[] {numHeads, headDim()});
        return o.batchFirst ? split.transpose(1, 2) : split.permute(1, 2, 0, 3);
    }

    private Tensor fixed(String name, Tensor given, long batch) {
        if (given.size(0) != batch * numHeads) {
            throw new TorchException(
                    "expecting " + name + ".size(0) of " + batch * numHeads + ", but got " + given.size(0));
        }
        if (given.size(2) != headDim()) {
            throw new TorchException("expecting " + name + ".size(2) of " + headDim() + ", but got " + given.size(2));
        }
        return given.unflatten(0, new long[] {batch, numHeads});
    }
}
