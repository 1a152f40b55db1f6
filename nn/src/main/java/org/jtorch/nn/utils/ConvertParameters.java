package org.jtorch.nn.utils;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;

/**
 * Converts parameters to one vector, and back.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.parameters_to_vector.html">parameters_to_vector</a>
 */
public final class ConvertParameters {

    private ConvertParameters() {}

    /**
     * Returns the elements of all parameters one after the other. Autograd records it.
     *
     * @param parameters at least one parameter
     * @return (n), where n is the total number of elements
     * @throws TorchException if there is no parameter, or one is not contiguous
     * @throws IllegalArgumentException if the parameters are on different devices
     */
    public static Tensor parametersToVector(Iterable<? extends Tensor> parameters) {
        checkDevices(parameters);
        try (TensorScope scope = new TensorScope()) {
            List<Tensor> flat = new ArrayList<>();
            for (Tensor parameter : parameters) {
                flat.add(parameter.view(-1));
            }
            return scope.keep(Torch.cat(flat));
        }
    }

    /**
     * Makes each parameter hold its part of {@code vec}, in order. They share memory with {@code vec}, as in PyTorch, so a
     * change to one is visible in the other. Elements of {@code vec} after the last parameter are ignored.
     *
     * @param vec (n), where n is at least the total number of elements of the parameters
     * @param parameters the parameters, which must be leaves
     * @throws TorchException if {@code vec} is too short
     * @throws IllegalArgumentException if the parameters are on different devices
     */
    public static void vectorToParameters(Tensor vec, Iterable<? extends Tensor> parameters) {
        checkDevices(parameters);
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            long from = 0;
            for (Tensor parameter : parameters) {
                long to = from + parameter.numel();
                Tensor grad = parameter.grad();
                parameter.setData(vec.slice(0, from, to).viewAs(parameter));
                parameter.setGrad(grad);
                from = to;
            }
        }
    }

    /** Checks that all parameters are on the same accelerator device, or that none is on an accelerator. */
    private static void checkDevices(Iterable<? extends Tensor> parameters) {
        @Nullable Integer first = null;
        for (Tensor parameter : parameters) {
            int index = acceleratorIndex(parameter);
            if (first == null) {
                first = index;
            } else if (first != index) {
                throw new IllegalArgumentException(
                        "Found two parameters on different devices, this is currently not supported.");
            }
        }
    }

    private static int acceleratorIndex(Tensor parameter) {
        return parameter.device().type().equals("cuda") ? parameter.device().index() : -1;
    }
}
