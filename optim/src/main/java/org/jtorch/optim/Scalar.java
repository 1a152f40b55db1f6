package org.jtorch.optim;

import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * A number as PyTorch's Python code computes with it: a {@code float} of Python, which has 64 bits, or a tensor without
 * dimensions, which rounds each result to its dtype. The result of an operation is a {@code float} only if both operands are; and
 * a comparison with a tensor first rounds the other operand.
 */
final class Scalar {

    private final double number;

    /** Null if this is a {@code float}. */
    private final @Nullable Tensor tensor;

    private Scalar(double number, @Nullable Tensor tensor) {
        this.number = number;
        this.tensor = tensor;
    }

    static Scalar of(double number) {
        return new Scalar(number, null);
    }

    static Scalar of(Tensor tensor) {
        return new Scalar(tensor.item(), tensor);
    }

    /** Returns the value. */
    double number() {
        return number;
    }

    // --- arithmetic --------------------------------------------------------------------------------------------

    Scalar plus(Scalar other) {
        return compute(other, Double::sum, Tensor::add, Tensor::add, (b, a) -> b.add(a));
    }

    Scalar minus(Scalar other) {
        return compute(other, (a, b) -> a - b, Tensor::sub, Tensor::sub, (b, a) -> b.neg()
                .add(a));
    }

    Scalar times(Scalar other) {
        return compute(other, (a, b) -> a * b, Tensor::mul, Tensor::mul, (b, a) -> b.mul(a));
    }

    Scalar times(double other) {
        return times(of(other));
    }

    /** Divides. As in PyTorch, a {@code float} is multiplied by the reciprocal of a tensor. */
    Scalar over(Scalar other) {
        return compute(other, (a, b) -> a / b, Tensor::div, Tensor::div, (b, a) -> b.reciprocal()
                .mul(a));
    }

    Scalar abs() {
        return tensor == null ? of(Math.abs(number)) : of(tensor.abs());
    }

    Scalar sqrt() {
        return tensor == null ? of(Math.sqrt(number)) : of(tensor.sqrt());
    }

    /**
     * Computes with both operands.
     *
     * @param floats computes with two {@code float}s
     * @param tensors computes with two tensors
     * @param left computes with a tensor and a {@code float}
     * @param right computes with a {@code float}, which is its second argument, and a tensor
     */
    private Scalar compute(
            Scalar other,
            DoubleBinaryOperator floats,
            BiFunction<Tensor, Tensor, Tensor> tensors,
            BiFunction<Tensor, Double, Tensor> left,
            BiFunction<Tensor, Double, Tensor> right) {
        if (tensor != null) {
            return of(other.tensor != null ? tensors.apply(tensor, other.tensor) : left.apply(tensor, other.number));
        }
        return other.tensor != null
                ? of(right.apply(other.tensor, number))
                : of(floats.applyAsDouble(number, other.number));
    }

    // --- comparing ---------------------------------------------------------------------------------------------

    /** Returns whether this is less; never if one is NaN. */
    boolean isLess(Scalar other) {
        return compute(other, (a, b) -> a < b ? 1 : 0, Tensor::lt, Tensor::lt, (b, a) -> b.gt(a)).number != 0;
    }

    boolean isLess(double other) {
        return isLess(of(other));
    }

    /** Returns whether this is less or equal; never if one is NaN. */
    boolean isAtMost(Scalar other) {
        return compute(other, (a, b) -> a <= b ? 1 : 0, Tensor::le, Tensor::le, (b, a) -> b.ge(a)).number != 0;
    }

    boolean isAtMost(double other) {
        return isAtMost(of(other));
    }

    boolean isAtLeast(double other) {
        return of(other).isAtMost(this);
    }

    /** Returns the first one, unless the second one is less: Python's {@code min}. */
    static Scalar min(Scalar a, Scalar b) {
        return b.isLess(a) ? b : a;
    }

    /** Returns the first one, unless the second one is greater: Python's {@code max}. */
    static Scalar max(Scalar a, Scalar b) {
        return a.isLess(b) ? b : a;
    }
}
