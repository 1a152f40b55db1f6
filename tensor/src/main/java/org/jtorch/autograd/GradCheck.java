package org.jtorch.autograd;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.internal.Handles;
import org.jtorch.internal.options.Customized;

/**
 * Compares the gradients that autograd computes with differences of values. A complex number counts as two real numbers:
 * the parts of its gradient are the derivatives with respect to its parts.
 *
 * @see Autograd#gradcheck
 */
public final class GradCheck {

    /** The function that is checked. It is called again for each value. */
    @FunctionalInterface
    public interface Fn {
        /**
         * Computes the outputs. The gradient of an output that does not require grad is zero; integer outputs are ignored.
         */
        List<Tensor> apply(List<Tensor> inputs);
    }

    /** The options of a check. The defaults are PyTorch's. */
    public static final class Options {
        private double eps = 1e-6;
        private double atol = 1e-5;
        private double rtol = 1e-3;
        private double nondetTol;

        private Options() {}

        /** Sets the distance by which an input is moved in both directions; the default is 1e-6. */
        public Options eps(double newEps) {
            eps = newEps;
            return this;
        }

        /** Sets the allowed absolute difference; the default is 1e-5. */
        public Options atol(double newAtol) {
            atol = newAtol;
            return this;
        }

        /** Sets the allowed difference relative to the numerical value; the default is 1e-3. */
        public Options rtol(double newRtol) {
            rtol = newRtol;
            return this;
        }

        /** Sets the allowed difference between two runs of the same backward pass; the default is 0. */
        public Options nondetTol(double newNondetTol) {
            nondetTol = newNondetTol;
            return this;
        }
    }

    private final Fn fn;
    private final List<Tensor> inputs;
    private final Options options;

    private GradCheck(Fn fn, List<Tensor> inputs, Consumer<Options> customizer) {
        this.fn = fn;
        this.inputs = inputs;
        options = Customized.of(new Options(), customizer);
    }

    static boolean gradcheck(Fn fn, List<Tensor> inputs, Consumer<Options> customizer) {
        try (TensorScope scope = new TensorScope()) {
            new GradCheck(fn, inputs, customizer).run();
        }
        return true;
    }

    static boolean gradgradcheck(Fn fn, List<Tensor> inputs, Consumer<Options> customizer) {
        try (TensorScope scope = new TensorScope()) {
            List<Tensor> all = new ArrayList<>(inputs);
            for (Tensor output : differentiable(fn.apply(inputs))) {
                if (output.requiresGrad()) {
                    Tensor gradOutput = Torch.randn(output.shape(), TensorOptions.like(output));
                    all.add(gradOutput.requiresGrad_());
                }
            }
            Fn gradients = both -> {
                List<Tensor> own = both.subList(0, inputs.size());
                List<Tensor> outputs = new ArrayList<>(differentiable(fn.apply(own)));
                outputs.removeIf(output -> !output.requiresGrad());
                List<Tensor> wanted = own.stream().filter(Tensor::requiresGrad).toList();
                List<Tensor> grads = new ArrayList<>(
                        Autograd.grad(outputs, wanted, both.subList(inputs.size(), both.size()), true, true, true));
                for (int i = 0; i < grads.size(); i++) {
                    if (grads.get(i) == null) {
                        grads.set(i, Torch.zerosLike(wanted.get(i)));
                    }
                }
                return grads;
            };
            new GradCheck(gradients, all, customizer).run();
        }
        return true;
    }

    private void run() {
        checkInputs();
        List<Tensor> outputs = differentiable(fn.apply(inputs));
        double[][][][] analytical = new double[outputs.size()][][][];
        for (int o = 0; o < outputs.size(); o++) {
            analytical[o] = analytical(outputs.get(o), o);
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (!inputs.get(i).requiresGrad()) {
                continue;
            }
            double[][][] numerical = numerical(i, outputs.size());
            for (int o = 0; o < outputs.size(); o++) {
                compare(outputs.get(o), o, i, numerical[o], analytical[o][i]);
            }
        }
    }

