package org.jtorch.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ObjIntConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.internal.TensorBundle;

/**
 * Several tensors, on which an algorithm is written once: one tensor of each parameter that a step changes. An operation is
 * computed with one call of the engine for all of them, or with one call for each. Both give the same values, since the engine's
 * operators on lists run the operator on each tensor, with its checks.
 *
 * <p>A method whose name ends with an underscore changes the tensors and returns this object; the others return new tensors.
 */
final class Tensors {

    /** How an operation is computed. */
    enum Way {
        /** One call for each tensor. */
        EACH,
        /** One call for all tensors. */
        TOGETHER,
        /** As {@link #TOGETHER}, for tensors of the same sizes. */
        ALIKE,
        /**
         * One call for each tensor, recorded by autograd. Operands and results are copied, since autograd keeps them for the
         * gradient and later operations change them.
         */
        RECORDED;

        /** Returns whether operators on lists are used. */
        boolean isListed() {
            return this == TOGETHER || this == ALIKE;
        }
    }

    /** Operators that convert a number for each tensor anew, but not a tensor of the same dtype. */
    private static final Set<String> FASTER_WITH_TENSOR = Set.of("add", "add_", "div", "div_", "mul", "mul_");

    private final TensorBundle bundle;
    private final Way way;

    /** Whether some of the tensors have 16-bit elements. */
    private final boolean half;

    /** Gets the lists of the engine, which are closed after the step. */
    private final List<TensorBundle> opened;

    Tensors(List<Tensor> list, Way way, boolean half, List<TensorBundle> opened) {
        this(TensorBundle.of(list), way, half, opened);
    }

    Tensors(TensorBundle bundle, Way way, boolean half, List<TensorBundle> opened) {
        this.bundle = bundle;
        this.way = way;
        this.half = half;
        this.opened = opened;
        opened.add(bundle);
    }

    int size() {
        return bundle.size();
    }

    Tensor get(int index) {
        return bundle.get(index);
    }

    List<Tensor> list() {
        return bundle.toList();
    }

    /** Returns other tensors that are changed in the same way. */
    Tensors of(List<Tensor> others) {
        return new Tensors(others, way, half, opened);
    }

    // --- with a number -----------------------------------------------------------------------------------------

    /** The engine's operator in place rounds the factor to 16 bits first, as the other operators do not. */
    Tensors mul_(double factor) {
        return half ? copy_(mul(factor)) : change("mul_", "Scalar", (tensor, i) -> tensor.mul_(factor), factor);
    }

    /** Multiplies each tensor by a factor of its own, as {@link #mul_(double)}. */
    Tensors mul_(double[] factors) {
        return half
                ? copy_(make("mul", factors, (tensor, i) -> tensor.mul(factors[i])))
                : change("mul_", factors, (tensor, i) -> tensor.mul_(factors[i]));
    }

    Tensors mul(double factor) {
        return make("mul", "Scalar", (tensor, i) -> tensor.mul(factor), factor);
    }

    Tensors add_(double number) {
        return change("add_", "Scalar", (tensor, i) -> tensor.add_(number), number);
    }

    Tensors add(double number) {
        return make("add", "Scalar", (tensor, i) -> tensor.add(number), number);
    }

    Tensors div(double[] divisors) {
        return make("div", divisors, (tensor, i) -> tensor.div(divisors[i]));
    }

    Tensors div_(double[] divisors) {
        return change("div_", divisors, (tensor, i) -> tensor.div_(divisors[i]));
    }

    Tensors clamp_(double least, double greatest) {
        return way.isListed()
                ? change("clamp_min_", "Scalar", (t, i) -> {}, least)
                        .change("clamp_max_", "Scalar", (t, i) -> {}, greatest)
                : changeEach((tensor, i) -> tensor.clamp_(least, greatest));
    }

    /** Makes each element at least as great as a number. */
    Tensors clampMin_(double[] least) {
        return change("clamp_min_", least, (tensor, i) -> tensor.clampMin_(least[i]));
    }

    // --- with other tensors ------------------------------------------------------------------------------------

    Tensors add(Tensors other, double alpha) {
        Tensors o = operand(other);
        return make("add", "List", (tensor, i) -> tensor.add(o.get(i), alpha), o.bundle, alpha);
    }

    Tensors add_(Tensors other, double alpha) {
        Tensors o = operand(other);
        return change("add_", "List", (tensor, i) -> tensor.add_(o.get(i), alpha), o.bundle, alpha);
    }

