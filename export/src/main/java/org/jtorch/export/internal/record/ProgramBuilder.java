package org.jtorch.export.internal.record;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.OperatorSchema;
import org.jtorch.Tensor;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.GraphModule;
import org.jtorch.export.graph.GraphSignature;
import org.jtorch.export.graph.InputSpec;
import org.jtorch.export.graph.ModuleCall;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.OutputSpec;
import org.jtorch.export.graph.Program;
import org.jtorch.export.graph.RangeConstraint;
import org.jtorch.export.graph.SchemaVersion;
import org.jtorch.export.internal.record.Trace.Call;
import org.jtorch.export.internal.record.Trace.Ref;
import org.jtorch.export.internal.tree.TreeSpec;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;

/**
 * Makes a program of the recordings of a module. If there are several, each with other sizes, whole numbers that differ between
 * them become expressions of the sizes.
 */
final class ProgramBuilder {

    private static final SchemaVersion SCHEMA = new SchemaVersion(8, 20);
    private static final Map<String, Integer> OPSETS = Map.of("aten", 10);

    /** The version of PyTorch whose operators the engine has. */
    private static final String TORCH_VERSION = "2.10.0";

    private final Module<?, ?> module;
    private final ModuleState state;
    private final Arguments arguments;
    private final Symbols symbols;
    private final List<Trace> traces;
    private final Trace trace;

    private final GraphDraft draft = new GraphDraft();
    private final SizeNodes sizes;
    private final NodeArguments written;
    private final List<Argument> inputs = new ArrayList<>();
    private final List<InputSpec> inputSpecs = new ArrayList<>();
    private final Map<Integer, Integer> nodeOfOperation = new HashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();

    ProgramBuilder(Module<?, ?> module, ModuleState state, Arguments arguments, Symbols symbols, List<Trace> traces) {
        this.module = module;
        this.state = state;
        this.arguments = arguments;
        this.symbols = symbols;
        this.traces = traces;
        this.trace = traces.get(0);
        this.sizes = new SizeNodes(draft, symbols, traces, state.entries().size());
        this.written = new NodeArguments(draft, sizes, symbols, traces);
    }

    /** Returns the program. */
    Program build() {
        SameForm.check(traces, symbols);
        addInputs();
        for (int i = 0; i < trace.calls.size(); i++) {
            addNode(i);
        }
        return program();
    }

    /** Returns the tensors that belong to the program, but not to the state of the module. */
    Map<String, Tensor> constants() {
        return constants;
    }

    List<Node> nodes() {
        return draft.nodes;
    }

    /** Returns the place in the graph of each recorded operation. */
    Map<Integer, Integer> nodeOfOperation() {
        return nodeOfOperation;
    }

    // --- inputs ------------------------------------------------------------------------------------------------

    private void addInputs() {
        // names of the user's inputs come first, as in PyTorch
        List<String> users = new ArrayList<>();
        for (Arguments.Leaf leaf : arguments.leaves()) {
            users.add(draft.unused(leaf.name()));
        }
        int ref = 0;
        for (ModuleState.Entry entry : state.entries()) {
            String name = draft.unused((entry.parameter() ? "p_" : "b_") + plain(entry.name()));
            Argument.Tensor input = addTensorInput(name, ref++);
            inputSpecs.add(
                    entry.parameter()
                            ? new InputSpec.ParameterInput(input, entry.name())
                            : new InputSpec.BufferInput(input, entry.name(), entry.persistent()));
        }
        for (int i = 0; i < trace.constants.size(); i++) {
            Trace.Constant constant = trace.constants.get(i);
            String key = "lifted_tensor_" + i;
            Argument.Tensor input =
                    addTensorInput(draft.unused("c_" + key), constant.ref().number());
            inputSpecs.add(new InputSpec.TensorConstant(input, key));
            constants.put(key, constant.value());
        }
        for (int i = 0; i < users.size(); i++) {
            Object value = arguments.leaves().get(i).value();
            if (value instanceof Tensor) {
                inputSpecs.add(new InputSpec.UserInput(addTensorInput(users.get(i), ref++)));
            } else {
                inputs.add(NodeArguments.constant(value));
                inputSpecs.add(new InputSpec.ConstantInput(users.get(i), constantValue(value)));
            }
        }
    }

    private Argument.Tensor addTensorInput(String name, int ref) {
        Argument.Tensor input = new Argument.Tensor(name);
        inputs.add(input);
        Ref recorded = new Ref(ref);
        draft.define(recorded, name, sizes.meta(recorded, "input '" + name + "'"));
        return input;
    }

    private static String plain(String name) {
        return name.replaceAll("[^a-zA-Z0-9]", "_").toLowerCase(Locale.ROOT);
    }

    private static InputSpec.ConstantValue constantValue(@Nullable Object value) {
        Argument argument = NodeArguments.constant(value);
        if (argument instanceof Argument.Bool truth) {
            return new InputSpec.ConstantValue.Bool(truth.value());
        }
        if (argument instanceof Argument.Text text) {
            return new InputSpec.ConstantValue.Text(text.value());
        }
        if (argument instanceof Argument.Float number) {
            return new InputSpec.ConstantValue.Float(number.value());
        }
        return argument instanceof Argument.Int number
                ? new InputSpec.ConstantValue.Int(number.value())
                : new InputSpec.ConstantValue.None(true);
    }

