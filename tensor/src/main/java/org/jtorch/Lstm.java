package org.jtorch;

import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
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
            TensorVector hx,
            TensorVector params,
            boolean hasBiases,
            long numLayers,
            double dropout,
            boolean train,
            boolean bidirectional,
            boolean batchFirst) {
        if (GradMode.is_enabled() || !isOneDnns(input, hx)) {
            return torch.lstm(input, hx, params, hasBiases, numLayers, dropout, train, bidirectional, batchFirst);
        }
        try (Tensor data = input.detach();
                TensorVector state = detached(hx);
                TensorVector weights = detached(params);
                AutoGradMode mode = new AutoGradMode(true)) {
            return torch.lstm(data, state, weights, hasBiases, numLayers, dropout, train, bidirectional, batchFirst);
        }
    }

    /** Of float32 on the CPU, and without projections, which make the hidden state smaller than the cell's. */
    private static boolean isOneDnns(Tensor input, TensorVector hx) {
        if (!input.is_cpu() || input.scalar_type().value != torch.ScalarType.Float.value || hx.size() != 2) {
            return false;
        }
        try (Tensor hidden = hx.get(0);
                Tensor cell = hx.get(1)) {
            return hidden.dim() == cell.dim() && hidden.dim() > 0 && hidden.size(-1) == cell.size(-1);
        }
    }

    private static TensorVector detached(TensorVector tensors) {
        TensorVector vector = new TensorVector();
        for (long i = 0; i < tensors.size(); i++) {
            try (Tensor tensor = tensors.get(i);
                    Tensor detached = tensor.detach()) {
                vector.push_back(detached);
            }
        }
        return vector;
    }
}
