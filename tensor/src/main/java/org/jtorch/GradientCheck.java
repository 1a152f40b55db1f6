package org.jtorch;

import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** PyTorch's checks of a gradient. The engine does not check a gradient when it is set, and trusts it later. */
final class GradientCheck {

    private GradientCheck() {}

    /**
     * Checks that {@code grad} can be the gradient of {@code tensor}.
     *
     * @throws TorchException if it cannot, with PyTorch's message
     */
    static void check(Tensor tensor, Tensor grad) {
        if (tensor.isUninitialized()) {
            throw refused("a gradient cannot be assigned to a parameter without a shape: call its module once first");
        }
        org.bytedeco.pytorch.Tensor target = tensor.handle();
        org.bytedeco.pytorch.Tensor source = grad.handle();
        if (target.is_same(source)) {
            throw refused("can't assign Variable as its own grad");
        }
        if (source.scalar_type().value != target.scalar_type().value) {
            throw refused(
                    "attempting to assign a gradient with dtype '" + grad.dtype() + "' to a tensor with grad_dtype '"
                            + tensor.dtype() + "'. Please convert the gradient: grad.to(tensor.dtype())");
        }
        Device from = grad.device();
        Device to = tensor.device();
        if (!from.equals(to)) {
            throw refused("attempting to assign a gradient with device '" + from + "' to a tensor with device '" + to
                    + "'. Please ensure that the gradient and the tensor are on the same device");
        }
        Layout layout = grad.layout();
        if (source.is_nested() != target.is_nested() || layout != Layout.SPARSE_COO && layout != tensor.layout()) {
            throw refused(
                    "attempting to assign a gradient to a tensor that has data of a different type: a gradient of "
                            + (source.is_nested() ? "a nested tensor" : "layout " + layout) + " to a tensor of layout "
                            + tensor.layout());
        }
        if (!source.is_nested() && !Arrays.equals(grad.shape(), tensor.shape())) {
            throw refused("attempting to assign a gradient of size '" + Arrays.toString(grad.shape())
                    + "' to a tensor of size '" + Arrays.toString(tensor.shape())
                    + "'. Please ensure that the gradient and the tensor are the same size");
        }
    }

    /**
     * Checks that {@code gradients} can be the gradients of {@code outputs}. The engine's own message would only name the
     * function that computed them.
     *
     * @param gradients one for each output; null for ones
     * @throws TorchException if one cannot, with PyTorch's message
     */
    static void checkOutputs(Iterable<? extends Tensor> outputs, Iterable<? extends @Nullable Tensor> gradients) {
        Iterator<? extends Tensor> tensors = outputs.iterator();
        Iterator<? extends @Nullable Tensor> grads = gradients.iterator();
        int i = 0;
        for (; tensors.hasNext() && grads.hasNext(); i++) {
            Tensor tensor = tensors.next();
            Tensor gradient = grads.next();
            if (gradient != null) {
                checkOutput(i, tensor, gradient);
            }
        }
        if (tensors.hasNext() || grads.hasNext()) {
            throw refused("got " + (i + left(tensors)) + " tensors and " + (i + left(grads)) + " gradients");
        }
    }

    private static int left(Iterator<?> iterator) {
        int count = 0;
        for (; iterator.hasNext(); iterator.next()) {
            count++;
        }
        return count;
    }

    private static void checkOutput(int i, Tensor tensor, Tensor gradient) {
        if (!Arrays.equals(tensor.shape(), gradient.shape())) {
            throw refused("Mismatch in shape: grad_output[" + i + "] has a shape of torch.Size("
                    + Arrays.toString(gradient.shape()) + ") and output[" + i + "] has a shape of torch.Size("
                    + Arrays.toString(tensor.shape()) + ").");
        }
        if (tensor.isComplex() != gradient.isComplex()) {
            throw refused("For complex Tensors, both grad_output and output are required to have the same"
                    + " dtype. Mismatch in dtype: grad_output[" + i + "] has a dtype of " + gradient.dtype()
                    + " and output[" + i + "] has a dtype of " + tensor.dtype() + ".");
        }
    }

    private static TorchException refused(String reason) {
        return new TorchException(reason);
    }
}
