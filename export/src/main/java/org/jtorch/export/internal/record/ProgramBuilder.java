package org.jtorch.export.internal.record;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.MemoryFormat;
import org.jtorch.Operator;
import org.jtorch.OperatorSchema;
import org.jtorch.Tensor;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.ExportException;
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
import org.jtorch.export.graph.SymExpr;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.pt2.SchemaTypes;
import org.jtorch.export.internal.record.Trace.Call;
import org.jtorch.export.internal.record.Trace.Info;
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

    private final Names names = new Names();
    private final Map<Integer, String> refNames = new HashMap<>();
    private final Map<Formula, String> symbolic = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, TensorMeta> tensorValues = new LinkedHashMap<>();
    private final Map<String, SymInt> symIntValues = new LinkedHashMap<>();
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
    }

    /** Returns the program. */
    Program build() {
        checkSameForm();
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
        return nodes;
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
            users.add(names.unused(leaf.name()));
        }
        int ref = 0;
        for (ModuleState.Entry entry : state.entries()) {
            String name = names.unused((entry.parameter() ? "p_" : "b_") + plain(entry.name()));
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
                    addTensorInput(names.unused("c_" + key), constant.ref().number());
            inputSpecs.add(new InputSpec.TensorConstant(input, key));
            constants.put(key, constant.value());
        }
        for (int i = 0; i < users.size(); i++) {
            Object value = arguments.leaves().get(i).value();
            if (value instanceof Tensor) {
                inputSpecs.add(new InputSpec.UserInput(addTensorInput(users.get(i), ref++)));
            } else {
                inputs.add(constant(value));
                inputSpecs.add(new InputSpec.ConstantInput(users.get(i), constantValue(value)));
            }
        }
    }

    private Argument.Tensor addTensorInput(String name, int ref) {
        refNames.put(ref, name);
        Argument.Tensor input = new Argument.Tensor(name);
        inputs.add(input);
        tensorValues.put(name, meta(new Ref(ref), "input '" + name + "'"));
        return input;
    }

    private static String plain(String name) {
        return name.replaceAll("[^a-zA-Z0-9]", "_").toLowerCase(Locale.ROOT);
    }

    private static Argument constant(@Nullable Object value) {
        if (value == null) {
            return new Argument.None();
        }
        if (value instanceof Boolean truth) {
            return new Argument.Bool(truth);
        }
        if (value instanceof String text) {
            return new Argument.Text(text);
        }
        if (value instanceof Double || value instanceof Float) {
            return new Argument.Float(((Number) value).doubleValue());
        }
        if (value instanceof Number number) {
            return new Argument.Int(number.longValue());
        }
        throw new ExportException(
                "a " + value.getClass().getName() + " cannot be an input or output of a program: use tensors,"
                        + " numbers, booleans, texts, and records, lists and maps of them");
    }

    private static InputSpec.ConstantValue constantValue(@Nullable Object value) {
        Argument argument = constant(value);
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
            Argument written = leftOut
                    ? argument(argument, argument.defaultValue(), null, where)
                    : argument(
                            argument, value, t -> t.calls.get(index).arguments().get(place), where);
            given.add(new NamedArgument(
                    argument.name(),
                    written,
                    argument.keywordOnly() ? NamedArgument.KEYWORD : NamedArgument.POSITIONAL));
        }
        String name = names.unused(bare);
        List<Argument> outputs = new ArrayList<>();
        boolean single = call.results().size() == 1 && call.results().get(0) instanceof Ref;
        for (Object result : call.results()) {
            if (result instanceof Ref ref) {
                outputs.add(new Argument.Tensor(define(ref, single ? name : names.unused("getitem"), where)));
            } else {
                List<Argument.Tensor> list = new ArrayList<>();
                for (Object each : (List<?>) result) {
                    list.add(new Argument.Tensor(define((Ref) each, names.unused("getitem"), where)));
                }
                outputs.add(new Argument.Tensors(list));
            }
        }
        if (call.recorded() >= 0) {
            nodeOfOperation.put(call.recorded(), nodes.size());
        }
        String target = "torch.ops." + schema.name().replace("::", ".") + "."
                + (schema.overload().isEmpty() ? "default" : schema.overload());
        nodes.add(new Node(target, given, outputs, metadata(call), null, name));
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
        refNames.put(ref.number(), name);
        tensorValues.put(name, meta(ref, "a result of " + where));
        return name;
    }

    private String name(Ref ref) {
        String name = refNames.get(ref.number());
        if (name == null) {
            throw new IllegalStateException("the tensor " + ref + " has no name yet");
        }
        return name;
    }

    /**
     * Returns the written form of an argument.
     *
     * @param at returns the same argument of another recording; null for one that is the same in all
     */
    private Argument argument(
            Operator.Argument wanted,
            @Nullable Object value,
            @Nullable Function<Trace, @Nullable Object> at,
            String where) {
        String type = wanted.type();
        if (value == null) {
            return new Argument.None();
        }
        boolean isList = type.indexOf('[') >= 0;
        if (isList && !(value instanceof List<?>)) {
            int open = type.indexOf('[');
            int close = type.indexOf(']');
            int count = Integer.parseInt(type.substring(open + 1, close));
            Function<Trace, @Nullable Object> repeated =
                    at == null ? null : trace -> Collections.nCopies(count, at.apply(trace));
            return list(type.substring(0, open), Collections.nCopies(count, value), repeated, where, wanted);
        }
        if (isList) {
            return list(type.substring(0, type.indexOf('[')), (List<?>) value, at, where, wanted);
        }
        return single(type.replace("?", ""), value, at, where, wanted);
    }

    private Argument single(
            String type,
            Object value,
            @Nullable Function<Trace, @Nullable Object> at,
            String where,
            Operator.Argument wanted) {
        if (value instanceof Ref ref) {
            return new Argument.Tensor(name(ref));
        }
        if (value instanceof Long number && !type.equals("float")) {
            Formula formula = formula(at, number, where, wanted.name());
            return formula.isConstant()
                    ? new Argument.Int(number)
                    : new Argument.SymInt(new Argument.SymIntArgument.Name(symbolic(formula)));
        }
        checkSame(value, at, where, wanted);
        if (value instanceof Number number) {
            return new Argument.Float(number.doubleValue());
        }
        if (value instanceof Boolean truth) {
            return new Argument.Bool(truth);
        }
        if (value instanceof String text) {
            return new Argument.Text(text);
        }
        if (value instanceof DType dtype) {
            return new Argument.ScalarType(SchemaTypes.number(dtype));
        }
        if (value instanceof Layout layout) {
            return new Argument.Layout(SchemaTypes.number(layout));
        }
        if (value instanceof MemoryFormat format) {
            return new Argument.MemoryFormat(SchemaTypes.number(format));
        }
        if (value instanceof Device device) {
            return new Argument.Device(SchemaTypes.name(device));
        }
        throw new ExportException(where + " has the argument '" + wanted.name() + "' of the type "
                + value.getClass().getSimpleName() + ", which cannot be written");
    }

    private void checkSame(
            Object value, @Nullable Function<Trace, @Nullable Object> at, String where, Operator.Argument wanted) {
        for (Trace other : traces) {
            Object there = at == null ? value : at.apply(other);
            if (!value.equals(there)) {
                throw new ExportException(where + " has " + value + " as '" + wanted.name() + "' for "
                        + symbols.text(0) + ", but " + there + " for " + symbols.text(traces.indexOf(other))
                        + "; a program can only compute whole numbers from sizes: compute this one with tensors");
            }
        }
    }

    private Argument list(
            String type,
            List<?> values,
            @Nullable Function<Trace, @Nullable Object> at,
            String where,
            Operator.Argument wanted) {
        if (type.equals("Tensor")) {
            return new Argument.Tensors(values.stream()
                    .map(each -> new Argument.Tensor(name((Ref) each)))
                    .toList());
        }
        if (type.equals("Tensor?")) {
            List<Argument.OptionalTensorArgument> tensors = new ArrayList<>();
            for (Object each : values) {
                tensors.add(
                        each instanceof Ref ref
                                ? new Argument.OptionalTensorArgument.Present(name(ref))
                                : new Argument.OptionalTensorArgument.Absent(true));
            }
            return new Argument.OptionalTensors(tensors);
        }
        if (type.equals("int")) {
            List<Argument.SymIntArgument> numbers = new ArrayList<>();
            List<Long> plain = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                int place = i;
                long number = ((Number) values.get(i)).longValue();
                Formula formula =
                        formula(at == null ? null : t -> element(at.apply(t), place), number, where, wanted.name());
                plain.add(number);
                numbers.add(
                        formula.isConstant()
                                ? new Argument.SymIntArgument.Constant(number)
                                : new Argument.SymIntArgument.Name(symbolic(formula)));
            }
            return numbers.stream().allMatch(Argument.SymIntArgument.Constant.class::isInstance)
                    ? new Argument.Ints(plain)
                    : new Argument.SymInts(numbers);
        }
        checkSame(values, at, where, wanted);
        if (type.equals("float")) {
            return new Argument.Floats(
                    values.stream().map(each -> ((Number) each).doubleValue()).toList());
        }
        if (type.equals("bool")) {
            return new Argument.Bools(
                    values.stream().map(each -> (Boolean) each).toList());
        }
        throw new ExportException(where + " has the argument '" + wanted.name() + "' of the type " + wanted.type()
                + ", which cannot be written");
    }

    private static @Nullable Object element(@Nullable Object list, int place) {
        return list instanceof List<?> values ? values.get(place) : list;
    }

    // --- sizes -------------------------------------------------------------------------------------------------

    private Formula formula(@Nullable Function<Trace, @Nullable Object> at, long value, String where, String argument) {
        if (at == null || traces.size() == 1) {
            return Formula.constant(value);
        }
        long[] values = new long[traces.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = at.apply(traces.get(i)) instanceof Number number ? number.longValue() : Long.MIN_VALUE;
        }
        return fitted(values, where + " has '" + argument + "'");
    }

    private Formula fitted(long[] values, String what) {
        Formula formula = Formula.of(values, symbols.sizes());
        if (formula != null) {
            return formula;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            text.append(i == 0 ? "" : ", ").append(values[i]).append(" for ").append(symbols.text(i));
        }
        throw new ExportException(
                what + " = " + text + ", which is no multiple of the sizes plus a constant: leave a dimension"
                        + " fixed, or compute the number with tensors");
    }

    /** Returns the name of the value of a formula, for which nodes are added if it is new. */
    private String symbolic(Formula formula) {
        String known = symbolic.get(formula);
        if (known != null) {
            return known;
        }
        String name;
        if (formula.offset() != 0) {
            Formula product = new Formula(formula.factor(), formula.symbols(), 0);
            name = compute("add", product, new Argument.SymIntArgument.Constant(formula.offset()), formula);
        } else if (formula.factor() != 1) {
            Formula product = new Formula(1, formula.symbols(), 0);
            name = compute("mul", product, new Argument.SymIntArgument.Constant(formula.factor()), formula);
        } else if (formula.symbols().size() > 1) {
            int last = formula.symbols().size() - 1;
            Formula left = new Formula(1, formula.symbols().subList(0, last), 0);
            Formula right = new Formula(1, formula.symbols().subList(last, last + 1), 0);
            name = compute("mul", left, new Argument.SymIntArgument.Name(symbolic(right)), formula);
        } else {
            name = size(formula);
        }
        symbolic.put(formula, name);
        return name;
    }

    private String compute(String operator, Formula left, Argument.SymIntArgument right, Formula whole) {
        Argument a = new Argument.SymInt(new Argument.SymIntArgument.Name(symbolic(left)));
        String name = names.unused(operator);
        addSymbolicNode(
                "_operator." + operator,
                name,
                List.of(
                        new NamedArgument("a", a, NamedArgument.POSITIONAL),
                        new NamedArgument("b", new Argument.SymInt(right), NamedArgument.POSITIONAL)),
                whole);
        return name;
    }

    private String size(Formula symbol) {
        Symbols.Place place = symbols.place(symbol.symbols().get(0));
        String name = names.unused("sym_size_int");
        Ref input = new Ref(state.entries().size() + place.tensor());
        addSymbolicNode(
                "torch.ops.aten.sym_size.int",
                name,
                List.of(
                        new NamedArgument("self", new Argument.Tensor(name(input)), NamedArgument.POSITIONAL),
                        new NamedArgument("dim", new Argument.Int(place.dim()), NamedArgument.POSITIONAL)),
                symbol);
        return name;
    }

    private void addSymbolicNode(String target, String name, List<NamedArgument> given, Formula formula) {
        nodes.add(new Node(
                target,
                given,
                List.of(new Argument.SymInt(new Argument.SymIntArgument.Name(name))),
                Map.of("nn_module_stack", "L__self__,,torch.nn.Module"),
                null,
                name));
        symIntValues.put(name, symInt(formula));
    }

    private SymInt symInt(Formula formula) {
        return formula.isConstant()
                ? new SymInt.Known(formula.offset())
                : new SymInt.Expression(new SymExpr(
                        formula.sympy(),
                        new SymExpr.Hint.Int(formula.value(symbols.sizes().get(0)))));
    }

    private TensorMeta meta(Ref ref, String what) {
        Info info = trace.info(ref);
        if (info.layout() != Layout.STRIDED) {
            throw new ExportException(what + " has layout " + info.layout() + ", but a program has dense tensors");
        }
        List<SymInt> sizes = new ArrayList<>();
        List<SymInt> strides = new ArrayList<>();
        for (int d = 0; d < info.sizes().length; d++) {
            int dim = d;
            sizes.add(symInt(fitted(all(t -> t.info(ref).sizes()[dim]), what + " has size(" + d + ")")));
            strides.add(symInt(fitted(all(t -> t.info(ref).strides()[dim]), what + " has stride(" + d + ")")));
        }
        return new TensorMeta(
                SchemaTypes.number(info.dtype()),
                sizes,
                info.requiresGrad(),
                SchemaTypes.name(info.device()),
                strides,
                symInt(fitted(all(t -> t.info(ref).offset()), what + " has the storage offset")),
                SchemaTypes.number(Layout.STRIDED));
    }

    private long[] all(ToLongFunction<Trace> at) {
        return traces.stream().mapToLong(at).toArray();
    }

    // --- comparison of recordings ------------------------------------------------------------------------------

    /** Refuses recordings that differ in anything but numbers. */
    void checkSameForm() {
        for (int i = 1; i < traces.size(); i++) {
            Trace other = traces.get(i);
            String sizes = symbols.text(0) + " and " + symbols.text(i);
            int common = Math.min(trace.calls.size(), other.calls.size());
            for (int c = 0; c < common; c++) {
                String difference = difference(trace.calls.get(c), trace, other.calls.get(c), other);
                if (difference != null) {
                    throw new ExportException(
                            "the module does not run the same operators for " + sizes + ": operator " + c
                                    + (trace.calls.get(c).path().isEmpty()
                                            ? ""
                                            : " of " + trace.calls.get(c).path()) + " is "
                                    + difference);
                }
            }
            if (trace.calls.size() != other.calls.size()) {
                throw new ExportException("the module runs " + trace.calls.size() + " operators for " + symbols.text(0)
                        + ", but " + other.calls.size() + " for " + symbols.text(i)
                        + "; the first that only one of them has is "
                        + (trace.calls.size() > common ? trace : other)
                                .calls
                                .get(common)
                                .schema()
                                .fullName());
            }
            checkConstants(other, sizes);
            if (!String.valueOf(trace.output).equals(String.valueOf(other.output))) {
                throw new ExportException("the output has another form for " + sizes);
            }
        }
    }

    private static @Nullable String difference(Call mine, Trace trace, Call theirs, Trace other) {
        if (!mine.schema().equals(theirs.schema())) {
            return mine.schema().fullName() + " for one, but " + theirs.schema().fullName() + " for the other";
        }
        String name = mine.schema().fullName();
        for (int i = 0; i < mine.arguments().size(); i++) {
            if (!sameForm(mine.arguments().get(i), theirs.arguments().get(i))) {
                return name + " with other '" + mine.schema().arguments().get(i).name() + "'";
            }
        }
        if (!sameForm(mine.results(), theirs.results())) {
            return name + " with another number of results";
        }
        for (Object result : mine.results()) {
            if (result instanceof Ref ref) {
                Info a = trace.info(ref);
                Info b = other.info(ref);
                if (a.sizes().length != b.sizes().length || a.dtype() != b.dtype()) {
                    return name + " with a result of another dtype or number of dimensions";
                }
            }
        }
        return null;
    }

    private static boolean sameForm(@Nullable Object a, @Nullable Object b) {
        if (a instanceof List<?> x && b instanceof List<?> y) {
            if (x.size() != y.size()) {
                return false;
            }
            for (int i = 0; i < x.size(); i++) {
                if (!sameForm(x.get(i), y.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a == null || b == null || a instanceof Ref || a == Trace.LEFT_OUT) {
            return a == null ? b == null : a.equals(b);
        }
        return a.getClass() == b.getClass();
    }

    private void checkConstants(Trace other, String sizes) {
        for (int i = 0; i < trace.constants.size(); i++) {
            Trace.Constant mine = trace.constants.get(i);
            Tensor theirs = i < other.constants.size() ? other.constants.get(i).value() : null;
            if (theirs == null
                    || !mine.value().size().equals(theirs.size())
                    || mine.value().dtype() != theirs.dtype()
                    || !Comparison.same(mine.value(), theirs)) {
                throw new ExportException("the module creates another tensor of shape "
                        + mine.value().size() + " for " + sizes
                        + ", which is a constant in a program: make it with operators such as Torch.zeros, Torch.full or"
                        + " Torch.arange, not from an array or a gradient");
            }
        }
    }

    // --- the program -------------------------------------------------------------------------------------------

    private Program program() {
        List<Argument> outputs = new ArrayList<>();
        List<OutputSpec> outputSpecs = new ArrayList<>();
        TreeSpec outSpec = TreeSpec.of(trace.output);
        List<@Nullable Object> leaves = new ArrayList<>();
        outSpec.flatten(trace.output, "output", leaves);
        for (Object leaf : leaves) {
            Argument output = leaf instanceof Ref ref ? new Argument.Tensor(name(ref)) : constant(leaf);
            outputs.add(output);
            outputSpecs.add(new OutputSpec.UserOutput(output));
        }
        Graph graph =
                new Graph(inputs, outputs, nodes, tensorValues, symIntValues, Map.of(), false, Map.of(), Map.of());
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
