package org.jtorch.nn;

import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.MemoryFormat;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;

/**
 * One conversion of a module and all below it. It replaces what parameters and buffers hold; the objects stay, so what is tied is
 * done once and stays tied. To a module, {@link Module#convert}, it is a function of tensors.
 */
final class Conversion implements UnaryOperator<Tensor> {

    private final UnaryOperator<Tensor> function;

    /** The parameters and buffers that were converted, which several modules may share. */
    private final Set<Object> done = Traversal.identitySet();

    private Conversion(UnaryOperator<Tensor> function) {
        this.function = function;
    }

    /** What a module asks for that keeps it in a field. */
    @Override
    public Tensor apply(Tensor tensor) {
        return function.apply(tensor).unscoped();
    }

    /** PyTorch's {@code _apply}: each tensor is replaced by what {@code function} gives for it, its gradient too. */
    static void apply(Module<?, ?> root, boolean recurse, UnaryOperator<Tensor> function) {
        Conversion conversion = new Conversion(function);
        // what is made now stays, and must be fit for training also if this call is not
        try (TensorScope scope = new TensorScope();
                GradMode normal = Autograd.inferenceMode(false);
                GradMode mode = Autograd.noGrad()) {
            if (recurse) {
                root.modules().forEach(module -> module.convert(conversion));
            } else {
                root.convert(conversion);
            }
        }
    }

    /** {@link Module#convert} as it is if no class overrides it. */
    static void own(Module<?, ?> module, UnaryOperator<Tensor> conversion) {
        Conversion whole = conversion instanceof Conversion c ? c : new Conversion(conversion);
        module.registry().forEachParameter((key, parameter) -> {
            if (whole.done.add(parameter)) {
                convertParameter(parameter, whole.function);
            }
        });
        module.registry().forEachBuffer((key, buffer) -> {
            if (whole.done.add(buffer)) {
                Tensor converted = convert(buffer, whole.function);
                if (converted != null) {
                    buffer.hold(converted);
                }
            }
        });
    }

    private static void convertParameter(Parameter parameter, UnaryOperator<Tensor> conversion) {
        Tensor grad = parameter.grad();
        Tensor converted = convert(parameter, conversion);
        if (converted == null) {
            return;
        }
        if (parameter.requiresGrad() && !converted.isFloatingPoint() && !converted.isComplex()) {
            throw new TorchException(
                    "data set to a tensor that requires gradients must be floating point or complex dtype");
        }
        parameter.setGrad(null);
        parameter.setData(converted);
        if (grad != null) {
            parameter.setGrad(conversion.apply(grad));
        }
    }

    /** Returns what {@code tensor} is to hold, or null if that is what it holds. */
    private static @Nullable Tensor convert(Tensor tensor, UnaryOperator<Tensor> conversion) {
        // one without a shape has its device and dtype in the empty tensor that stands for its data
        Tensor subject = UninitializedTensor.isLazy(tensor) ? tensor.data() : tensor;
        Tensor converted = conversion.apply(subject);
        return converted == subject || converted.isAliasOf(subject) ? null : converted;
    }

    /** PyTorch's {@code module.to}: only floating-point and complex tensors change their dtype. */
    static UnaryOperator<Tensor> to(
            @Nullable Device device, @Nullable DType dtype, boolean nonBlocking, @Nullable MemoryFormat format) {
        if (dtype != null && !dtype.isFloatingPoint() && !dtype.isComplex()) {
            throw new IllegalArgumentException(
                    "nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=" + dtype);
        }
        return t -> {
            Device toDevice = device == null ? t.device() : device;
            DType toDtype = dtype != null && (t.isFloatingPoint() || t.isComplex()) ? dtype : t.dtype();
            boolean ordered = format != null && (t.dim() == 4 || t.dim() == 5);
            try {
                return t.to(toDevice, toDtype, nonBlocking, false, ordered ? format : null);
            } catch (TorchException e) {
                if (t.device().equals(Device.META) && !toDevice.equals(Device.META)) {
                    throw new TorchException(
                            "Cannot copy out of meta tensor; no data! Please use torch.nn.Module.to_empty() instead of "
                                    + "torch.nn.Module.to() when moving module from meta to a different device.",
                            e);
                }
                throw e;
            }
        };
    }

    static UnaryOperator<Tensor> floating(DType dtype) {
        return t -> t.isFloatingPoint() ? t.to(dtype) : t;
    }

    static UnaryOperator<Tensor> empty(Device device) {
        return t -> Torch.emptyLike(t, TensorOptions.of(device));
    }
}
