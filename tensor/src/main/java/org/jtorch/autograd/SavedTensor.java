package org.jtorch.autograd;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;
import org.jtorch.internal.engine.EngineErrors;

/** A tensor that waits for a backward: a handle that no scope owns, and the version it had. */
final class SavedTensor {

    private final Tensor handle;

    /** Which output of the function it is, or -1. Of outputs only the data is kept: with their history they would keep themselves. */
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
     * A handle of the same tensor, the caller's to close; null after {@link #free}, which another thread's backward may call.
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

    /** As PyTorch names a tensor in this message: {@code torch.FloatTensor [2, 3]}. */
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
