package org.jtorch.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * What {@link LBFGS} keeps from one iteration to the next: the last differences of gradients and the steps that caused them, from
 * which it computes the direction of the next step.
 */
final class LbfgsHistory {

    static final String FUNC_EVALS = "func_evals";
    static final String N_ITER = "n_iter";

    private static final String DIRECTION = "d";
    private static final String SIZE = "t";
    private static final String DIFFERENCES = "old_dirs";
    private static final String STEPS = "old_stps";
    private static final String RO = "ro";
    private static final String SCALE = "H_diag";
    private static final String GRADIENT = "prev_flat_grad";
    private static final String LOSS = "prev_loss";
    private static final String AL = "al";

    private final long size;
    private final List<Tensor> differences;
    private final List<Tensor> steps;

    /** The inverses of the products of both, each without dimensions. */
    private final List<Tensor> ro;

    /** The factors of the last direction, of which PyTorch keeps as many as there may be. */
    private @Nullable List<@Nullable Object> al;

    /** The scale of the direction: a number, or a tensor without dimensions. */
    private Object scale;

    private @Nullable Tensor direction;
    private double t;
    private @Nullable Tensor gradient;
    private double loss;

    /**
     * Reads the history from the state.
     *
     * @param size the greatest number of differences
     */
    LbfgsHistory(State state, long size) {
        this.size = size;
        differences = tensors(state, DIFFERENCES);
        steps = tensors(state, STEPS);
        ro = tensors(state, RO);
        scale = Objects.requireNonNullElse(state.value(SCALE), 1L);
        direction = (Tensor) state.value(DIRECTION);
        gradient = (Tensor) state.value(GRADIENT);
        t = number(state.value(SIZE));
        loss = number(state.value(LOSS));
        al = state.value(AL) instanceof List<?> list ? new ArrayList<>(list) : null;
    }

    private static double number(@Nullable Object value) {
        return value instanceof Tensor tensor
                ? tensor.item()
                : value instanceof Number number ? number.doubleValue() : 0;
    }

    private static List<Tensor> tensors(State state, String name) {
        List<Tensor> tensors = new ArrayList<>();
        if (state.value(name) instanceof List<?> list) {
            list.forEach(element -> tensors.add((Tensor) element));
        }
        return tensors;
    }

    /**
     * Checks that the history fits the gradient.
     *
     * @throws IllegalStateException if a parameter was replaced, converted or moved since
     */
    void check(Tensor g) {
        Tensor before = gradient;
        if (before != null
                && (before.numel() != g.numel()
                        || before.dtype() != g.dtype()
                        || !before.device().equals(g.device()))) {
            throw new IllegalStateException("the parameters have " + describe(g) + ", but the history of LBFGS is of "
                    + describe(before)
                    + ": a parameter was replaced, converted or moved after a step; create a new optimizer");
        }
    }

    private static String describe(Tensor vector) {
        return vector.numel() + " elements of " + vector.dtype() + " on " + vector.device();
    }

    /** Forgets everything, and returns the direction of the first step of all. */
    Tensor begin(Tensor g) {
        differences.clear();
        steps.clear();
        ro.clear();
        scale = 1L;
        direction = g.neg();
        return direction;
    }

    /** Adds the difference between the gradient and the remembered one, and returns the direction of the next step. */
    Tensor direction(Tensor g) {
        Tensor y = g.sub(Objects.requireNonNull(gradient, "no gradient"));
        Tensor s = Objects.requireNonNull(direction, "no direction").mul(t);
        Tensor ys = y.dot(s);
        if (Scalar.of(1e-10).isLess(Scalar.of(ys))) {
            if (differences.size() == size) {
                differences.remove(0);
                steps.remove(0);
                ro.remove(0);
            }
            differences.add(y);
            steps.add(s);
            ro.add(ys.reciprocal());
            scale = ys.div(y.dot(y));
        }
        if (al == null) {
            al = new ArrayList<>(Collections.nCopies((int) size, null));
        }
        Tensor q = g.neg();
        double[] factors = new double[differences.size()];
        for (int i = factors.length - 1; i >= 0; i--) {
            Tensor factor = steps.get(i).dot(q).mul(ro.get(i));
            al.set(i, factor);
            factors[i] = factor.item();
            q.add_(differences.get(i), -factors[i]);
        }
        Tensor r = scale instanceof Tensor factor ? q.mul(factor) : q;
        for (int i = 0; i < factors.length; i++) {
            Tensor be = differences.get(i).dot(r).mul(ro.get(i));
            r.add_(steps.get(i), be.neg().add(factors[i]).item());
        }
        direction = r;
        return r;
    }

