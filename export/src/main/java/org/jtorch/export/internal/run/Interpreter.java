package org.jtorch.export.internal.run;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.GraphModule;
import org.jtorch.export.graph.GraphSignature;
import org.jtorch.export.graph.InputSpec;
import org.jtorch.export.graph.ModuleCall;
import org.jtorch.export.graph.OutputSpec;
import org.jtorch.export.graph.Program;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.tree.TreeSpec;
import org.jtorch.export.internal.tree.Typed;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.internal.Records;

/** Runs a program for the module that holds its state. It does not change, and any number of modules may share it. */
public final class Interpreter {

    /** A tensor of the module that is an input of the graph. */
    private record State(int input, String name) {}

    /** The arguments of a call. */
    public record Given(List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {}

    /** An output of the graph that is the new value of a tensor. */
    private record Mutation(int output, String name, boolean ofInput) {}

    private final Plan plan;
    private final List<State> state = new ArrayList<>();
    private final StateTree stateTree = new StateTree();
    private final List<Integer> users = new ArrayList<>();
    private final List<@Nullable Object> constants = new ArrayList<>();
    private final List<String> userNames = new ArrayList<>();
    private final List<Mutation> mutations = new ArrayList<>();
    private final List<Integer> results = new ArrayList<>();
    private final TreeSpec inputs;
    private final TreeSpec outputs;
    private final List<String> argumentNames;
    private final InputCheck check;
    private final Mode mode;
    private final Map<String, Tensor> tensors;
    private final Set<String> persistent = new HashSet<>();

    /**
     * Prepares a program.
     *
     * @param tensors the parameters, buffers and constants, by their names
     * @throws ExportException if the program is damaged, or has an operator that cannot be run
     */
    public Interpreter(Program program, Map<String, Tensor> tensors) {
        GraphModule module = program.graphModule();
        this.tensors = new LinkedHashMap<>(tensors);
        ModuleCall.Signature call = call(module);
        this.inputs = TreeSpec.parse(call.inSpec(), module.treespecNamedtupleFields());
        this.outputs = TreeSpec.parse(call.outSpec(), module.treespecNamedtupleFields());
        this.argumentNames = call.forwardArgNames() == null ? List.of() : call.forwardArgNames();
        readInputs(module.graph(), module.signature());
        readOutputs(module.graph(), module.signature());
        this.plan = PlanBuilder.of(module.graph());
        this.mode = Mode.of(module.graph());
        List<@Nullable TensorMeta> metas = new ArrayList<>();
        for (int user : users) {
            List<String> names = module.graph().inputs().get(user).names();
            metas.add(names.isEmpty() ? null : module.graph().tensorValues().get(names.get(0)));
        }
        this.check = new InputCheck(program, userNames, metas);
        checkLeaves("inputs", inputs.leaves(), users.size());
        checkLeaves("outputs", outputs.leaves(), results.size());
    }

    private static void checkLeaves(String what, int leaves, int given) {
        if (leaves != given) {
            throw new ExportException(
                    "the tree of the program's " + what + " has " + leaves + " leaves, but its signature " + given);
        }
    }

    private static ModuleCall.Signature call(GraphModule module) {
        for (ModuleCall call : module.moduleCallGraph()) {
            if (call.fqn().isEmpty() && call.signature() != null) {
                return call.signature();
            }
        }
        throw new ExportException("the program does not say how its inputs and outputs are nested");
    }

    // --- reading the signature ---------------------------------------------------------------------------------

    private void readInputs(Graph graph, GraphSignature signature) {
        if (graph.inputs().size() != signature.inputSpecs().size()) {
            throw new ExportException("the graph has " + graph.inputs().size() + " inputs, but its signature "
                    + signature.inputSpecs().size());
        }
        for (int i = 0; i < graph.inputs().size(); i++) {
            InputSpec spec = signature.inputSpecs().get(i);
            List<String> names = graph.inputs().get(i).names();
            String name = names.isEmpty() ? "" : names.get(0);
            if (!spec.input().equals(name)) {
                throw new ExportException(
                        "input " + i + " of the graph is '" + name + "', but '" + spec.input() + "' in the signature");
            }
            if (spec instanceof InputSpec.ParameterInput parameter) {
                addState(i, parameter.parameterName());
                persistent.add(parameter.parameterName());
            } else if (spec instanceof InputSpec.BufferInput buffer) {
                addState(i, buffer.bufferName());
                if (buffer.persistent()) {
                    persistent.add(buffer.bufferName());
                }
            } else if (spec instanceof InputSpec.TensorConstant constant) {
                addState(i, constant.tensorConstantName());
            } else if (spec instanceof InputSpec.UserInput) {
                users.add(i);
                userNames.add(name.isEmpty() ? "input " + users.size() : name);
                constants.add(NO_CONSTANT);
            } else if (spec instanceof InputSpec.ConstantInput constant) {
                users.add(i);
                userNames.add(constant.name());
                constants.add(constant(constant.value()));
            } else {
                throw new ExportException("input '" + name + "' of the program is an object of a registered class or a"
                        + " token, which is not supported: " + spec);
            }
        }
    }

    private void addState(int input, String name) {
        if (!tensors.containsKey(name)) {
            throw new ExportException("the program has no value for '" + name + "', which its graph uses");
        }
        state.add(new State(input, name));
        stateTree.add(name, input, tensors.get(name) instanceof Parameter);
    }

    /** Stands for an input that may have any value. */
    private static final Object NO_CONSTANT = new Object();

    private static @Nullable Object constant(InputSpec.ConstantValue value) {
        if (value instanceof InputSpec.ConstantValue.Int number) {
            return number.value();
        }
        if (value instanceof InputSpec.ConstantValue.Float number) {
            return number.value();
        }
        if (value instanceof InputSpec.ConstantValue.Text text) {
            return text.value();
        }
        return value instanceof InputSpec.ConstantValue.Bool truth ? (Object) truth.value() : null;
    }

    private void readOutputs(Graph graph, GraphSignature signature) {
        if (graph.outputs().size() != signature.outputSpecs().size()) {
            throw new ExportException("the graph has " + graph.outputs().size() + " outputs, but its signature "
                    + signature.outputSpecs().size());
        }
        for (int i = 0; i < graph.outputs().size(); i++) {
            OutputSpec spec = signature.outputSpecs().get(i);
            if (spec instanceof OutputSpec.UserOutput || spec instanceof OutputSpec.LossOutput) {
                results.add(i);
            } else if (spec instanceof OutputSpec.BufferMutation buffer) {
                mutations.add(new Mutation(i, known(buffer.bufferName()), false));
            } else if (spec instanceof OutputSpec.ParameterMutation parameter) {
                mutations.add(new Mutation(i, known(parameter.parameterName()), false));
            } else if (spec instanceof OutputSpec.UserInputMutation input) {
                mutations.add(new Mutation(i, input.userInputName(), true));
            } else {
                throw new ExportException("output " + i + " of the program is a gradient or a token, which is not"
                        + " supported: export the model with torch.export.export, whose graphs have neither");
            }
        }
    }

    private String known(String name) {
        if (!tensors.containsKey(name)) {
            throw new ExportException("the program changes '" + name + "', which it does not have");
        }
        return name;
    }

    // --- the module --------------------------------------------------------------------------------------------

    /** Gives a module the state of the program, under its names. */
    public void register(Module<?, ?> module) {
        Set<String> done = new HashSet<>();
        for (State each : state) {
            if (done.add(each.name)) {
                register(module, each.name, Objects.requireNonNull(tensors.get(each.name)));
            }
        }
    }

    private void register(Module<?, ?> root, String name, Tensor tensor) {
        Module<?, ?> module = root;
        String[] path = name.split("\\.", -1);
        for (int i = 0; i < path.length - 1; i++) {
            String step = path[i];
            Module<?, ?> child = module.namedChildren().stream()
                    .filter(each -> each.name().equals(step))
                    .<Module<?, ?>>map(Named::value)
                    .findFirst()
                    .orElse(null);
            if (child == null) {
                child = new StatePart();
                module.registerModule(step, child);
            }
            module = child;
        }
        String last = path[path.length - 1];
        if (tensor instanceof Parameter parameter) {
            module.registerParameter(last, parameter);
        } else {
            module.registerBuffer(last, tensor, persistent.contains(name));
        }
    }

    /** Returns whether the graph is written in training mode; null if it does not depend on the mode. */
    public @Nullable Boolean mode() {
        return mode.training();
    }

    /** Returns the node for which {@link #mode} is known. */
    public String modeNode() {
        return mode.node();
    }

    /** Returns the arguments that a record stands for: its components have the names of the arguments, or their order. */
    public Given named(Record node) {
        RecordComponent[] components = Records.components(node.getClass());
        @Nullable Object[] values = Records.values(node);
        TreeSpec kwargs = inputs.children().get(1);
        int byPosition = inputs.children().get(0).children().size();
        List<@Nullable Object> args = new ArrayList<>();
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            String name = Typed.snake(components[i].getName());
            if (kwargs.keys().contains(name)) {
                named.put(name, Typed.toTree(values[i]));
            } else {
                args.add(Typed.toTree(values[i]));
            }
        }
        // Python leaves these out
        while (args.size() > byPosition && args.get(args.size() - 1) == null) {
            args.remove(args.size() - 1);
        }
        if (args.size() == byPosition && argumentNames.size() >= byPosition) {
            sortByName(components, values, args, byPosition);
        }
        return new Given(args, named);
    }

