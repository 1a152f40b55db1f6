package org.jtorch.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.OptionType;

/**
 * The state_dict of an optimizer, checked against the groups for which it is loaded.
 *
 * @param <O> the options of the optimizer
 */
final class SavedState<O extends OptimizerOptions<O>> {

    static final String STATE = "state";
    static final String GROUPS = "param_groups";
    static final String PARAMS = "params";
    static final String NAMES = "param_names";

    private final Map<?, ?> state;
    private final List<Map<?, ?>> saved;
    private final List<ParamGroup<O>> groups;

    private SavedState(Map<?, ?> state, List<Map<?, ?>> saved, List<ParamGroup<O>> groups) {
        this.state = state;
        this.saved = saved;
        this.groups = groups;
    }

    static <O extends OptimizerOptions<O>> SavedState<O> of(Map<?, ?> dict, List<ParamGroup<O>> groups) {
        List<Map<?, ?>> saved = new ArrayList<>();
        for (Object group : entry(dict, GROUPS, List.class)) {
            saved.add(expect("a group of '" + GROUPS + "'", group, Map.class));
        }
        if (saved.size() != groups.size()) {
            throw new IllegalArgumentException("loaded state dict has a different number of parameter groups: "
                    + saved.size() + ", not " + groups.size());
        }
        for (int i = 0; i < saved.size(); i++) {
            int count = entry(saved.get(i), PARAMS, List.class).size();
            if (count != groups.get(i).parameters().size()) {
                throw new IllegalArgumentException(
                        "loaded state dict contains a parameter group that doesn't match the size of optimizer's group: group "
                                + i + " has " + count + " parameters, not "
                                + groups.get(i).parameters().size());
            }
        }
        Map<Object, @Nullable Object> state = new HashMap<>();
        entry(dict, STATE, Map.class).forEach((key, value) -> state.put(key(key), value));
        return new SavedState<>(state, saved, groups);
    }

