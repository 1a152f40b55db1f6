package org.jtorch.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.internal.engine.Doors;
import org.jtorch.internal.engine.HandleList;
import org.jtorch.internal.engine.Taps;

/**
 * Several tensors as one list of the engine, for operators on lists ({@code _foreach_…}). The list is made once and not at every
 * call, and tensors that an operator makes get no objects in Java unless they are asked for. While operations are recorded, each
 * call is made with tensors in Java, so that the recorder sees them.
 *
 * <p>A bundle keeps its tensors until it is closed. It may be used by one thread at a time.
 */
public final class TensorBundle implements AutoCloseable {

    private static final Doors.Operators<Operator> OPERATORS = Doors.operators(Operator.class);

    private final int size;
    private @Nullable HandleList handles;
    private @Nullable List<Tensor> tensors;
    private boolean closed;

    /** The dtype of all tensors, if they are on the CPU and it is float32 or float64; otherwise null. Known if {@link #examined}. */
    private @Nullable DType dtype;

    private boolean examined;

    private TensorBundle(List<Tensor> tensors) {
        this.size = tensors.size();
        this.tensors = tensors;
    }

    /**
     * Creates a bundle that owns {@code handles}.
     *
     * @param dtype the dtype of all tensors, if they are on the CPU and it is float32 or float64; otherwise null
     */
    TensorBundle(HandleList handles, @Nullable DType dtype) {
        this.size = handles.size();
        this.handles = handles;
        this.dtype = dtype;
        this.examined = true;
    }

    /** Returns a bundle of {@code tensors}, which must not be freed before its first use. */
    public static TensorBundle of(List<? extends Tensor> tensors) {
        return new TensorBundle(Collections.unmodifiableList(tensors));
    }

    /**
     * Returns a bundle of tensors whose dtypes are known, as {@link #of(List)}.
     *
     * @param dtype the dtype of all tensors; null if they have several, or if some are not on the CPU
     */
    public static TensorBundle of(List<? extends Tensor> tensors, @Nullable DType dtype) {
        TensorBundle bundle = of(tensors);
        bundle.know(dtype);
        return bundle;
    }

    /** Returns a bundle of gradients, without objects in Java for them; {@code dtype} as for {@link #of(List, DType)}. */
    public static TensorBundle ofGradients(List<Gradient> gradients, @Nullable DType dtype) {
        HandleList handles = new HandleList(gradients.size());
        try {
            gradients.forEach(gradient -> handles.add(gradient.handle()));
        } catch (RuntimeException e) {
            handles.close();
            throw e;
        }
        TensorBundle bundle = new TensorBundle(handles, null);
        bundle.know(dtype);
        return bundle;
    }

    private void know(@Nullable DType common) {
        dtype = common == DType.FLOAT32 || common == DType.FLOAT64 ? common : null;
        examined = true;
    }

    /** Returns the number of tensors. */
    public int size() {
        return size;
    }

    /** Returns the device of the first tensor. */
    public Device device() {
        if (tensors == null) {
            try (org.bytedeco.pytorch.Tensor first = handles().get(0)) {
                if (first.is_cpu()) {
                    return Device.CPU; // without a tensor in Java
                }
            }
        }
        return get(0).device();
    }

    /** Returns a tensor, as {@link #toList}. */
    public Tensor get(int index) {
        return toList().get(index);
    }

