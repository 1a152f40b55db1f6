package org.jtorch;

import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Modes;
import org.jtorch.internal.engine.OneDnnCheck;

/**
 * {@code aten::lstm} with the same bits in every mode. For float32 on the CPU, the engine uses another kernel of oneDNN if
 * gradients are disabled, and its results differ by rounding. In that case this class runs the operator with gradients
 * enabled, on tensors that do not require grad.
 *
 * <p>On machines on which oneDNN's kernels in low precision are wrong ({@link OneDnnCheck}), such an LSTM is computed in float32, and
 * the results are rounded. So is one under autocast on processors for which oneDNN has no such kernels, where the engine would throw an
 * error.
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
        ScalarType low = lowPrecision(input, hx, params);
        if (low != null) {
            return inFloat32(
                    input,
                    hx,
                    params,
                    low,
                    (x, state, weights) -> torch.lstm(
                            x, state, weights, hasBiases, numLayers, dropout, train, bidirectional, batchFirst));
        }
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

    /** The engine's function, with its other arguments. */
    @FunctionalInterface
    private interface Kernel {
        T_TensorTensorTensor_T run(Tensor input, TensorVector hx, TensorVector params);
    }

    /** Returns the dtype of an LSTM that oneDNN would compute wrongly, or not at all, on this machine; otherwise null. */
    private static @Nullable ScalarType lowPrecision(Tensor input, TensorVector hx, TensorVector params) {
        ScalarType dtype = Rounding.common(true, input);
        if (dtype == null || dtype.value == ScalarType.Float.value) {
            return null;
        }
        boolean failsInAutocast = Modes.isAutocastEnabled(DeviceType.CPU) && !OneDnnPrecision.hasKernels(dtype);
        if (!failsInAutocast && OneDnnCheck.convolutionsAreRight()) {
            return null;
        }
        for (TensorVector tensors : new TensorVector[] {hx, params}) {
            for (long i = 0; i < tensors.size(); i++) {
                try (Tensor tensor = tensors.get(i)) {
                    if (Rounding.common(true, input, tensor) == null) {
                        return null;
                    }
                }
            }
        }
        return dtype;
    }

    private static T_TensorTensorTensor_T inFloat32(
            Tensor input, TensorVector hx, TensorVector params, ScalarType low, Kernel kernel) {
        try (Tensor x = Rounding.widened(input, low, ScalarType.Float);
                TensorVector state = widened(hx, low);
                TensorVector weights = widened(params, low);
                T_TensorTensorTensor_T wide = Rounding.withoutAutocast(() -> kernel.run(x, state, weights));
                Tensor output = wide.get0();
                Tensor hidden = wide.get1();
                Tensor cell = wide.get2();
                Tensor roundedOutput = output.to(low);
                Tensor roundedHidden = hidden.to(low);
                Tensor roundedCell = cell.to(low)) {
            return new T_TensorTensorTensor_T(roundedOutput, roundedHidden, roundedCell);
        }
    }

    private static TensorVector widened(TensorVector tensors, ScalarType low) {
        TensorVector vector = new TensorVector();
        for (long i = 0; i < tensors.size(); i++) {
            try (Tensor tensor = tensors.get(i);
                    Tensor wide = Rounding.widened(tensor, low, ScalarType.Float)) {
                vector.push_back(wide);
            }
        }
        return vector;
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
