package org.jtorch.models.decoder;

import java.util.List;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/** Turns pairs of elements of queries and keys by angles that grow with the position. It has no parameters. */
public final class RotaryEmbedding {

    /**
     * The cosines and sines for some positions.
     *
     * @param cos (N or 1, 1, S, head_dim)
     * @param sin (N or 1, 1, S, head_dim), those of the first half of the elements with the other sign
     */
    public record Angles(Tensor cos, Tensor sin) {

        /** Turns queries or keys, (N, heads, S, head_dim). */
        public Tensor apply(Tensor x) {
            long half = x.size(-1) / 2;
            Tensor swapped = Torch.cat(List.of(x.narrow(-1, half, half), x.narrow(-1, 0, half)), -1);
            return x.mul(cos).add(swapped.mul(sin));
        }
    }

    private final float[] frequencies;
    private final double scale;

    /** Creates the embedding of a model. */
    public RotaryEmbedding(RotaryParameters parameters) {
        this.frequencies = parameters.frequencies();
        this.scale = parameters.scale();
    }

    /**
     * Returns the angles for positions. They are computed in float32.
     *
     * @param positions (N, S) or (1, S), int64
     * @param dtype the dtype of the result
     */
    public Angles angles(Tensor positions, DType dtype) {
        Device device = positions.device();
        Tensor turns = Torch.tensor(frequencies, TensorOptions.of(DType.FLOAT32).device(device));
        Tensor half = positions.to(DType.FLOAT32).unsqueeze(-1).mul(turns); // (N, S, head_dim / 2)
        Tensor cos = scaled(half.cos(), dtype);
        Tensor sin = scaled(half.sin(), dtype);
        return new Angles(
                Torch.cat(List.of(cos, cos), -1).unsqueeze(1),
                Torch.cat(List.of(sin.neg(), sin), -1).unsqueeze(1));
    }

    private Tensor scaled(Tensor values, DType dtype) {
        return (scale == 1 ? values : values.mul(scale)).to(dtype);
    }
}