    /** Returns the tensors: those of {@link #of}, or new ones over the same memory, which the current scope owns. */
    public List<Tensor> toList() {
        List<Tensor> list = tensors;
        if (list == null) {
            HandleList own = handles();
            list = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                list.add(Handles.own(own.get(i)));
            }
            list = Collections.unmodifiableList(list);
            tensors = list;
        }
        return list;
    }

    /**
     * Calls an operator that changes the tensors of this bundle, its first argument.
     *
     * @param others the other arguments, as for {@link Operator#call}; a bundle stands for its tensors
     * @return this bundle
     */
    public TensorBundle change(Operator operator, @Nullable Object... others) {
        if (Taps.on) {
            operator.call(unwrapped(others, TensorBundle::toList));
        } else {
            HandleList result = OPERATORS.lists(operator, unwrapped(others, TensorBundle::handles));
            if (result != null) {
                result.close();
            }
        }
        return this;
    }

    /**
     * Calls an operator that makes a tensor for each one of this bundle, its first argument.
     *
     * @param others the other arguments, as for {@link #change}
     * @return the new tensors; the caller must close the bundle
     */
    public TensorBundle make(Operator operator, @Nullable Object... others) {
        if (Taps.on) {
            List<Tensor> made = new ArrayList<>(size);
            for (Object list : operator.call(unwrapped(others, TensorBundle::toList))) {
                ((List<?>) list).forEach(each -> made.add((Tensor) each));
            }
            return of(made);
        }
        HandleList result = OPERATORS.lists(operator, unwrapped(others, TensorBundle::handles));
        if (result == null) {
            throw new IllegalArgumentException(operator + " returns no list of tensors");
        }
        DType common = dtype();
        for (Object other : others) {
            if (other instanceof TensorBundle bundle ? bundle.dtype() != common : other instanceof Tensor) {
                common = null; // the engine may have converted one to the other
            }
        }
        return new TensorBundle(result, common);
    }

    /**
     * Returns a number as a tensor without dimensions that an operator can be given in the number's place, with the same values: an
     * operator would convert the number for each tensor anew. Returns null if the tensors do not all have the same dtype, float32 or
     * float64, are not all on the CPU, or if operations are recorded.
     */
    public @Nullable Tensor scalar(double number) {
        DType common = Taps.on ? null : dtype();
        if (common == null) {
            return null;
        }
        double rounded = common == DType.FLOAT32 ? (float) number : number; // a great number becomes infinite
        return Torch.full(new long[0], rounded, TensorOptions.of(common).device(Device.CPU));
    }

    private @Nullable DType dtype() {
        if (!examined) {
            DType common = null;
            for (Tensor tensor : toList()) {
                DType each = tensor.isCpu() ? tensor.dtype() : null;
                if (each != DType.FLOAT32 && each != DType.FLOAT64 || common != null && each != common) {
                    common = null;
                    break;
                }
                common = each;
            }
            dtype = common;
            examined = true;
        }
        return dtype;
    }

    /** Returns the tensors, which have the same sizes, along a new first dimension, as {@link Torch#stack(List)}. */
    public Tensor stack() {
        return Taps.on
                ? Torch.stack(toList())
                : (Tensor) Stack.OPERATOR.call(handles(), 0).get(0);
    }

    /**
     * Returns what a function makes of the tensors, which have the same sizes: it is called once with all of them along a new first
     * dimension, and its result of the same dtype is split along that.
     *
     * @return a bundle with one tensor for each; the caller must close it
     */
    public TensorBundle stacked(UnaryOperator<Tensor> function) {
        Tensor result = function.apply(stack());
        if (Taps.on) {
            return of(result.unbind());
        }
        HandleList parts = Objects.requireNonNull(OPERATORS.lists(Stack.UNBIND, result, 0));
        return new TensorBundle(parts, dtype());
    }

    private @Nullable Object[] unwrapped(@Nullable Object[] others, Function<TensorBundle, Object> form) {
        @Nullable Object[] all = new @Nullable Object[others.length + 1];
        all[0] = form.apply(this);
        for (int i = 0; i < others.length; i++) {
            all[i + 1] = others[i] instanceof TensorBundle bundle ? form.apply(bundle) : others[i];
        }
        return all;
    }

    private HandleList handles() {
        if (closed) {
            throw new IllegalStateException("this bundle of tensors is closed");
        }
        HandleList list = handles;
        if (list == null) {
            list = new HandleList(size);
            try {
                for (Tensor tensor : toList()) {
                    list.add(Handles.of(tensor));
                }
            } catch (RuntimeException e) {
                list.close();
                throw e;
            }
            handles = list;
        }
        return list;
    }

    /** Ends the use of the bundle. Its tensors are freed, except those that Java or another bundle has too. */
    @Override
    public void close() {
        closed = true;
        HandleList list = handles;
        handles = null;
        if (list != null) {
            list.close();
        }
    }

    /** Looked up at its first use. */
    private static final class Stack {
        static final Operator OPERATOR = Operator.find("aten::stack", "");
        static final Operator UNBIND = Operator.find("aten::unbind", "int");
    }
}
