package org.jtorch.nn.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.internal.TensorBundle;
import org.jtorch.internal.TensorBundles;

/** Applies one operator to many tensors at once, which needs fewer kernels on an accelerator and fewer calls of the engine. */
public final class Foreach {

    private static final Set<String> DEVICES = Set.of("cpu", "cuda", "mtia", "xpu");

    private Foreach() {}

    private record Kind(Device device, DType dtype) {}

    /**
     * Passes each bundle to one of the consumers.
     *
     * @param foreach whether together ({@code true}) or one by one ({@code false}); null for together if the device supports it
     * @throws IllegalArgumentException if {@code foreach} is true and the device does not support it
     */
    public static void visit(
            TensorBundles bundles,
            @Nullable Boolean foreach,
            Consumer<TensorBundle> together,
            Consumer<List<Tensor>> singly) {
        for (TensorBundle bundle : bundles) {
            boolean able = DEVICES.contains(bundle.device().type());
            if (foreach == null ? able : foreach && able) {
                together.accept(bundle);
            } else if (foreach != null && foreach) {
                throw new IllegalArgumentException("foreach=True was passed, but can't use the foreach API on "
                        + bundle.device().type() + " tensors");
            } else {
                singly.accept(bundle.toList());
            }
        }
    }

    /** Returns whether the device of a tensor can be given many tensors at once. */
    public static boolean supports(Tensor tensor) {
        return DEVICES.contains(tensor.device().type());
    }

    /** Groups tensors by device and dtype, in the order in which the groups begin. */
    public static Collection<List<Tensor>> groups(List<Tensor> tensors) {
        Map<Kind, List<Tensor>> groups = new LinkedHashMap<>();
        for (Tensor tensor : tensors) {
            groups.computeIfAbsent(new Kind(tensor.device(), tensor.dtype()), kind -> new ArrayList<>())
                    .add(tensor);
        }
        return groups.values();
    }

    /** Returns the p-norm of each tensor, in a bundle that the caller must close. */
    public static TensorBundle norm(TensorBundle tensors, double p) {
        return tensors.make(Norm.OPERATOR, p, null);
    }

    /** Multiplies each tensor with a tensor without dimensions, in place. */
    public static void mul_(TensorBundle tensors, Tensor factor) {
        tensors.change(Mul.OPERATOR, factor);
    }

    /** Limits each tensor to [min, max], in place. */
    public static void clamp_(TensorBundle tensors, double min, double max) {
        tensors.change(ClampMin.OPERATOR, min).change(ClampMax.OPERATOR, max);
    }

    /** Moves each tensor towards another one, in place: {@code tensor + weight * (end - tensor)}. */
    public static void lerp_(List<Tensor> tensors, List<Tensor> ends, double weight) {
        Lerp.OPERATOR.call(tensors, ends, weight);
    }

    /** Adds to each tensor a part of the difference to another one, in place: {@code tensor + (other - tensor) / divisor}. */
    public static void approach_(List<Tensor> tensors, List<Tensor> others, double divisor) {
        try (TensorBundle changed = TensorBundle.of(tensors);
                TensorBundle targets = TensorBundle.of(others);
                TensorBundle differences = targets.make(Sub.OPERATOR, changed, 1)) {
            changed.change(Add.OPERATOR, differences.change(Div.OPERATOR, divisor), 1);
        }
    }

    // Operators that are looked up at their first use.

    private static final class Norm {
        static final Operator OPERATOR = Operator.find("aten::_foreach_norm", "Scalar");
    }

    private static final class Mul {
        static final Operator OPERATOR = Operator.find("aten::_foreach_mul_", "Tensor");
    }

    private static final class ClampMin {
        static final Operator OPERATOR = Operator.find("aten::_foreach_clamp_min_", "Scalar");
    }

    private static final class ClampMax {
        static final Operator OPERATOR = Operator.find("aten::_foreach_clamp_max_", "Scalar");
    }

    private static final class Lerp {
        static final Operator OPERATOR = Operator.find("aten::_foreach_lerp_", "Scalar");
    }

    private static final class Sub {
        static final Operator OPERATOR = Operator.find("aten::_foreach_sub", "List");
    }

    private static final class Div {
        static final Operator OPERATOR = Operator.find("aten::_foreach_div_", "Scalar");
    }

    private static final class Add {
        static final Operator OPERATOR = Operator.find("aten::_foreach_add_", "List");
    }
}
