package org.jtorch.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ObjIntConsumer;
import java.util.function.UnaryOperator;
import org.jtorch.Operator;
import org.jtorch.Tensor;

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
        /**
         * One call for each tensor, recorded by autograd. Operands that a later step changes are copied, since autograd keeps
         * them for the gradient.
         */
        RECORDED
    }

    private final List<Tensor> list;
    private final Way way;

    Tensors(List<Tensor> list, Way way) {
        this.list = list;
        this.way = way;
    }

    int size() {
        return list.size();
    }

    Tensor get(int index) {
        return list.get(index);
    }

    List<Tensor> list() {
        return list;
    }

    /** Returns other tensors that are changed in the same way. */
    Tensors of(List<Tensor> others) {
        return new Tensors(others, way);
    }

    // --- with a number -----------------------------------------------------------------------------------------

    Tensors mul_(double factor) {
        return change("mul_", "Scalar", (tensor, i) -> tensor.mul_(factor), factor);
    }

    Tensors mul_(double[] factors) {
        return change("mul_", "ScalarList", (tensor, i) -> tensor.mul_(factors[i]), boxed(factors));
    }

    Tensors mul(double factor) {
        return make("mul", "Scalar", (tensor, i) -> tensor.mul(factor), factor);
    }

    Tensors add_(double number) {
        return change("add_", "Scalar", (tensor, i) -> tensor.add_(number), number);
    }

    Tensors div_(double[] divisors) {
        return change("div_", "ScalarList", (tensor, i) -> tensor.div_(divisors[i]), boxed(divisors));
    }

    // --- with other tensors ------------------------------------------------------------------------------------

    Tensors add(Tensors other, double alpha) {
        Tensors o = operand(other);
        return make("add", "List", (tensor, i) -> tensor.add(o.get(i), alpha), o.list, alpha);
    }

    Tensors add_(Tensors other, double alpha) {
        Tensors o = operand(other);
        return change("add_", "List", (tensor, i) -> tensor.add_(o.get(i), alpha), o.list, alpha);
    }

    Tensors mul_(Tensors other) {
        Tensors o = operand(other);
        return change("mul_", "List", (tensor, i) -> tensor.mul_(o.get(i)), o.list);
    }

    Tensors lerp_(Tensors end, double weight) {
        Tensors e = operand(end);
        return change("lerp_", "Scalar", (tensor, i) -> tensor.lerp_(e.get(i), weight), e.list, weight);
    }

    Tensors addcmul_(Tensors a, Tensors b, double value) {
        Tensors x = operand(a);
        Tensors y = operand(b);
        return change("addcmul_", "Scalar", (t, i) -> t.addcmul_(x.get(i), y.get(i), value), x.list, y.list, value);
    }

    Tensors addcdiv_(Tensors a, Tensors b, double value) {
        Tensors x = operand(a);
        Tensors y = operand(b);
        return change("addcdiv_", "Scalar", (t, i) -> t.addcdiv_(x.get(i), y.get(i), value), x.list, y.list, value);
    }

    Tensors addcdiv_(Tensors a, Tensors b, double[] values) {
        Tensors x = operand(a);
        Tensors y = operand(b);
        return change(
                "addcdiv_",
                "ScalarList",
                (t, i) -> t.addcdiv_(x.get(i), y.get(i), values[i]),
                x.list,
                y.list,
                boxed(values));
    }

    /** Makes each element the greater one of both. */
    Tensors maximum_(Tensors other) {
        Tensors o = operand(other);
        return change(
                "maximum_", "List", (tensor, i) -> tensor.copy_(tensor.clone().maximum(o.get(i))), o.list);
    }

    // --- of one tensor -----------------------------------------------------------------------------------------

    Tensors neg() {
        return make("neg", "", (tensor, i) -> tensor.neg());
    }

    Tensors sqrt() {
        return operand(this).make("sqrt", "", (tensor, i) -> tensor.sqrt());
    }

    // --- how ---------------------------------------------------------------------------------------------------

    /** Returns what may be kept for the gradient. */
    private Tensors operand(Tensors tensors) {
        return way == Way.RECORDED ? tensors.map(Tensor::clone) : tensors;
    }

    Tensors map(UnaryOperator<Tensor> function) {
        List<Tensor> results = new ArrayList<>(list.size());
        for (Tensor tensor : list) {
            results.add(function.apply(tensor));
        }
        return new Tensors(results, way);
    }

    private Tensors change(
            String name, String overload, ObjIntConsumer<Tensor> each, Object... arguments) {
        if (way == Way.TOGETHER) {
            together(name, overload, arguments);
        } else {
            for (int i = 0; i < list.size(); i++) {
                each.accept(list.get(i), i);
            }
        }
        return this;
    }

    private Tensors make(String name, String overload, BiFunction<Tensor, Integer, Tensor> each, Object... arguments) {
        List<Tensor> results = new ArrayList<>(list.size());
        if (way == Way.TOGETHER) {
            for (Object result : (List<?>) together(name, overload, arguments).get(0)) {
                results.add((Tensor) result);
            }
        } else {
            for (int i = 0; i < list.size(); i++) {
                results.add(each.apply(list.get(i), i));
            }
        }
        return new Tensors(results, way);
    }

    private List<Object> together(String name, String overload, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = list;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Operator.find("aten::_foreach_" + name, overload).call(all);
    }

    private static List<Double> boxed(double[] numbers) {
        List<Double> boxed = new ArrayList<>(numbers.length);
        for (double number : numbers) {
            boxed.add(number);
        }
        return boxed;
    }
}
