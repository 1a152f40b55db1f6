package org.jtorch.export.internal.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Device;
import org.jtorch.Operator;
import org.jtorch.TorchException;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.internal.pt2.SchemaTypes;
import org.jtorch.internal.TrustedOperators;

/** Makes a {@link Plan} of a graph, after checking that each value is computed before it is used and each operator exists. */
public final class PlanBuilder {

    private static final String OPS = "torch.ops.";
    private static final int MAX_DEPTH = 50;

    /** The namespace of oneDNN's operators, which passes put into graphs. */
    private static final String ONE_DNN = "mkldnn";

    private final Graph graph;
    private final boolean trusted;
    private final int depth;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();

    private PlanBuilder(Graph graph, boolean trusted, int depth) {
        this.graph = graph;
        this.trusted = trusted;
        this.depth = depth;
    }

    /**
     * Returns the plan of a graph.
     *
     * @throws ExportException if an operator is unknown, its arguments do not fit, or a value is used before it is computed
     */
    public static Plan of(Graph graph) {
        return new PlanBuilder(graph, false, 0).build();
    }

    /** Returns the plan of a graph that passes have rewritten: it may have oneDNN's operators, whose arguments they have checked. */
    public static Plan ofRewritten(Graph graph) {
        return new PlanBuilder(graph, true, 0).build();
    }

    private Plan build() {
        if (depth > MAX_DEPTH) {
            throw new ExportException("graphs are nested more than " + MAX_DEPTH + " times");
        }
        for (Argument input : graph.inputs()) {
            List<String> names = input.names();
            define(names.isEmpty() ? " constant " + places.size() : names.get(0), "inputs of the graph");
        }
        int inputs = places.size();
        for (Node node : graph.nodes()) {
            steps.add(step(node));
        }
        List<Fetch> outputs = graph.outputs().stream()
                .map(output -> fetch(output, "an output of the graph"))
                .toList();
        return new Plan(places.size(), inputs, steps, graph.nodes(), dead(outputs), outputs);
    }

    private int define(String name, Object where) {
        int place = places.size();
        if (places.put(name, place) != null) {
            throw new ExportException("the value '" + name + "' is defined twice: again by " + where);
        }
        return place;
    }

    /** Returns for each step the places of tensors that no later step, and no output, reads. */
    private int[][] dead(List<Fetch> outputs) {
        Set<Integer> needed = new HashSet<>();
        outputs.forEach(output -> output.forEachSlot(needed::add));
        Map<Integer, Integer> last = new LinkedHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            int step = i;
            steps.get(i).forEachMade(place -> last.put(place, step));
            steps.get(i).forEachRead(place -> last.computeIfPresent(place, (key, earlier) -> step));
        }
        int[][] dead = new int[steps.size()][];
        Map<Integer, List<Integer>> byStep = new HashMap<>();
        last.forEach((place, step) -> {
            if (!needed.contains(place)) {
                byStep.computeIfAbsent(step, key -> new ArrayList<>()).add(place);
            }
        });
        for (int i = 0; i < dead.length; i++) {
            dead[i] = byStep.getOrDefault(i, List.of()).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
        return dead;
    }

    // --- steps -------------------------------------------------------------------------------------------------

    private Step step(Node node) {
        String target = node.target();
        if (target.startsWith(HigherOrder.PREFIX)) {
            FunctionStep.Body body = HigherOrder.of(target);
            if (body == null) {
                throw unknown(
                        node,
                        "jtorch runs cond, while_loop, map, wrap_with_set_grad_enabled and"
                                + " wrap_with_autocast of higher_order");
            }
            return function(node, body);
        }
        if (!target.startsWith(OPS)) {
            FunctionStep.Body body = SymbolicFunctions.of(target);
            if (body == null && target.startsWith("torch._functorch.")) {
                throw unknown(node, "it is a part of torch.vmap, which is not supported: write the model without vmap");
            }
            if (body == null) {
                throw unknown(node, "it is neither an operator of the engine nor a function of sizes");
            }
            return function(node, body);
        }
        String[] parts = target.substring(OPS.length()).split("\\.", -1);
        if (parts.length != 3) {
            throw unknown(node, "it must have the form torch.ops.NAMESPACE.NAME.OVERLOAD");
        }
        String name = parts[0] + "::" + parts[1];
        String overload = parts[2].equals("default") ? "" : parts[2];
        OperatorRegistry.Entry custom = OperatorRegistry.find(name, overload);
        if (custom != null) {
            List<Fetch> arguments = arguments(node, custom.schema().arguments());
            return new FunctionStep(custom.body(), arguments, results(node));
        }
        try {
            Operator operator = trusted && parts[0].equals(ONE_DNN)
                    ? TrustedOperators.find(name, overload)
                    : Operator.find(name, overload);
            List<Fetch> arguments = arguments(node, operator.arguments());
            return new OperatorStep(operator, arguments, results(node));
        } catch (ExportException e) {
            throw e;
        } catch (TorchException e) {
            throw new ExportException(
                    NodeText.of(node) + " has an operator that cannot be run: " + e.getMessage()
                            + ". An operator of another library can be supplied with CustomOperators.register",
                    e);
        }
    }

