package org.jtorch.optim.amp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.Extent;
import org.jtorch.internal.TrustedOperators;

/** Multiplies gradients in place, and finds infinities and NaNs among them. */
final class Unscaling {

    private static final Operator UNSCALE =
            TrustedOperators.find("aten::_amp_foreach_non_finite_check_and_unscale_", "");
    private static final Operator VALUES = TrustedOperators.find("aten::_values", "");

    private Unscaling() {}

    /** Gradients of one device and dtype, which one call of the engine changes. */
    private record Kind(Device device, DType dtype) {}

    /**
     * Multiplies the gradients of {@code parameters}. All are checked first.
     *
     * @param scale the divisor
     * @return for each device of a gradient, 1 if an element on it was infinite or NaN, and otherwise 0; the caller must
     *     close them
     * @throws IllegalStateException if a gradient is float16 or complex, or cannot be changed in place
     */
    static Map<Device, Tensor> unscale(Iterable<? extends Tensor> parameters, Tensor scale) {
        Map<Device, Tensor> found = new LinkedHashMap<>();
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            Map<Kind, List<Tensor>> kinds = new LinkedHashMap<>();
            for (Tensor parameter : parameters) {
                Tensor grad = parameter.grad();
                if (grad == null) {
                    continue;
                }
                if (grad.dtype() == DType.FLOAT16) {
                    throw new IllegalStateException("Attempting to unscale FP16 gradients.");
                }
                if (grad.isComplex()) { // the kernel would refuse it after it has changed others
                    throw new IllegalStateException("Attempting to unscale complex gradients, of " + grad.dtype()
                            + ": the engine has no kernel for them; train complex parameters without a GradScaler");
                }
                Tensor elements = grad.layout() == Layout.SPARSE_COO
                        ? (Tensor) VALUES.call(grad).get(0)
                        : grad;
                checkWritable(elements);
                kinds.computeIfAbsent(new Kind(elements.device(), elements.dtype()), kind -> new ArrayList<>())
                        .add(elements);
            }
            Tensor inverse = scale.to(DType.FLOAT64).reciprocal().to(DType.FLOAT32);
            Map<Device, Tensor> inverses = new HashMap<>();
            kinds.forEach((kind, grads) -> {
                Device device = kind.device();
                Tensor foundInf =
                        found.computeIfAbsent(device, d -> Torch.zeros().to(d).unscoped());
                UNSCALE.call(grads, foundInf, inverses.computeIfAbsent(device, inverse::to));
            });
        }
        return found;
    }

    /** Refuses what the kernel would refuse after it has changed others. */
    private static void checkWritable(Tensor elements) {
        if (Extent.of(elements, elements.layout() == Layout.STRIDED).isExpanded()) {
            throw new IllegalStateException("Attempting to unscale an expanded gradient of shape "
                    + Arrays.toString(elements.shape())
                    + ": more than one element of the written-to tensor refers to a single memory location. Please clone()"
                    + " the gradient before setting it");
        }
        if (elements.isInference() && !Autograd.isInferenceModeEnabled()) {
            throw new IllegalStateException(
                    "Attempting to unscale a gradient that was made in inference mode, which cannot be"
                            + " changed outside of it: clone() it before setting it");
        }
    }
}
