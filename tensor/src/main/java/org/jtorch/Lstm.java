package org.jtorch;

import java.util.List;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * {@code aten::lstm} with the bits that it has with gradients, in every mode. For float32 on the CPU the engine asks whether
 * gradients are enabled, and without them takes another kernel of oneDNN, whose results differ by rounding. So in that case the
 * operator runs with gradients enabled, on tensors that require none.
 */
final class Lstm {

    private Lstm() {}

    static T_TensorTensorTensor_T run(
            Tensor input,
            List<Tensor> hx,
            List<Tensor> params,
            boolean hasBiases,
            long numLayers,
            double dropout,
            boolean train,
            boolean bidirectional,
            boolean batchFirst) {
        org.bytedeco.pytorch.Tensor x = Ops.in(input);
        boolean otherKernel = !GradMode.is_enabled() && x.is_cpu() && isOneDnns(x, hx);
        if (!otherKernel) {
            try (TensorVector state = Ops.vector(hx);
                    TensorVector weights = Ops.vector(params)) {
                return torch.lstm(x, state, weights, hasBiases, numLayers, dropout, train, bidirectional, batchFirst);
            }
        }
        try (org.bytedeco.pytorch.Tensor data = x.detach();
                TensorVector state = detached(hx);
                TensorVector weights = detached(params);
                AutoGradMode mode = new AutoGradMode(true)) {
            return torch.lstm(data, state, weights, hasBiases, numLayers, dropout, train, bidirectional, batchFirst);
        }
    }

    /** Of float32, and without projections, which make the hidden state smaller than the cell's. */
    private static boolean isOneDnns(org.bytedeco.pytorch.Tensor x, List<Tensor> hx) {
        return x.scalar_type().value == torch.ScalarType.Float.value
                && hx.size() == 2
                && hx.get(0).dim() == hx.get(1).dim()
                && hx.get(0).dim() > 0
                && hx.get(0).size(-1) == hx.get(1).size(-1);
    }

    private static TensorVector detached(List<Tensor> tensors) {
        TensorVector vector = new TensorVector();
        for (Tensor tensor : tensors) {
            try (org.bytedeco.pytorch.Tensor detached = Ops.in(tensor).detach()) {
                vector.push_back(detached);
            }
        }
        return vector;
    }
}