    private static ExportException unknown(Node node, String why) {
        return new ExportException(NodeText.of(node) + " has an operator that is unknown: " + why);
    }

    private Step function(Node node, FunctionStep.Body body) {
        List<Fetch> arguments = node.inputs().stream()
                .map(input -> fetch(input.arg(), NodeText.place(node)))
                .toList();
        return new FunctionStep(body, arguments, results(node));
    }

    /** Returns the arguments in the order of the schema, with the defaults of those that are left out. */
    private List<Fetch> arguments(Node node, List<Operator.Argument> schema) {
        Map<String, Argument> given = new LinkedHashMap<>();
        for (NamedArgument input : node.inputs()) {
            if (given.put(input.name(), input.arg()) != null) {
                throw new ExportException(NodeText.of(node) + " has the argument '" + input.name() + "' twice");
            }
        }
        List<String> known = schema.stream().map(Operator.Argument::name).toList();
        if (!known.containsAll(given.keySet())) {
            List<String> unknown = new ArrayList<>(given.keySet());
            unknown.removeAll(known);
            throw new ExportException(
                    NodeText.of(node) + " has the unknown arguments " + unknown + "; the operator takes " + known);
        }
        List<Fetch> arguments = new ArrayList<>(schema.size());
        for (Operator.Argument argument : schema) {
            Argument value = given.get(argument.name());
            if (value != null) {
                arguments.add(fetch(value, NodeText.place(node)));
            } else if (argument.optional() || argument.type().endsWith("?")) {
                arguments.add(new Fetch.Constant(argument.defaultValue()));
            } else {
                throw new ExportException(NodeText.of(node) + " lacks the argument '" + argument.name() + "'");
            }
        }
        return arguments;
    }

    private List<Results> results(Node node) {
        return node.outputs().stream().map(output -> result(node, output)).toList();
    }

    private Results result(Node node, Argument output) {
        if (output instanceof Argument.Tensors || output instanceof Argument.OptionalTensors) {
            List<Results> each = new ArrayList<>();
            for (String name : output.names()) {
                each.add(one(node, name));
            }
            return new Results.Each(each);
        }
        List<String> names = output.names();
        return names.isEmpty() ? new Results.Unused() : one(node, names.get(0));
    }

    private Results one(Node node, String name) {
        return name.isEmpty() ? new Results.Unused() : new Results.One(define(name, NodeText.place(node)));
    }

    // --- arguments ---------------------------------------------------------------------------------------------

    private Fetch slot(String name, Object where) {
        Integer place = places.get(name);
        if (place == null) {
            throw new ExportException(where + " uses the value '" + name + "', which no earlier node computes");
        }
        return new Fetch.Slot(place);
    }

    private Fetch elements(List<Fetch> elements) {
        if (elements.stream().allMatch(Fetch.Constant.class::isInstance)) {
            List<@Nullable Object> values = new ArrayList<>();
            elements.forEach(each -> values.add(((Fetch.Constant) each).value()));
            return new Fetch.Constant(values);
        }
        return new Fetch.Elements(elements);
    }

