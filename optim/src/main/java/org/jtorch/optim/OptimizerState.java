package org.jtorch.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.python.Tuple;

/** The state_dict of an optimizer, checked against the groups for which it is loaded. */
final class OptimizerState {

    private final Map<?, ?> state;
    private final List<Map<?, ?>> groups;

    private OptimizerState(Map<?, ?> state, List<Map<?, ?>> groups) {
        this.state = state;
        this.groups = groups;
    }

    static OptimizerState of(Map<?, ?> dict, List<? extends Optimizer.Group<?>> groups) {
        List<Map<?, ?>> saved = new ArrayList<>();
        for (Object group : entry(dict, "param_groups", List.class)) {
            saved.add(expect("a group of 'param_groups'", group, Map.class));
        }
        if (saved.size() != groups.size()) {
            throw new IllegalArgumentException("loaded state dict has a different number of parameter groups: "
                    + saved.size() + ", not " + groups.size());
        }
        for (int i = 0; i < saved.size(); i++) {
            int count = entry(saved.get(i), "params", List.class).size();
            if (count != groups.get(i).parameters().size()) {
                throw new IllegalArgumentException(
                        "loaded state dict contains a parameter group that doesn't match the size of optimizer's group: group "
                                + i + " has " + count + " parameters, not "
                                + groups.get(i).parameters().size());
            }
        }
        return new OptimizerState(entry(dict, "state", Map.class), saved);
    }

    private static <T> T entry(Map<?, ?> map, String key, Class<T> type) {
        if (!map.containsKey(key)) {
            throw new IllegalArgumentException("an optimizer's state has no '" + key
                    + "': pass the result of stateDict() or of PyTorch's optimizer.state_dict()");
        }
        return expect("'" + key + "'", map.get(key), type);
    }

    private static <T> T expect(String what, @Nullable Object value, Class<T> type) {
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(what + " of an optimizer's state must be a " + type.getSimpleName()
                    + ", not " + (value == null ? "null" : value.getClass().getSimpleName()));
        }
        return type.cast(value);
    }

    /** Returns a copy of the entries of a group. */
    Map<String, @Nullable Object> options(int group) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        groups.get(group).forEach((key, value) -> options.put(String.valueOf(key), value));
        return options;
    }

    /** Returns copies of a parameter's state with its dtype and on its device, except for the number of steps. */
    Map<String, Tensor> state(int group, int index, Tensor parameter) {
        Object number = entry(groups.get(group), "params", List.class).get(index);
        Object entries = state.get(number);
        Map<String, Tensor> values = new LinkedHashMap<>();
        if (entries == null) {
            return values;
        }
        expect("the state of parameter " + number, entries, Map.class).forEach((key, value) -> {
            String name = String.valueOf(key);
            if (name.equals("step")) {
                // earlier versions of PyTorch saved a number
                values.put(name, Torch.tensor((float) number(name, value)).unscoped());
            } else if (value != null) {
                Tensor tensor = expect("'" + name + "'", value, Tensor.class).detach();
                boolean sameKind = parameter.isFloatingPoint() && tensor.isFloatingPoint()
                        || parameter.isComplex() && tensor.isComplex();
                DType dtype = sameKind ? parameter.dtype() : tensor.dtype();
                values.put(name, tensor.to(parameter.device()).to(dtype).clone().unscoped());
            }
        });
        return values;
    }

    /** Returns a copy made by {@link #state}: the number of steps. */
    static Tensor steps(String parameter, Map<String, Tensor> values) {
        Tensor steps = value(parameter, values, "step");
        double count = steps.item();
        if (!(count >= 0)) {
            throw new IllegalArgumentException("'step' of " + parameter + " in an optimizer's state is " + count
                    + ", but steps are counted from 0");
        }
        return steps;
    }

    /** Returns a copy made by {@link #state}, which must have the parameter's sizes. */
    static Tensor sizedAsParameter(String name, Tensor parameter, Map<String, Tensor> values, String key) {
        Tensor value = value(name, values, key);
        if (value.isNested() || !Arrays.equals(value.shape(), parameter.shape())) {
            throw new IllegalArgumentException("'" + key + "' of " + name + " in an optimizer's state is "
                    + (value.isNested() ? "nested" : "of shape " + Arrays.toString(value.shape()))
                    + ", but the parameter of shape " + Arrays.toString(parameter.shape())
                    + ": load the state of an optimizer of the same model, with its parameters in the same order");
        }
        if (value.isComplex() != parameter.isComplex()) {
            throw new IllegalArgumentException("'" + key + "' of " + name + " in an optimizer's state is of "
                    + value.dtype() + ", but the parameter of " + parameter.dtype());
        }
        return value;
    }

    /** Returns a copy made by {@link #state}, which must have the parameter's sizes, layout and dtype. */
    static Tensor likeParameter(String name, Tensor parameter, Map<String, Tensor> values, String key) {
        Tensor value = sizedAsParameter(name, parameter, values, key);
        if (value.layout() != parameter.layout() || value.dtype() != parameter.dtype()) {
            throw new IllegalArgumentException("'" + key + "' of " + name + " in an optimizer's state is of "
                    + value.dtype() + " and " + value.layout() + ", but the parameter of " + parameter.dtype() + " and "
                    + parameter.layout());
        }
        return value;
    }

    private static Tensor value(String parameter, Map<String, Tensor> values, String key) {
        Tensor value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the state of " + parameter + " has no '" + key + "', but "
                    + values.keySet() + ": load the state of an optimizer of the same class");
        }
        return value;
    }

    // --- options -----------------------------------------------------------------------------------------------

    /** Removes a number from the entries of a group. PyTorch saves a tensor if it changes the number on a GPU. */
    static double number(Map<String, @Nullable Object> group, String key) {
        return number(key, take(group, key));
    }

    private static double number(String key, @Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return tensor.item();
        }
        return expect("'" + key + "'", value, Number.class).doubleValue();
    }

    /** Removes a boolean from the entries of a group. */
    static boolean truth(Map<String, @Nullable Object> group, String key) {
        return expect("'" + key + "'", take(group, key), Boolean.class);
    }

    /** Removes two numbers from the entries of a group. */
    static double[] pair(Map<String, @Nullable Object> group, String key) {
        Object value = take(group, key);
        List<?> values = value instanceof List<?> list
                ? list
                : expect("'" + key + "'", value, Tuple.class).values();
        if (values.size() != 2) {
            throw new IllegalArgumentException(
                    "'" + key + "' of an optimizer's state must be two numbers, not " + values);
        }
        return new double[] {number(key, values.get(0)), number(key, values.get(1))};
    }

    private static @Nullable Object take(Map<String, @Nullable Object> group, String key) {
        entry(group, key, Object.class);
        return group.remove(key);
    }
}
