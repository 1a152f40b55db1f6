package org.jtorch.optim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.internal.Gradient;
import org.jtorch.internal.TensorBundle;
import org.jtorch.internal.TensorKind;

/**
 * Parameters that a step changes in the same way, with their gradients and state. Complex tensors are seen as pairs of real
 * numbers over the same memory, which are optimized separately.
 */
final class Batch implements AutoCloseable {

    private final List<Slot> slots;
    private final Tensors.Way way;
    private final boolean half;

    /** The lists of the engine that the step made. */
    private final List<TensorBundle> opened;

    Batch(List<Slot> slots, Tensors.Way way) {
        this(slots, way, new ArrayList<>());
    }

    private Batch(List<Slot> slots, Tensors.Way way, List<TensorBundle> opened) {
        this.slots = slots;
        this.way = way;
        this.opened = opened;
        half = slots.stream()
                .anyMatch(slot -> slot.operand().kind().dtype() == DType.BFLOAT16
                        || slot.operand().kind().dtype() == DType.FLOAT16);
    }

    List<Slot> slots() {
        return slots;
    }

    /** Returns other parameters that are changed in the same way. */
    Batch of(List<Slot> others) {
        return new Batch(others, way, opened);
    }

    /** Calls a function with the parameters that meet a condition, and another one with the rest, if there are any. */
    void split(Predicate<Slot> condition, Consumer<Batch> meet, Consumer<Batch> rest) {
        List<Slot> first = new ArrayList<>();
        List<Slot> second = new ArrayList<>();
        for (Slot slot : slots) {
            (condition.test(slot) ? first : second).add(slot);
        }
        if (!first.isEmpty()) {
            meet.accept(of(first));
        }
        if (!second.isEmpty()) {
            rest.accept(of(second));
        }
    }

    /** Calls a function with the parameters of each size and dtype, if they are changed together, and otherwise with this batch. */
    void alike(Consumer<Batch> each) {
        if (!way.isListed()) {
            each.accept(this);
            return;
        }
        record Kind(String sizes, DType dtype, DType gradient, Device device) {}
        Map<Kind, List<Slot>> kinds = new LinkedHashMap<>();
        for (Slot slot : slots) {
            TensorKind own = slot.operand().kind();
            String sizes = slot.operand().extent().sizes();
            kinds.computeIfAbsent(
                            new Kind(sizes, own.dtype(), slot.gradientDtype(), own.device()), key -> new ArrayList<>())
                    .add(slot);
        }
        for (List<Slot> alike : kinds.values()) {
            each.accept(new Batch(alike, alike.size() == 1 ? Tensors.Way.EACH : Tensors.Way.ALIKE, opened));
        }
    }

    Tensors parameters() {
        return tensors(Slot::parameter, slot -> slot.operand().kind());
    }

    /**
     * Returns the gradients, which must not be changed.
     *
     * @param maximize whether to return the negative gradients
     */
    Tensors gradients(boolean maximize) {
        Tensors gradients = gradients();
        return maximize ? gradients.neg() : gradients;
    }

    private Tensors gradients() {
        if (!way.isListed() || isAnyComplex()) {
            return new Tensors(real(Slot::grad), way, half, opened);
        }
        List<Gradient> gradients = new ArrayList<>(slots.size());
        slots.forEach(slot -> gradients.add(slot.gradient()));
        DType dtype = common(slot -> slot.gradient().isCpu() ? slot.gradientDtype() : null);
        return new Tensors(TensorBundle.ofGradients(gradients, dtype), way, half, opened);
    }

    /** Returns the tensors of one name in the state. */
    Tensors state(String name) {
        return tensors(
                slot -> slot.state().tensor(name),
                slot -> slot.state().kept(name).kind());
    }

    /** Returns the numbers of one name in the state. */
    double[] numbers(String name) {
        double[] numbers = new double[slots.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = slots.get(i).state().number(name);
        }
        return numbers;
    }

    /** Replaces the numbers of one name in the state, and returns them as they are kept, in float32. */
    double[] setNumbers(String name, double[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            slots.get(i).state().set(name, numbers[i]);
        }
        return numbers(name);
    }

    /** Counts the step, and returns its number for each parameter, from 1. */
    double[] nextSteps() {
        return setNumbers(BatchedOptimizer.STEP, map(numbers(BatchedOptimizer.STEP), step -> step + 1));
    }

    /** Counts the step, and returns its number for each parameter in a tensor of its own, which may be used several times. */
    List<Tensor> nextStepTensors() {
        Map<Double, Tensor> tensors = new HashMap<>();
        List<Tensor> steps = new ArrayList<>(slots.size());
        for (double step : nextSteps()) {
            steps.add(tensors.computeIfAbsent(step, number -> Torch.tensor(number.floatValue())));
        }
        return steps;
    }

    /** Returns a number for each parameter. */
    double[] map(ToDoubleFunction<Slot> function) {
        return slots.stream().mapToDouble(function).toArray();
    }

    static double[] map(double[] numbers, DoubleUnaryOperator function) {
        double[] results = new double[numbers.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = function.applyAsDouble(numbers[i]);
        }
        return results;
    }

    private Tensors tensors(Function<Slot, Tensor> tensor, Function<Slot, TensorKind> kind) {
        List<Tensor> list = real(tensor);
        if (!way.isListed() || isAnyComplex()) {
            return new Tensors(list, way, half, opened);
        }
        DType dtype = common(slot -> {
            TensorKind each = kind.apply(slot);
            return each.device().equals(Device.CPU) ? each.dtype() : null;
        });
        return new Tensors(TensorBundle.of(list, dtype), way, half, opened);
    }

    private List<Tensor> real(Function<Slot, Tensor> tensor) {
        List<Tensor> list = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            Tensor each = tensor.apply(slot);
            list.add(slot.operand().kind().dtype().isComplex() ? real(each) : each);
        }
        return list;
    }

    private boolean isAnyComplex() {
        return slots.stream().anyMatch(slot -> slot.operand().kind().dtype().isComplex());
    }

    /** Returns the dtype of all tensors; null if there are several, or if one is not on the CPU. */
    private @Nullable DType common(Function<Slot, @Nullable DType> dtype) {
        DType common = dtype.apply(slots.get(0));
        for (Slot slot : slots) {
            if (dtype.apply(slot) != common) {
                return null;
            }
        }
        return common;
    }

    /** Frees what the step made beside the parameters and their state. */
    @Override
    public void close() {
        opened.forEach(TensorBundle::close);
    }

    private static Tensor real(Tensor tensor) {
        return tensor.isComplex() ? tensor.resolveConj().viewAsReal() : tensor;
    }
}