    private void checkInputs() {
        if (inputs.stream().noneMatch(Tensor::requiresGrad)) {
            throw new IllegalArgumentException(
                    "gradcheck expects at least one input tensor to require gradient, but none of"
                            + " the them have requires_grad=True.");
        }
        for (int i = 0; i < inputs.size(); i++) {
            Tensor input = inputs.get(i);
            for (int d = 0; input.requiresGrad() && d < input.dim(); d++) {
                if (input.stride(d) == 0 && input.size(d) > 1) {
                    throw new IllegalArgumentException(
                            "The " + i + "th input has a dimension with stride 0. gradcheck only"
                                    + " supports inputs that are non-overlapping to be able to compute the numerical gradients"
                                    + " correctly. You should call .contiguous on the input before passing it to gradcheck.");
                }
            }
        }
    }

    private static List<Tensor> differentiable(List<Tensor> outputs) {
        return outputs.stream()
                .filter(output -> output.isFloatingPoint() || output.isComplex())
                .toList();
    }

    /** Returns the derivatives by input, element of the input, and element of the output. */
    private double[] @Nullable [][] analytical(Tensor output, int o) {
        int elements = parts(output);
        double[][][] jacobians = new double[inputs.size()][][];
        for (int i = 0; i < jacobians.length; i++) {
            if (inputs.get(i).requiresGrad()) {
                jacobians[i] = new double[parts(inputs.get(i))][elements];
            }
        }
        if (!output.requiresGrad()) {
            return jacobians;
        }
        List<Tensor> wanted = inputs.stream().filter(Tensor::requiresGrad).toList();
        for (int e = 0; e < elements; e++) {
            try (TensorScope scope = new TensorScope()) {
                double[] unit = new double[elements];
                unit[e] = 1;
                Tensor gradOutput = fill(output, unit);
                List<double[]> grads = grads(output, wanted, gradOutput);
                List<double[]> again = grads(output, wanted, gradOutput);
                for (int i = 0, w = 0; i < jacobians.length; i++) {
                    double[][] jacobian = jacobians[i];
                    if (jacobian == null) {
                        continue;
                    }
                    double[] grad = grads.get(w);
                    double[] second = again.get(w++);
                    for (int k = 0; k < grad.length; k++) {
                        jacobian[k][e] = grad[k];
                        if (Math.abs(grad[k] - second[k]) > options.nondetTol) {
                            throw new TorchException(
                                    "Backward is not reentrant, i.e., running backward with same input and"
                                            + " grad_output multiple times gives different values: " + grad[k] + " and "
                                            + second[k] + " for output " + o + " and input " + i
                                            + ". The tolerance for nondeterminism was " + options.nondetTol + ".");
                        }
                    }
                }
            }
        }
        return jacobians;
    }

    private static List<double[]> grads(Tensor output, List<Tensor> wanted, Tensor gradOutput) {
        List<double[]> values = new ArrayList<>();
        List<@Nullable Tensor> grads = Autograd.grad(List.of(output), wanted, List.of(gradOutput), true, false, true);
        for (int i = 0; i < wanted.size(); i++) {
            Tensor grad = grads.get(i);
            if (grad != null && !Arrays.equals(grad.shape(), wanted.get(i).shape())) {
                throw new TorchException("the gradient of input " + i + " has shape " + Arrays.toString(grad.shape())
                        + ", but the input has "
                        + Arrays.toString(wanted.get(i).shape()));
            }
            values.add(grad == null ? new double[parts(wanted.get(i))] : values(grad));
        }
        return values;
    }

    /** Returns the derivatives by output, element of input {@code i}, and element of the output. */
    private double[][][] numerical(int i, int outputs) {
        int elements = parts(inputs.get(i));
        double[][][] jacobians = new double[outputs][elements][];
        for (int k = 0; k < elements; k++) {
            try (TensorScope scope = new TensorScope()) {
                List<double[]> above = moved(i, k, options.eps);
                List<double[]> below = moved(i, k, -options.eps);
                for (int o = 0; o < outputs; o++) {
                    double[] difference = above.get(o).clone();
                    for (int e = 0; e < difference.length; e++) {
                        difference[e] = (difference[e] - below.get(o)[e]) / (2 * options.eps);
                    }
                    jacobians[o][k] = difference;
                }
            }
        }
        return jacobians;
    }

