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
 * One conversion of a module and all modules below it. It replaces what parameters and buffers hold. The objects stay, so a
 * tied parameter is converted once and stays tied. {@link Module#convert} sees it as a function of tensors.
 */
final class Conversion implements UnaryOperator<Tensor> {

    private final UnaryOperator<Tensor> function;

    /** The parameters and buffers already converted; several modules may share them. */
    private final Set<Object> done = Traversal.identitySet();

    private Conversion(UnaryOperator<Tensor> function) {
        this.function = function;
    }

    /** Returns the converted tensor for a module that keeps the tensor in a field. */
    @Override
    public Tensor apply(Tensor tensor) {
        return function.apply(tensor).unscoped();
    }

    /** Replaces each tensor and its gradient by what {@code function} returns for it: PyTorch's {@code _apply}. */
    static void apply(Module<?, ?> root, boolean recurse, UnaryOperator<Tensor> function) {
        Conversion conversion = new Conversion(function);
        // What is created here stays, and must be usable in training even if this call is made in inference mode.
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

    /** Runs {@link Module#convert} as it is if no class overrides it. */
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

    /** Returns what {@code tensor} is to hold, or null if it holds that already. */
    private static @Nullable Tensor convert(Tensor tensor, UnaryOperator<Tensor> conversion) {
        // A tensor without a shape has its device and dtype in the empty tensor that represents its data.
        Tensor subject = UninitializedTensor.isLazy(tensor) ? tensor.data() : tensor;
        Tensor converted = conversion.apply(subject);
        return converted == subject || converted.isAliasOf(subject) ? null : converted;
    }

    /** Returns the conversion of PyTorch's {@code module.to}: only floating-point and complex tensors change their dtype. */
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