    /** Puts arguments into the order of the program if their names are those of the program. */
    private void sortByName(
            RecordComponent[] components, @Nullable Object[] values, List<@Nullable Object> args, int count) {
        Map<String, @Nullable Object> byName = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            byName.put(Typed.snake(components[i].getName()), Typed.toTree(values[i]));
        }
        List<String> names = argumentNames.subList(0, count);
        if (byName.keySet().containsAll(names)) {
            args.clear();
            names.forEach(name -> args.add(byName.get(name)));
        } else if (names.stream().anyMatch(byName::containsKey)) {
            List<String> lacking = new ArrayList<>(names);
            lacking.removeAll(byName.keySet());
            throw new IllegalArgumentException("the record has no components for the arguments " + lacking
                    + " of the program; its components are " + byName.keySet()
                    + ": give them the names of the arguments, or other names for all to pass them in their order");
        }
    }

    // --- running -----------------------------------------------------------------------------------------------

    /** Runs the program with its own state. */
    public @Nullable Object run(Given given) {
        StatePart holder = new StatePart();
        register(holder);
        return run(holder, given);
    }

    /**
     * Runs the program.
     *
     * @param module holds the state
     * @return the output as lists and maps
     */
    public @Nullable Object run(Module<?, ?> module, Given given) {
        List<@Nullable Object> leaves = leaves(given);
        @Nullable Object[] values = new @Nullable Object[plan.inputs()];
        stateTree.read(module, values);
        for (int i = 0; i < users.size(); i++) {
            values[users.get(i)] = leaves.get(i);
        }
        List<@Nullable Object> made = plan.run(Arrays.asList(values));
        mutate(module, leaves, made);
        return output(made);
    }

    /** Returns the output of the program from the outputs of its graph. */
    public @Nullable Object output(List<@Nullable Object> made) {
        List<@Nullable Object> output = new ArrayList<>(results.size());
        for (int index : results) {
            output.add(made.get(index));
        }
        return outputs.unflatten(output.iterator());
    }

    /** Returns the names of the graph's inputs that are parameters, buffers or constants, with their names in the program. */
    public Map<String, String> stateInputs(Graph graph) {
        Map<String, String> names = new LinkedHashMap<>();
        state.forEach(each -> names.put(graph.inputs().get(each.input).names().get(0), each.name));
        return names;
    }

    /** Returns whether a run changes a tensor that it does not make. */
    public boolean mutates() {
        return !mutations.isEmpty();
    }

    /**
     * Returns the values that a call passes, in the order of the graph's inputs.
     *
     * @throws IllegalArgumentException if they do not fit: another number, another shape, or a size outside of its range
     */
    public List<@Nullable Object> leaves(Given given) {
        List<@Nullable Object> leaves = new ArrayList<>(users.size());
        TreeSpec positional = inputs.children().get(0);
        TreeSpec named = inputs.children().get(1);
        if (given.args().size() != positional.children().size()) {
            throw new IllegalArgumentException(
                    "the program takes " + positional.children().size()
                            + " arguments by position"
                            + (argumentNames.isEmpty() ? "" : " (all arguments: " + argumentNames + ")")
                            + ", but was given " + given.args().size()
                            + (named.keys().isEmpty() && given.kwargs().isEmpty()
                                    ? ""
                                    : "; by name it takes " + named.keys() + ", and was given "
                                            + given.kwargs().keySet()));
        }
        positional.flatten(given.args(), "args", leaves);
        named.flatten(given.kwargs(), "kwargs", leaves);
        leaves.replaceAll(Interpreter::plain);
        check.check(leaves);
        for (int i = 0; i < users.size(); i++) {
            Object constant = constants.get(i);
            Object leaf = leaves.get(i);
            if (constant != NO_CONSTANT && !equal(constant, leaf)) {
                throw new IllegalArgumentException("input '" + userNames.get(i) + "' must be " + constant
                        + ", with which the program was exported, but is " + leaf);
            }
        }
        return leaves;
    }

    /**
     * Checks that the tensors among the {@link #leaves} have the dtypes with which the program was exported.
     *
     * @throws IllegalArgumentException if one has another
     */
    public void checkDTypes(List<@Nullable Object> leaves) {
        check.checkDTypes(leaves);
    }

    private static boolean equal(@Nullable Object constant, @Nullable Object leaf) {
        if (constant instanceof Number a && leaf instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue()) == 0;
        }
        return constant == null ? leaf == null : constant.equals(leaf);
    }

    /** Returns a number as the types that operators take. */
    private static @Nullable Object plain(@Nullable Object leaf) {
        if (leaf instanceof Integer || leaf instanceof Short || leaf instanceof Byte) {
            return ((Number) leaf).longValue();
        }
        return leaf instanceof Float number ? (Object) number.doubleValue() : leaf;
    }

    private void mutate(Module<?, ?> module, List<@Nullable Object> leaves, List<@Nullable Object> made) {
        if (mutations.isEmpty()) {
            return;
        }
        try (GradMode noGrad = Autograd.noGrad()) {
            for (Mutation mutation : mutations) {
                Tensor target = mutation.ofInput
                        ? (Tensor) leaves.get(userNames.indexOf(mutation.name))
                        : tensors.get(mutation.name) instanceof Parameter
                                ? module.getParameter(mutation.name)
                                : module.getBuffer(mutation.name);
                if (target != null && made.get(mutation.output) instanceof Tensor fresh) {
                    target.copy_(fresh);
                }
            }
        }
    }
}
