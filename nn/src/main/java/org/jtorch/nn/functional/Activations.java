package org.jtorch.nn.functional;

import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.internal.text.PythonText;

/** Activation functions that need more than one operator. */
final class Activations {

    private Activations() {}

    static Tensor hardtanh(Tensor input, Number minVal, Number maxVal, boolean inplace) {
        if (minVal.doubleValue() > maxVal.doubleValue()) {
            throw new IllegalArgumentException("min_val cannot be greater than max_val, but they are "
                    + PythonText.number(minVal) + " and " + PythonText.number(maxVal));
        }
        return inplace ? input.hardtanh_(minVal, maxVal) : input.hardtanh(minVal, maxVal);
    }

    static Tensor glu(Tensor input, long dim) {
        if (input.dim() == 0) {
            throw new TorchException("glu does not support scalars because halving size must be even");
        }
        return input.glu(dim);
    }

    static Tensor gumbelSoftmax(Tensor logits, double tau, boolean hard, long dim) {
        // Random numbers are drawn in the order of memory, so the noise is contiguous whatever the logits are.
        Tensor noise = Torch.empty(
                        logits.shape(),
                        TensorOptions.DEFAULT.dtype(logits.dtype()).device(logits.device()))
                .exponential_()
                .log()
                .neg();
        Tensor soft = logits.add(noise).div(tau).softmax(dim);
        if (!hard) {
            return soft;
        }
        Tensor choice = soft.argmax(dim, true);
        Tensor oneHot = Torch.zerosLike(logits).scatter_(dim, choice, 1.0);
        return oneHot.sub(soft.detach()).add(soft);
    }

    /** Returns the dimension along which PyTorch computes a softmax if none is given. */
    static long implicitDim(Tensor input) {
        long dims = input.dim();
        return dims == 0 || dims == 1 || dims == 3 ? 0 : 1;
    }
}
