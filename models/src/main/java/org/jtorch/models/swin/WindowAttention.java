package org.jtorch.models.swin;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.vision.Initial;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;

/** Attention with several heads among the pixels of each window: (N, H, W, C) to the same shape. */
abstract class WindowAttention extends Module<Tensor, Tensor> {

    Linear qkv;
    Linear proj;
    final long heads;
    final long[] window;
    private final long[] shift;
    private final double attentionDropout;
    private final double dropout;

    /**
     * Creates the layer.
     *
     * @param dim the number of channels C
     * @param isShifted whether the windows are shifted by half their size
     */
    WindowAttention(SwinTransformerConfig config, long dim, long heads, boolean isShifted) {
        qkv = new Linear(dim, 3 * dim);
        proj = new Linear(dim, dim);
        this.heads = heads;
        window = config.windowSize.stream().mapToLong(Long::longValue).toArray();
        shift = config.windowSize.stream()
                .mapToLong(size -> isShifted ? size / 2 : 0)
                .toArray();
        attentionDropout = config.attentionDropout;
        dropout = config.dropout;
    }

    /** Returns what is added to the scores, (1, heads, S, S). */
    abstract Tensor bias();

    /** Returns the scores of keys for queries, (N, heads, S, S) for (N, heads, S, C / heads). */
    abstract Tensor scores(Tensor query, Tensor key);

    /** Returns the summand of queries, keys and values. */
    abstract @Nullable Tensor qkvBias();

    @Override
    protected Tensor forward(Tensor image) {
        Windows windows = new Windows(image, window, shift);
        Tensor x = windows.split(image);
        Tensor all = F.linear(x, qkv.weight, qkvBias())
                .reshape(x.size(0), x.size(1), 3, heads, x.size(2) / heads)
                .permute(2, 0, 3, 1, 4);
        Tensor scores = scores(all.select(0, 0), all.select(0, 1)).add(bias());
        Tensor mask = windows.mask(x);
        if (mask != null) {
            scores = scores.unflatten(0, -1, windows.count()).add(mask).flatten(0, 1);
        }
        Tensor weights = F.dropout(scores.softmax(-1), attentionDropout, isTraining());
        Tensor mixed = weights.matmul(all.select(0, 2)).transpose(1, 2).flatten(2);
        return windows.join(F.dropout(proj.call(mixed), dropout, isTraining()));
    }

    long pixels() {
        return window[0] * window[1];
    }

    /** The attention of the first version: scaled products, and a learned summand for each distance. */
    static final class ShiftedWindowAttention extends WindowAttention {
        Parameter relativePositionBiasTable;
        Buffer relativePositionIndex;

        ShiftedWindowAttention(SwinTransformerConfig config, long dim, long heads, boolean isShifted) {
            super(config, dim, heads, isShifted);
            Tensor table = Torch.empty((2 * window[0] - 1) * (2 * window[1] - 1), heads);
            Initial.truncated(table, 0.02);
            relativePositionBiasTable = new Parameter(table);
            relativePositionIndex = new Buffer(RelativePositions.index(window));
        }

        @Override
        Tensor bias() {
            return RelativePositions.bias(relativePositionBiasTable, relativePositionIndex, pixels());
        }

        @Override
        Tensor scores(Tensor query, Tensor key) {
            return query.mul(Math.pow(query.size(3), -0.5)).matmul(key.transpose(-2, -1));
        }

        @Override
        @Nullable
        Tensor qkvBias() {
            return qkv.bias;
        }
    }

    /** The attention of the second version: cosines with a learned scale, and a summand computed from each distance. */
    static final class ShiftedWindowAttentionV2 extends WindowAttention {
        Parameter logitScale;
        Buffer relativeCoordsTable;
        Buffer relativePositionIndex;
        Sequential cpbMlp;

        ShiftedWindowAttentionV2(SwinTransformerConfig config, long dim, long heads, boolean isShifted) {
            super(config, dim, heads, isShifted);
            logitScale =
                    new Parameter(Torch.full(new long[] {heads, 1, 1}, 10.0).log());
            relativeCoordsTable = new Buffer(RelativePositions.table(window));
            relativePositionIndex = new Buffer(RelativePositions.index(window));
            cpbMlp = new Sequential(new Linear(2, 512), new ReLU(true), new Linear(512, heads, o -> o.bias(false)));
        }

        @Override
        Tensor bias() {
            Tensor values = cpbMlp.call(relativeCoordsTable).view(-1, heads);
            return RelativePositions.bias(values, relativePositionIndex, pixels())
                    .sigmoid()
                    .mul(16);
        }

        @Override
        Tensor scores(Tensor query, Tensor key) {
            Tensor cosines =
                    F.normalize(query, 2, -1).matmul(F.normalize(key, 2, -1).transpose(-2, -1));
            return cosines.mul(logitScale.clampMax(Math.log(100)).exp());
        }

        /** Returns the summand with zeros for the keys, since a softmax ignores it. */
        @Override
        Tensor qkvBias() {
            Tensor bias = Objects.requireNonNull(qkv.bias).clone();
            long size = bias.numel() / 3;
            bias.narrow(0, size, size).zero_();
            return bias;
        }
    }
}