    /** Returns a key that is equal for equal whole numbers, of whatever type they are. */
    private static Object key(Object number) {
        return number instanceof Integer small ? Long.valueOf(small) : number;
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

    // --- groups ------------------------------------------------------------------------------------------------

    /**
     * Reads the options of a group into {@code options}, which has the declared defaults.
     *
     * @return changes the group
     */
    Runnable readGroup(int index, O options) {
        Map<?, ?> entries = saved.get(index);
        for (String name : options.required()) {
            if (!entries.containsKey(name)) {
                throw new IllegalArgumentException("group " + index + " of an optimizer's state has no '" + name
                        + "': load the state of an optimizer of the same class");
            }
        }
        ParamGroup<O> group = groups.get(index);
        Map<String, @Nullable Object> extras = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            String name = String.valueOf(entry.getKey());
            if (options.has(name)) {
                try {
                    if (name.equals("lr") && entries.containsKey("initial_lr")) { // a schedule set it
                        options.scheduledLr(OptionType.asNumber(name, entry.getValue()));
                    } else {
                        options.set(name, entry.getValue());
                    }
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "group " + index + " of an optimizer's state: " + e.getMessage(), e);
                }
            } else if (!name.equals(PARAMS) && !name.equals(NAMES)) {
                extras.put(name, entry.getValue());
            }
        }
        options.validated();
        List<String> names = names(entries, group);
        return () -> {
            group.options().setAll(options);
            group.extras().clear();
            group.extras().putAll(extras);
            if (names != null) {
                group.setNames(names);
            }
        };
    }

    private static @Nullable List<String> names(Map<?, ?> entries, ParamGroup<?> group) {
        if (!entries.containsKey(NAMES)) {
            return null;
        }
        List<String> names = new ArrayList<>();
        for (Object name : entry(entries, NAMES, List.class)) {
            names.add(expect("a name of '" + NAMES + "'", name, String.class));
        }
        if (names.size() != group.parameters().size()) {
            throw new IllegalArgumentException("'" + NAMES + "' of an optimizer's state has " + names.size()
                    + " names, but the group has " + group.parameters().size() + " parameters");
        }
        return List.copyOf(names);
    }

    // --- the state of a parameter ------------------------------------------------------------------------------

    /** Returns whether there is a saved state of a parameter. */
    boolean hasState(int group, int index) {
        return entries(group, index) instanceof Map<?, ?> values && !values.isEmpty();
    }

    private @Nullable Object entries(int group, int index) {
        return state.get(key(entry(saved.get(group), PARAMS, List.class).get(index)));
    }

    /**
     * Returns the saved state of a parameter, or null if there is none. Tensors are copied.
     *
     * @param expected what the optimizer keeps for the parameter; it is filled
     * @throws IllegalArgumentException if something is missing or does not fit
     */
    @Nullable
    State readState(int group, int index, State expected) {
        Object entries = entries(group, index);
        if (entries == null) {
            return null;
        }
        String parameter = Slot.name(group, index);
        Map<?, ?> values = expect("the state of " + parameter, entries, Map.class);
        if (values.isEmpty()) {
            return null;
        }
        for (Map.Entry<String, Object> entry : Map.copyOf(expected.entries()).entrySet()) {
            Object value = values.get(entry.getKey());
            if (value == null) {
                throw new IllegalArgumentException("the state of " + parameter + " has no '" + entry.getKey()
                        + "', but " + new TreeSet<>(values.keySet())
                        + ": load the state of an optimizer of the same class");
            }
            new Entry(parameter, entry.getKey()).read(value, entry.getValue(), expected);
        }
        Set<String> known = Set.copyOf(expected.entries().keySet());
        values.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (value != null && !known.contains(name)) {
                new Entry(parameter, name).readOther(value, expected);
            }
        });
        expected.commit();
        return expected;
    }

    /** An entry of a parameter's state. */
    private record Entry(String parameter, String key) {

        /** Reads a value that must be like {@code like}. */
        void read(Object value, Object like, State into) {
            if (like instanceof Kept kept) {
                into.load(key, new Kept(tensor(value, kept.tensor(), true)));
            } else if (like instanceof Long) {
                into.load(key, integer(value));
            } else {
                into.load(key, number(value));
            }
        }

        private Long integer(Object value) {
            double number = number(value);
            if (number != Math.rint(number)) {
                throw new IllegalArgumentException("'" + key + "' of " + parameter + " in an optimizer's state is "
                        + number + ", but must be a whole number");
            }
            return value instanceof Long exact ? exact : (Long) (long) number;
        }

        private Float number(Object value) {
            double number;
            if (value instanceof Tensor tensor && tensor.numel() == 1 && !tensor.isComplex()) {
                number = tensor.item();
            } else {
                number = expect("'" + key + "' of " + parameter, value, Number.class)
                        .doubleValue();
            }
            if (key.equals(BatchedOptimizer.STEP) && !(number >= 0)) {
                throw new IllegalArgumentException("'" + key + "' of " + parameter + " in an optimizer's state is "
                        + number + ", but steps are counted from 0");
            }
            return (float) number;
        }

        /** Reads a value that is not there after the first step: a tensor like the parameter, or anything else as it is. */
        void readOther(Object value, State into) {
            if (into.elementwise().contains(key)) {
                into.load(key, new Kept(tensor(value, into.parameter(), false)));
            } else {
                into.load(key, copy(value, into.parameter()));
            }
        }

        private static Object copy(Object value, Tensor parameter) {
            if (value instanceof Tensor tensor) {
                return new Kept(converted(tensor, parameter));
            }
            if (value instanceof List<?> list) {
                List<Object> copies = new ArrayList<>();
                list.forEach(element ->
                        copies.add(element instanceof Tensor tensor ? converted(tensor, parameter) : element));
                return copies;
            }
            return value;
        }

        private Tensor tensor(Object value, Tensor like, boolean sameKind) {
            Tensor tensor = converted(expect("'" + key + "' of " + parameter, value, Tensor.class), like);
            String of = "'" + key + "' of " + parameter + " in an optimizer's state is ";
            if (tensor.isNested() || !Arrays.equals(tensor.shape(), like.shape())) {
                throw new IllegalArgumentException(of
                        + (tensor.isNested() ? "nested" : "of shape " + Arrays.toString(tensor.shape()))
                        + ", but must be of shape " + Arrays.toString(like.shape())
                        + ": load the state of an optimizer of the same model, with its parameters in the same order");
            }
            if (tensor.isComplex() != like.isComplex()
                    || sameKind && (tensor.layout() != like.layout() || tensor.dtype() != like.dtype())) {
                throw new IllegalArgumentException(of + "of " + tensor.dtype() + " and " + tensor.layout()
                        + ", but must be of " + like.dtype() + " and " + like.layout());
            }
            return tensor;
        }

        /** Returns a copy on the device of {@code like}, with its dtype if both are floating-point or both are complex. */
        private static Tensor converted(Tensor value, Tensor like) {
            Tensor tensor = value.detach();
            boolean sameKind =
                    like.isFloatingPoint() && tensor.isFloatingPoint() || like.isComplex() && tensor.isComplex();
            DType dtype = sameKind ? like.dtype() : tensor.dtype();
            return tensor.to(like.device()).to(dtype).clone().unscoped();
        }
    }
}
