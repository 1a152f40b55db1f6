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
 * All parameters as one vector, and back.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.parameters_to_vector.html">parameters_to_vector</a>
 */
public final class ConvertParameters {

    private ConvertParameters() {}

    /**
     * Returns the elements of all parameters one after the other; autograd passes through.
     *
     * @param parameters at least one
     * @return (n), n the number of elements of all
     * @throws TorchException if there is none, or one does not lie row-major in memory
     * @throws IllegalArgumentException if they are on different devices
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
     * Makes each parameter hold its piece of {@code vec}, in order. The memory is shared with {@code vec}, as in PyTorch: what
     * changes one changes the other. Elements of {@code vec} after the last parameter's are not looked at.
     *
     * @param vec (n), n at least the number of elements of all parameters
     * @param parameters leaves
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

    /** On one device of an accelerator, or all elsewhere. */
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