    /** Keeps the gradient and the loss for the next iteration. */
    void remember(Tensor g, double lossThere) {
        gradient = g;
        loss = lossThere;
    }

    /** Keeps the size of the step for the next iteration. */
    void setStep(double size) {
        t = size;
    }

    /** Writes the history to the state, in PyTorch's layout. */
    void save(State state) {
        if (direction == null || gradient == null) {
            return;
        }
        state.set(DIRECTION, direction);
        state.setValue(SIZE, t);
        state.setValue(DIFFERENCES, differences);
        state.setValue(STEPS, steps);
        state.setValue(RO, ro);
        if (scale instanceof Tensor tensor) {
            state.set(SCALE, tensor);
        } else {
            state.setValue(SCALE, scale);
        }
        state.set(GRADIENT, gradient);
        state.setValue(LOSS, loss);
        if (al != null) {
            state.setValue(AL, al);
        }
    }

    // --- reading a file ----------------------------------------------------------------------------------------

    /**
     * Checks a state that was read from a file.
     *
     * @param name the name of the parameter in messages
     * @param numel the number of elements of all parameters
     * @throws IllegalArgumentException if it does not fit
     */
    static void check(State state, String name, long numel) {
        if (state.integer(N_ITER) > 0) {
            for (String key : List.of(DIRECTION, SIZE, DIFFERENCES, STEPS, RO, SCALE, GRADIENT, LOSS)) {
                if (!state.has(key)) {
                    throw new IllegalArgumentException("the state of " + name + " has no '" + key + "', but "
                            + state.entries().keySet() + ": load the state of an LBFGS");
                }
            }
        }
        for (String key : List.of(DIRECTION, GRADIENT)) {
            if (state.has(key)) {
                checkVector(state.value(key), "'" + key + "' of " + name, numel);
            }
        }
        for (String key : List.of(SIZE, LOSS, SCALE)) {
            if (state.has(key)) {
                checkNumber(state.value(key), "'" + key + "' of " + name);
            }
        }
        int count = checkList(state, DIFFERENCES, name, numel);
        if (checkList(state, STEPS, name, numel) != count || checkList(state, RO, name, -1) != count) {
            throw new IllegalArgumentException("'" + DIFFERENCES + "', '" + STEPS + "' and '" + RO + "' of " + name
                    + " in an optimizer's state have different lengths");
        }
    }

    /** Checks a list of vectors, or of numbers if {@code numel} is -1, and returns its length. */
    private static int checkList(State state, String key, String name, long numel) {
        if (!state.has(key)) {
            return 0;
        }
        String what = "'" + key + "' of " + name;
        if (!(state.value(key) instanceof List<?> list)) {
            throw wrong(what, "a list");
        }
        for (Object element : list) {
            if (numel < 0) {
                if (!(element instanceof Tensor tensor) || tensor.numel() != 1) {
                    throw wrong("an element of " + what, "a tensor of one number");
                }
            } else {
                checkVector(element, "an element of " + what, numel);
            }
        }
        return list.size();
    }

    private static void checkVector(@Nullable Object value, String what, long numel) {
        if (!(value instanceof Tensor tensor) || tensor.isComplex() || tensor.dim() != 1 || tensor.numel() != numel) {
            throw wrong(what, "a real tensor of shape [" + numel + "], one number for each element of the parameters");
        }
    }

    private static void checkNumber(@Nullable Object value, String what) {
        if (!(value instanceof Number || value instanceof Tensor tensor && tensor.numel() == 1)) {
            throw wrong(what, "a number");
        }
    }

    private static IllegalArgumentException wrong(String what, String expected) {
        return new IllegalArgumentException(what + " in an optimizer's state must be " + expected);
    }
}
