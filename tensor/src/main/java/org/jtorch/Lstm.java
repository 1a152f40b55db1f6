package org.jtorch;

import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * {@code aten::lstm} with the same bits in every mode. For float32 on the CPU, the engine uses another kernel of oneDNN if
 * gradients are disabled, and its results differ by rounding. In that case this class runs the operator with gradients
 * enabled, on tensors that do not require grad.
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

    /**
     * Returns whether oneDNN computes this LSTM: float32 on the CPU, without projections, which make the hidden state
     * smaller than the cell state.
     */
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