    private Fetch fetch(Argument argument, Object where) {
        if (argument instanceof Argument.None) {
            return new Fetch.Constant(null);
        } else if (argument instanceof Argument.Tensor tensor) {
            return slot(tensor.name(), where);
        } else if (argument instanceof Argument.Tensors tensors) {
            return elements(tensors.value().stream()
                    .map(each -> slot(each.name(), where))
                    .toList());
        } else if (argument instanceof Argument.Int number) {
            return new Fetch.Constant(number.value());
        } else if (argument instanceof Argument.Ints numbers) {
            return new Fetch.Constant(List.copyOf(numbers.value()));
        } else if (argument instanceof Argument.Float number) {
            return new Fetch.Constant(number.value());
        } else if (argument instanceof Argument.Floats numbers) {
            return new Fetch.Constant(List.copyOf(numbers.value()));
        } else if (argument instanceof Argument.Text text) {
            return new Fetch.Constant(text.value());
        } else if (argument instanceof Argument.Texts texts) {
            return new Fetch.Constant(List.copyOf(texts.value()));
        } else if (argument instanceof Argument.SymInt number) {
            return fetch(number.value(), where);
        } else if (argument instanceof Argument.SymInts numbers) {
            return elements(
                    numbers.value().stream().map(each -> fetch(each, where)).toList());
        } else if (argument instanceof Argument.ScalarType type) {
            return new Fetch.Constant(SchemaTypes.dtype(type.value()));
        } else if (argument instanceof Argument.MemoryFormat format) {
            return new Fetch.Constant(SchemaTypes.memoryFormat(format.value()));
        } else if (argument instanceof Argument.Layout layout) {
            return new Fetch.Constant(SchemaTypes.layout(layout.value()));
        } else if (argument instanceof Argument.Device device) {
            return new Fetch.Constant(Device.of(device.value().toString()));
        } else if (argument instanceof Argument.Bool truth) {
            return new Fetch.Constant(truth.value());
        } else if (argument instanceof Argument.Bools truths) {
            return new Fetch.Constant(List.copyOf(truths.value()));
        } else if (argument instanceof Argument.SymBool truth) {
            return fetch(truth.value(), where);
        } else if (argument instanceof Argument.SymBools truths) {
            return elements(
                    truths.value().stream().map(each -> fetch(each, where)).toList());
        } else if (argument instanceof Argument.SubGraph branch) {
            return new Fetch.Constant(new PlanBuilder(branch.graph(), trusted, depth + 1).build());
        } else if (argument instanceof Argument.OptionalTensors tensors) {
            return elements(
                    tensors.value().stream().map(each -> fetch(each, where)).toList());
        } else if (argument instanceof Argument.SymFloat number) {
            return fetch(number.value(), where);
        } else if (argument instanceof Argument.SymFloats numbers) {
            return elements(
                    numbers.value().stream().map(each -> fetch(each, where)).toList());
        } else if (argument instanceof Argument.OptionalTensor tensor) {
            return fetch(tensor.value(), where);
        } else if (argument instanceof Argument.NestedTensors lists) {
            return elements(lists.value().stream()
                    .map(list -> elements(
                            list.stream().map(each -> slot(each.name(), where)).toList()))
                    .toList());
        } else if (argument instanceof Argument.IntLists lists) {
            return new Fetch.Constant(lists.value());
        } else if (argument instanceof Argument.FloatLists lists) {
            return new Fetch.Constant(lists.value());
        }
        throw new ExportException(where + " has an argument of the kind "
                + argument.getClass().getSimpleName() + ", which is not supported: " + argument);
    }

    private Fetch fetch(Argument.SymIntArgument argument, Object where) {
        return argument instanceof Argument.SymIntArgument.Name name
                ? slot(name.value(), where)
                : new Fetch.Constant(((Argument.SymIntArgument.Constant) argument).value());
    }

    private Fetch fetch(Argument.SymFloatArgument argument, Object where) {
        return argument instanceof Argument.SymFloatArgument.Name name
                ? slot(name.value(), where)
                : new Fetch.Constant(((Argument.SymFloatArgument.Constant) argument).value());
    }

    private Fetch fetch(Argument.SymBoolArgument argument, Object where) {
        return argument instanceof Argument.SymBoolArgument.Name name
                ? slot(name.value(), where)
                : new Fetch.Constant(((Argument.SymBoolArgument.Constant) argument).value());
    }

    private Fetch fetch(Argument.OptionalTensorArgument argument, Object where) {
        return argument instanceof Argument.OptionalTensorArgument.Present present
                ? slot(present.name(), where)
                : new Fetch.Constant(null);
    }
}
