package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.TorchException;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.internal.run.OperatorRegistry;

/** The arguments of a node by the names of its operator's schema, with the defaults of those that are left out. */
final class Call {

    private static final String ATEN = "torch.ops.aten.";

    private final Node node;
    private final List<Operator.Argument> schema;
    private final Map<String, Argument> given = new LinkedHashMap<>();

    private Call(Node node, List<Operator.Argument> schema) {
        this.node = node;
        this.schema = schema;
        for (NamedArgument input : node.inputs()) {
            given.put(input.name(), input.arg());
        }
    }

    /** Returns the call of an operator of {@code aten} or of one that is written in Java, or null for any other. */
    static @Nullable Call of(Node node) {
        List<Operator.Argument> custom = OperatorRegistry.arguments(node.target());
        if (custom != null) {
            return new Call(node, custom);
        }
        if (!node.target().startsWith(ATEN)) {
            return null;
        }
        String[] parts = node.target().substring(ATEN.length()).split("\\.");
        try {
            Operator operator = Operator.find("aten::" + parts[0], parts[1].equals("default") ? "" : parts[1]);
            return new Call(node, operator.arguments());
        } catch (TorchException e) {
            return null;
        }
    }

    /** Returns the call if the node's operator has one of these names, with any overload; otherwise null. */
    static @Nullable Call of(@Nullable Node node, String... names) {
        if (node == null) {
            return null;
        }
        String bare = bareName(node);
        return bare != null && List.of(names).contains(bare) ? of(node) : null;
    }

    /**
     * Returns the name of an operator of {@code aten} without its overload. It is null for any other, also for one that a user
     * has replaced, since nothing is known of what that computes.
     */
    static @Nullable String bareName(Node node) {
        return node.target().startsWith(ATEN) && !OperatorRegistry.isOfUser(node.target())
                ? node.target().substring(ATEN.length()).split("\\.")[0]
                : null;
    }

    List<Operator.Argument> schema() {
        return schema;
    }

    /** Returns the argument of the schema with a name. */
    Optional<Operator.Argument> argumentOf(String name) {
        return schema.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** Returns the name of the operator without its overload. */
    String name() {
        String name = bareName(node);
        return name == null ? "" : name;
    }

    /** Returns the name of the only tensor that the node makes. */
    String result() {
        return node.outputs().get(0).names().get(0);
    }

    /** Returns the name of a tensor, or null if there is none. */
    @Nullable
    String tensor(String name) {
        Argument argument = given.get(name);
        return argument == null || argument.names().size() != 1
                ? null
                : argument.names().get(0);
    }

    /** Returns an argument as it is, or null if it is left out. */
    @Nullable
    Argument argument(String name) {
        return given.get(name);
    }

    /** Returns a boolean. */
    boolean bool(String name) {
        return given.get(name) instanceof Argument.Bool value ? value.value() : Boolean.TRUE.equals(defaultOf(name));
    }

    /** Returns a number, or NaN if it is not a constant. */
    double number(String name) {
        Argument argument = given.get(name);
        if (argument instanceof Argument.Float value) {
            return value.value();
        }
        if (argument instanceof Argument.Int value) {
            return value.value();
        }
        return argument == null && defaultOf(name) instanceof Number value ? value.doubleValue() : Double.NaN;
    }

    /** Returns a text, or null. */
    @Nullable
    String text(String name) {
        Object value = given.get(name) instanceof Argument.Text text ? text.value() : defaultOf(name);
        return value instanceof String text ? text : null;
    }

    /** Returns whole numbers, or null if they are not constants. */
    @Nullable
    List<Long> ints(String name) {
        Argument argument = given.get(name);
        if (argument instanceof Argument.Ints values) {
            return values.value();
        }
        if (argument instanceof Argument.Int value) {
            return List.of(value.value());
        }
        if (argument == null && defaultOf(name) instanceof List<?> values) {
            List<Long> numbers = new ArrayList<>();
            values.forEach(each -> numbers.add(((Number) each).longValue()));
            return numbers;
        }
        return null;
    }

    private @Nullable Object defaultOf(String name) {
        return argumentOf(name).map(Operator.Argument::defaultValue).orElse(null);
    }
}