    /** Adds other tensors, each times a factor of its own. No operator on lists does this, so it is one call for each tensor. */
    Tensors add_(Tensors other, double[] factors) {
        Tensors o = operand(other);
        return changeEach((tensor, i) -> tensor.add_(o.get(i), factors[i]));
    }

    Tensors sub(Tensors other) {
        Tensors o = operand(other);
        return make("sub", "List", (tensor, i) -> tensor.sub(o.get(i)), o.bundle, 1);
    }

    Tensors mul(Tensors other) {
        Tensors o = operand(other);
        return operand(this).make("mul", "List", (tensor, i) -> tensor.mul(o.get(i)), o.bundle);
    }

    Tensors div_(Tensors other) {
        Tensors o = operand(other);
        return change("div_", "List", (tensor, i) -> tensor.div_(o.get(i)), o.bundle);
    }

    Tensors mul_(Tensors other) {
        Tensors o = operand(other);
        return change("mul_", "List", (tensor, i) -> tensor.mul_(o.get(i)), o.bundle);
    }

    /** Copies the elements of other tensors of the same sizes. */
    Tensors copy_(Tensors other) {
        return changeEach((tensor, i) -> tensor.copy_(other.get(i)));
    }

    Tensors lerp_(Tensors end, double weight) {
        Tensors e = operand(end);
        return change("lerp_", "Scalar", (tensor, i) -> tensor.lerp_(e.get(i), weight), e.bundle, weight);
    }

    Tensors lerp_(Tensors end, double[] weights) {
        Tensors e = operand(end);
        return change("lerp_", weights, (tensor, i) -> tensor.lerp_(e.get(i), weights[i]), e.bundle);
    }

    Tensors addcmul(Tensors a, Tensors b, double value) {
        Tensors x = operand(a);
        Tensors y = operand(b);
        return make("addcmul", "Scalar", (t, i) -> t.addcmul(x.get(i), y.get(i), value), x.bundle, y.bundle, value);
    }

    Tensors addcmul_(Tensors a, Tensors b, double value) {
        Tensors x = operand(a);
        Tensors y = operand(b);
        return change("addcmul_", "Scalar", (t, i) -> t.addcmul_(x.get(i), y.get(i), value), x.bundle, y.bundle, value);
    }

    Tensors addcdiv_(Tensors a, Tensors b, double value) {
        Tensors x = operand(a);
        Tensors y = operand(b);
        return change("addcdiv_", "Scalar", (t, i) -> t.addcdiv_(x.get(i), y.get(i), value), x.bundle, y.bundle, value);
    }

    Tensors addcdiv_(Tensors a, Tensors b, double[] values) {
        Tensors x = operand(a);
        Tensors y = operand(b);
        return change("addcdiv_", values, (t, i) -> t.addcdiv_(x.get(i), y.get(i), values[i]), x.bundle, y.bundle);
    }

    /** Makes each element the greater one of both. */
    Tensors maximum_(Tensors other) {
        Tensors o = operand(other);
        return change(
                "maximum_", "List", (tensor, i) -> tensor.copy_(tensor.clone().maximum(o.get(i))), o.bundle);
    }

    // --- of one tensor -----------------------------------------------------------------------------------------

    Tensors neg() {
        return make("neg", "", (tensor, i) -> tensor.neg());
    }

    Tensors sqrt() {
        return operand(this).make("sqrt", "", (tensor, i) -> tensor.sqrt());
    }

    Tensors sqrt_() {
        return change("sqrt_", "", (tensor, i) -> tensor.sqrt_());
    }

    Tensors rsqrt_() {
        return change("rsqrt_", "", (tensor, i) -> tensor.rsqrt_());
    }

    Tensors reciprocal_() {
        return change("reciprocal_", "", (tensor, i) -> tensor.reciprocal_());
    }

    Tensors abs() {
        return operand(this).make("abs", "", (tensor, i) -> tensor.abs());
    }

    Tensors sign() {
        return operand(this).make("sign", "", (tensor, i) -> tensor.sign());
    }

    /** Returns the square root of the sum of squares of each whole tensor. */
    double[] norms() {
        if (!way.isListed()) {
            return list().stream()
                    .mapToDouble(tensor -> tensor.linalgVectorNorm(2).item())
                    .toArray();
        }
        TensorBundle norms = make("norm", "Scalar", (tensor, i) -> tensor, 2, null).bundle;
        return norms.stack().to(DType.FLOAT64).toDoubleArray(); // one call reads them all
    }

