package org.jtorch.export.internal.record;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.internal.tree.TreeSpec;
import org.jtorch.export.internal.tree.Typed;
import org.jtorch.nn.Module;
import org.jtorch.nn.TensorTree;
import org.jtorch.nn.internal.Records;
import org.jtorch.nn.internal.modules.ForwardInput;

/** The arguments with which a module is recorded: as Java passes them, and as Python will. */
final class Arguments {

    /**
     * A value that is not looked into.
     *
     * @param name its name in the graph
     */
    record Leaf(String name, @Nullable Object value) {}

    private final Module<?, ?> module;

    /** The input of the module, or null if it is made of the arguments. */
    private final @Nullable Object input;

    private final BiFunction<List<@Nullable Object>, Map<String, @Nullable Object>, Object> inputOf;

    private final List<@Nullable Object> args;
    private final Map<String, @Nullable Object> kwargs;
    private final List<String> names;
    private final List<Leaf> leaves = new ArrayList<>();
    private final TreeSpec spec;

    private Arguments(
            Module<?, ?> module,
            @Nullable Object input,
            List<? extends @Nullable Object> args,
            Map<String, ? extends @Nullable Object> kwargs,
            List<String> names,
            BiFunction<List<@Nullable Object>, Map<String, @Nullable Object>, Object> inputOf) {
        this.module = module;
        this.input = input;
        this.inputOf = inputOf;
        this.args = new ArrayList<>(args);
        this.kwargs = new LinkedHashMap<>(kwargs);
        this.names = names;
        List<TreeSpec> parts = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            Object tree = Typed.toTree(args.get(i));
            parts.add(TreeSpec.of(tree));
            collect(names.get(i), tree);
        }
        List<TreeSpec> named = new ArrayList<>();
        kwargs.forEach((name, value) -> {
            Object tree = Typed.toTree(value);
            named.add(TreeSpec.of(tree));
            collect(name, tree);
        });
        this.spec = TreeSpec.tuple(
                List.of(TreeSpec.tuple(parts), new TreeSpec(TreeSpec.Kind.DICT, List.copyOf(kwargs.keySet()), named)));
    }

    /**
     * Returns the arguments of a Python call.
     *
     * @param inputOf makes the input of the module of the arguments
     */
    static Arguments of(
            Module<?, ?> module,
            List<? extends @Nullable Object> args,
            Map<String, ? extends @Nullable Object> kwargs,
            List<String> names,
            BiFunction<List<@Nullable Object>, Map<String, @Nullable Object>, Object> inputOf) {
        return new Arguments(module, null, args, kwargs, names(module, args.size(), names), inputOf);
    }

    /** Returns the arguments that the components of a module's input stand for: those that are not null, by name. */
    static Arguments of(Module<?, ?> module, Record input) {
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        RecordComponent[] components = Records.components(input.getClass());
        @Nullable Object[] values = Records.values(input);
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                kwargs.put(Typed.snake(components[i].getName()), values[i]);
            }
        }
        return new Arguments(module, input, List.of(), kwargs, List.of(), (a, k) -> input);
    }

    private static List<String> names(Module<?, ?> module, int count, List<String> given) {
        if (!given.isEmpty()) {
            if (given.size() < count) {
                throw new IllegalArgumentException(
                        "there are " + count + " arguments by position, but " + given.size() + " names: " + given);
            }
            return given;
        }
        List<String> names = new ArrayList<>();
        Class<?> type = ForwardInput.type(module);
        if (type.isRecord() && type.getRecordComponents().length >= count) {
            for (RecordComponent component : Records.components(type)) {
                names.add(Typed.snake(component.getName()));
            }
            return names;
        }
        for (int i = 0; i < count; i++) {
            names.add(count == 1 ? "input" : "args_" + i);
        }
        return names;
    }

    private void collect(String name, @Nullable Object tree) {
        if (tree instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collect(name + "_" + i, list.get(i));
            }
        } else if (tree instanceof Map<?, ?> map) {
            map.forEach((key, value) -> collect(name + "_" + key, value));
        } else {
            checkPlain(name, tree);
            leaves.add(new Leaf(name.replaceAll("[^a-zA-Z0-9]", "_").toLowerCase(Locale.ROOT), tree));
        }
    }

    private static void checkPlain(String name, @Nullable Object value) {
        if (value != null
                && !(value instanceof Tensor
                        || value instanceof Number
                        || value instanceof Boolean
                        || value instanceof String)) {
            throw new ExportException(
                    "the input '" + name + "' is a " + value.getClass().getName()
                            + ", which a program cannot have: use tensors, numbers, booleans, texts, and records, lists and maps of"
                            + " them");
        }
    }

    /** Returns the leaves in order. */
    List<Leaf> leaves() {
        return leaves;
    }

    /** Returns the tensors among the leaves. */
    List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        for (Leaf leaf : leaves) {
            if (leaf.value() instanceof Tensor tensor) {
                tensors.add(tensor);
            }
        }
        return tensors;
    }

    TreeSpec spec() {
        return spec;
    }

    /** Returns the names of all arguments, by position and then by name. */
    List<String> argumentNames() {
        List<String> all = new ArrayList<>(names.subList(0, args.size()));
        all.addAll(kwargs.keySet());
        return all;
    }

    /** Returns the arguments by position as lists and maps, with these tensors. */
    List<@Nullable Object> args(List<Tensor> tensors) {
        Iterator<Tensor> next = tensors.iterator();
        List<@Nullable Object> mapped = new ArrayList<>();
        args.forEach(each -> mapped.add(Typed.toTree(TensorTree.map(each, t -> next.next()))));
        return mapped;
    }

    /** Returns the arguments by name as lists and maps, with these tensors. */
    Map<String, @Nullable Object> kwargs(List<Tensor> tensors) {
        Iterator<Tensor> next = tensors.iterator();
        args.forEach(each -> TensorTree.forEach(each, t -> next.next()));
        Map<String, @Nullable Object> mapped = new LinkedHashMap<>();
        kwargs.forEach((name, each) -> mapped.put(name, Typed.toTree(TensorTree.map(each, t -> next.next()))));
        return mapped;
    }

    /** Calls the module with these tensors in place of its arguments', and returns its output as lists and maps. */
    @SuppressWarnings("unchecked") // the module refuses an input of another type
    @Nullable
    Object call(List<Tensor> tensors) {
        Iterator<Tensor> next = tensors.iterator();
        Object given;
        if (input != null) {
            given = TensorTree.map(input, t -> next.next());
        } else {
            List<@Nullable Object> positional = new ArrayList<>();
            args.forEach(each -> positional.add(TensorTree.map(each, t -> next.next())));
            Map<String, @Nullable Object> named = new LinkedHashMap<>();
            kwargs.forEach((name, each) -> named.put(name, TensorTree.map(each, t -> next.next())));
            given = inputOf.apply(positional, named);
        }
        return Typed.toTree(((Module<Object, Object>) module).call(given));
    }
}
