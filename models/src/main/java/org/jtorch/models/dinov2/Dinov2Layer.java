package org.jtorch.models.dinov2;

import java.util.function.UnaryOperator;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.layers.VisionAttention;
import org.jtorch.nn.Module;
import org.jtorch.nn.Name;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/**
 * Attention among the patches and a map of each patch, each of what is normalized, scaled, and added to its input: (N, S, hidden_size)
 * to (N, S, hidden_size).
 *
 * @see <a href="https://arxiv.org/abs/2304.07193">DINOv2: Learning Robust Visual Features without Supervision</a>
 */
final class Dinov2Layer extends Module<Tensor, Tensor> {

    LayerNorm norm1;
    VisionAttention attention;

    @Name("layer_scale1")
    Scale layerScale1;

    LayerNorm norm2;
    Module<Tensor, Tensor> mlp;

    @Name("layer_scale2")
    Scale layerScale2;

    private final double dropPathRate;

    Dinov2Layer(Dinov2Config config) {
        norm1 = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
        attention = new VisionAttention(config.attention());
        layerScale1 = new Scale(config);
        norm2 = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
        mlp = config.useSwigluFfn ? new SwiGlu(config) : new Mlp(config);
        layerScale2 = new Scale(config);
        dropPathRate = config.dropPathRate;
    }

    @Override
    protected Tensor forward(Tensor states) {
        Tensor x = states.add(dropPath(layerScale1.call(attention.call(norm1.call(states)))));
        return x.add(dropPath(layerScale2.call(mlp.call(norm2.call(x)))));
    }

    /** Drops what was computed of some images in training, and scales that of the others. */
    private Tensor dropPath(Tensor x) {
        if (dropPathRate == 0 || !isTraining()) {
            return x;
        }
        return x.mul(F.dropout(Torch.onesLike(x.narrow(1, 0, 1).narrow(2, 0, 1)), dropPathRate, true));
    }

    /** A factor of each dimension. */
    static final class Scale extends Module<Tensor, Tensor> {
        Parameter lambda1;

        Scale(Dinov2Config config) {
            lambda1 = new Parameter(Torch.full(new long[] {config.hiddenSize}, config.layerscaleValue));
        }

        @Override
        protected Tensor forward(Tensor x) {
            return x.mul(lambda1);
        }
    }

    /** {@code fc2(activation(fc1(x)))}. */
    static final class Mlp extends Module<Tensor, Tensor> {
        Linear fc1;
        Linear fc2;
        private final UnaryOperator<Tensor> activation;

        Mlp(Dinov2Config config) {
            long size = (long) (config.hiddenSize * config.mlpRatio);
            fc1 = new Linear(config.hiddenSize, size);
            fc2 = new Linear(size, config.hiddenSize);
            activation = config.hiddenAct;
        }

        @Override
        protected Tensor forward(Tensor x) {
            return fc2.call(activation.apply(fc1.call(x)));
        }
    }

    /** {@code out(silu(first half of in(x)) * second half)}. */
    static final class SwiGlu extends Module<Tensor, Tensor> {
        Linear weightsIn;
        Linear weightsOut;

        SwiGlu(Dinov2Config config) {
            long whole = (long) (config.hiddenSize * config.mlpRatio);
            long size = (whole * 2 / 3 + 7) / 8 * 8;
            weightsIn = new Linear(config.hiddenSize, 2 * size);
            weightsOut = new Linear(size, config.hiddenSize);
        }

        @Override
        protected Tensor forward(Tensor x) {
            var halves = weightsIn.call(x).chunk(2, -1);
            return weightsOut.call(F.silu(halves.get(0)).mul(halves.get(1)));
        }
    }
}