    /** Returns the values of the outputs after moving one part of input {@code i}. */
    private List<double[]> moved(int i, int k, double by) {
        Tensor input = inputs.get(i);
        double[] original = values(input);
        double[] changed = original.clone();
        changed[k] += by;
        List<Tensor> copy = new ArrayList<>(inputs);
        copy.set(i, fill(input, changed).requiresGrad_());
        List<double[]> values = new ArrayList<>();
        for (Tensor output : differentiable(fn.apply(copy))) {
            values.add(values(output));
        }
        return values;
    }

    private void compare(Tensor output, int o, int i, double[][] numerical, double[][] analytical) {
        Tensor input = inputs.get(i);
        for (int k = 0; k < numerical.length; k++) {
            for (int e = 0; e < numerical[k].length; e++) {
                double n = numerical[k][e];
                double a = analytical[k][e];
                if (Double.compare(n, a) != 0 && !(Math.abs(a - n) <= options.atol + options.rtol * Math.abs(n))) {
                    throw new TorchException("Jacobian mismatch for output " + o + " with respect to input " + i
                            + ", at element " + element(output, e) + " of the output and " + element(input, k)
                            + " of the input: numerical " + n + ", analytical " + a + "\nnumerical: "
                            + Arrays.deepToString(numerical) + "\nanalytical: " + Arrays.deepToString(analytical)
                            + (single(input) ? "\n(input " + i + " is " + input.dtype() + ": use float64)" : ""));
                }
            }
        }
    }

    private static boolean single(Tensor input) {
        return input.dtype() != DType.FLOAT64 && input.dtype() != DType.COMPLEX128;
    }

    /** Returns the index of a part: {@code [1, 0]}, or {@code [1, 0].imag}. */
    private static String element(Tensor tensor, int part) {
        long[] shape = tensor.shape();
        long[] index = new long[shape.length];
        long rest = tensor.isComplex() ? part / 2 : part;
        for (int d = shape.length - 1; d >= 0; d--) {
            index[d] = rest % shape[d];
            rest /= shape[d];
        }
        return Arrays.toString(index) + (tensor.isComplex() ? (part % 2 == 0 ? ".real" : ".imag") : "");
    }

    /** Returns the number of real numbers in a tensor. */
    private static int parts(Tensor tensor) {
        return Math.toIntExact(tensor.numel() * (tensor.isComplex() ? 2 : 1));
    }

    private static double[] values(Tensor tensor) {
        Tensor plain = tensor.detach();
        if (plain.isComplex()) {
            Tensor resolved = Handles.own(Handles.of(plain).resolve_conj());
            plain = Handles.own(torch.view_as_real(Handles.of(resolved)));
        }
        plain = plain.to(DType.FLOAT64).contiguous();
        double[] values = new double[Math.toIntExact(plain.numel())];
        if (values.length > 0) {
            Handles.of(plain).data_ptr_double().get(values);
            Reference.reachabilityFence(plain); // keeps its memory while it is read
        }
        return values;
    }

    /** Returns a new tensor with the shape, strides and dtype of {@code like}. */
    private static Tensor fill(Tensor like, double[] values) {
        long[] shape = like.shape();
        boolean complex = like.isComplex();
        long[] realShape = complex ? Arrays.copyOf(shape, shape.length + 1) : shape;
        if (complex) {
            realShape[shape.length] = 2;
        }
        Tensor real = Torch.empty(realShape, TensorOptions.of(DType.FLOAT64));
        if (values.length > 0) {
            Handles.of(real).data_ptr_double().put(values);
            Reference.reachabilityFence(real); // keeps its memory while it is written
        }
        Tensor filled = complex ? Handles.own(torch.view_as_complex(Handles.of(real))) : real;
        Tensor result = Torch.emptyLike(like.detach());
        return result.copy_(filled);
    }
}