    /** Returns the mean of each tensor along a dimension, counted from the last one, which is kept with one element. */
    Tensors means(int dim) {
        UnaryOperator<Tensor> mean = tensor -> tensor.mean(new long[] {dim}, true);
        return way == Way.ALIKE ? new Tensors(bundle.stacked(mean), way, half, opened) : map(mean);
    }

    /** Returns the mean of the squares of each tensor along a dimension, as {@link #means}. */
    Tensors meansOfSquares(int dim) {
        if (!half) {
            return mul(this).means(dim);
        }
        // rounds to 16 bits where PyTorch does
        Tensors norms = map(tensor -> tensor.linalgVectorNorm(2, new long[] {dim}, true));
        double[] sizes = list().stream().mapToDouble(tensor -> tensor.size(dim)).toArray();
        return norms.mul_(norms).div_(sizes);
    }

    // --- how ---------------------------------------------------------------------------------------------------

    /** Returns what may be kept for the gradient. */
    private Tensors operand(Tensors tensors) {
        return way == Way.RECORDED ? tensors.map(Tensor::clone) : tensors;
    }

    Tensors map(UnaryOperator<Tensor> function) {
        List<Tensor> results = new ArrayList<>(size());
        for (Tensor tensor : list()) {
            results.add(function.apply(tensor));
        }
        return of(results);
    }

    /** Changes each tensor by calls on it alone. */
    Tensors changeEach(ObjIntConsumer<Tensor> each) {
        for (int i = 0; i < size(); i++) {
            Tensor tensor = get(i);
            if (way == Way.RECORDED) {
                Tensor changed = tensor.clone();
                each.accept(changed, i);
                tensor.copy_(changed);
            } else {
                each.accept(tensor, i);
            }
        }
        return this;
    }

    private Tensors change(String name, String overload, ObjIntConsumer<Tensor> each, Object... arguments) {
        if (!way.isListed()) {
            return changeEach(each);
        }
        Tensor number = number(name, overload, arguments);
        if (number == null) {
            bundle.change(operator(name, overload), arguments);
        } else {
            bundle.change(operator(name, "Tensor"), withTensor(name, number));
        }
        return this;
    }

    private Tensors make(
            String name, String overload, BiFunction<Tensor, Integer, Tensor> each, @Nullable Object... arguments) {
        if (way.isListed()) {
            Tensor number = number(name, overload, arguments);
            TensorBundle made = number == null
                    ? bundle.make(operator(name, overload), arguments)
                    : bundle.make(operator(name, "Tensor"), withTensor(name, number));
            return new Tensors(made, way, half, opened);
        }
        List<Tensor> results = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            Tensor result = each.apply(get(i), i);
            results.add(way == Way.RECORDED ? result.clone() : result);
        }
        return of(results);
    }

    /** Changes each tensor with a number of its own, the operator's last argument. */
    private Tensors change(String name, double[] numbers, ObjIntConsumer<Tensor> each, Object... arguments) {
        return change(name, overload(numbers), each, with(numbers, arguments));
    }

    private Tensors make(
            String name, double[] numbers, BiFunction<Tensor, Integer, Tensor> each, @Nullable Object... arguments) {
        return make(name, overload(numbers), each, with(numbers, arguments));
    }

    /** Returns which operator takes the numbers: there is a faster one if all are equal, as after the same number of steps. */
    private static String overload(double[] numbers) {
        return areEqual(numbers) ? "Scalar" : "ScalarList";
    }

    private static Object[] with(double[] numbers, Object... arguments) {
        Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = areEqual(numbers) ? (Object) numbers[0] : boxed(numbers);
        return all;
    }

    private static boolean areEqual(double[] numbers) {
        for (double number : numbers) {
            if (Double.compare(number, numbers[0]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the operator's number as a tensor, if the operator is faster with it, and otherwise null. */
    private @Nullable Tensor number(String name, String overload, @Nullable Object... arguments) {
        return overload.equals("Scalar") && FASTER_WITH_TENSOR.contains(name) && arguments[0] instanceof Double number
                ? bundle.scalar(number)
                : null;
    }

    private static Object[] withTensor(String name, Tensor number) {
        return name.startsWith("add") ? new Object[] {number, 1} : new Object[] {number};
    }

    private static Operator operator(String name, String overload) {
        return Operator.find("aten::_foreach_" + name, overload);
    }

    private static List<Double> boxed(double[] numbers) {
        List<Double> boxed = new ArrayList<>(numbers.length);
        for (double number : numbers) {
            boxed.add(number);
        }
        return boxed;
    }
}
