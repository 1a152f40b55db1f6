package org.jtorch.autograd;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;
import org.jtorch.internal.engine.EngineErrors;

/** A tensor saved for a backward pass: a handle that no scope owns, and the version of the tensor. */
final class SavedTensor {

    private final Tensor handle;

    /**
     * The index of the output of the function, or -1. Only the data of outputs is kept, since their history would refer to
     * this.
     */
    final int output;

    private final long version;
    private boolean freed;

    SavedTensor(Tensor tensor, int output) {
        if (tensor.is_inference()) {
            throw new TorchException(
                    "Inference tensors cannot be saved for backward. Please do not use Tensors created in"
                            + " inference mode in computation tracked by autograd. To work around this, you can make a clone to get"
                            + " a normal tensor and use it in autograd, or use `noGrad()` instead of `inferenceMode()`.");
        }
        this.output = output;
        handle = output < 0 ? new Tensor(tensor) : tensor.detach();
        version = handle._version();
    }

    /**
     * Returns a handle of the same tensor, which the caller must close, or null after {@link #free}, which the backward
     * pass of another thread may call.
     *
     * @throws TorchException if the tensor was changed in place since it was saved
     */
    synchronized @Nullable Tensor copy() {
        if (freed) {
            return null;
        }
        check();
        return new Tensor(handle);
    }

    private void check() {
        long now = handle._version();
        if (now != version) {
            throw new TorchException(
                    "one of the variables needed for gradient computation has been modified by an inplace"
                            + " operation: [" + described(handle) + "] is at version " + now + "; expected version "
                            + version
                            + " instead. Hint: the tensor was saved by saveForBackward and changed after that; clone() it first");
        }
    }

    /** Returns PyTorch's description of a tensor in this message: {@code torch.FloatTensor [2, 3]}. */
    private static String described(Tensor tensor) {
        List<Long> shape = new ArrayList<>();
        for (long i = 0; i < tensor.dim(); i++) {
            shape.add(tensor.size(i));
        }
        return EngineErrors.pythonTypes(tensor.toString()) + " " + shape;
    }

    synchronized void free() {
        if (!freed) {
            freed = true;
            handle.close();
        }
    }
}