    // --- nodes -------------------------------------------------------------------------------------------------

    private void addNode(int index) {
        Call call = trace.calls.get(index);
        OperatorSchema schema = call.schema();
        String bare = schema.name().substring(schema.name().indexOf("::") + 2);
        String where =
                "operator " + index + ", " + schema.fullName() + (call.path().isEmpty() ? "" : " of " + call.path());
        List<NamedArgument> given = new ArrayList<>();
        int last = -1;
        for (int i = 0; i < schema.arguments().size(); i++) {
            if (!schema.arguments().get(i).keywordOnly()
                    && !isDefault(schema.arguments().get(i), call.arguments().get(i))) {
                last = i;
            }
        }
        for (int i = 0; i < schema.arguments().size(); i++) {
            Operator.Argument argument = schema.arguments().get(i);
            Object value = call.arguments().get(i);
            boolean leftOut = value == Trace.LEFT_OUT;
            if (argument.keywordOnly() ? isDefault(argument, value) : i > last) {
                continue;
            }
            int place = i;
            Argument form = leftOut
                    ? written.of(argument, argument.defaultValue(), null, where)
                    : written.of(
                            argument, value, t -> t.calls.get(index).arguments().get(place), where);
            given.add(new NamedArgument(
                    argument.name(), form, argument.keywordOnly() ? NamedArgument.KEYWORD : NamedArgument.POSITIONAL));
        }
        String name = draft.unused(bare);
        List<Argument> outputs = new ArrayList<>();
        boolean single = call.results().size() == 1 && call.results().get(0) instanceof Ref;
        for (Object result : call.results()) {
            if (result instanceof Ref ref) {
                outputs.add(new Argument.Tensor(define(ref, single ? name : draft.unused("getitem"), where)));
            } else {
                List<Argument.Tensor> list = new ArrayList<>();
                for (Object each : (List<?>) result) {
                    list.add(new Argument.Tensor(define((Ref) each, draft.unused("getitem"), where)));
                }
                outputs.add(new Argument.Tensors(list));
            }
        }
        if (call.recorded() >= 0) {
            nodeOfOperation.put(call.recorded(), draft.nodes.size());
        }
        String target = "torch.ops." + schema.name().replace("::", ".") + "."
                + (schema.overload().isEmpty() ? "default" : schema.overload());
        draft.nodes.add(new Node(target, given, outputs, metadata(call), null, name));
    }

    /** Returns whether an argument need not be written. */
    private static boolean isDefault(Operator.Argument argument, @Nullable Object value) {
        if (value == Trace.LEFT_OUT) {
            return true;
        }
        if (!argument.optional()) {
            return false;
        }
        Object usual = argument.defaultValue();
        if (usual instanceof Number a && value instanceof Number b) {
            return a.doubleValue() == b.doubleValue();
        }
        return usual == null ? value == null : usual.equals(value);
    }

    private static Map<String, String> metadata(Call call) {
        StringBuilder stack = new StringBuilder("L__self__,,torch.nn.Module");
        if (!call.path().isEmpty()) {
            String path = call.path();
            stack.append(";L__self__" + path.replace('.', '_') + "," + path + ",torch.nn.Module");
        }
        return Map.of("nn_module_stack", stack.toString());
    }

    private String define(Ref ref, String name, String where) {
        draft.define(ref, name, sizes.meta(ref, "a result of " + where));
        return name;
    }

    // --- the program -------------------------------------------------------------------------------------------

    private Program program() {
        List<Argument> outputs = new ArrayList<>();
        List<OutputSpec> outputSpecs = new ArrayList<>();
        TreeSpec outSpec = TreeSpec.of(trace.output);
        List<@Nullable Object> leaves = new ArrayList<>();
        outSpec.flatten(trace.output, "output", leaves);
        for (Object leaf : leaves) {
            Argument output =
                    leaf instanceof Ref ref ? new Argument.Tensor(draft.name(ref)) : NodeArguments.constant(leaf);
            outputs.add(output);
            outputSpecs.add(new OutputSpec.UserOutput(output));
        }
        Graph graph = new Graph(
                inputs,
                outputs,
                draft.nodes,
                draft.tensorValues,
                draft.symIntValues,
                Map.of(),
                false,
                Map.of(),
                Map.of());
        List<ModuleCall> calls = new ArrayList<>();
        calls.add(new ModuleCall(
                "",
                new ModuleCall.Signature(
                        List.of(), List.of(), arguments.spec().dumps(), outSpec.dumps(), arguments.argumentNames())));
        for (Named<Module<?, ?>> named : module.namedModules("", false)) {
            if (!named.name().isEmpty()) {
                calls.add(new ModuleCall(named.name(), null));
            }
        }
        Map<String, RangeConstraint> ranges = new LinkedHashMap<>();
        for (int i = 0; i < symbols.count(); i++) {
            ranges.put(Formula.name(i), symbols.range(i));
        }
        return new Program(
                new GraphModule(graph, new GraphSignature(inputSpecs, outputSpecs), calls, Map.of(), Map.of()),
                OPSETS,
                ranges,
                SCHEMA,
                List.of("TRAINING"),
                TORCH_VERSION,
                List.of());
    }
}
