package org.jtorch.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.Block;
import org.bytedeco.pytorch.ClassType;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.FunctionVector;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.GraphFunction;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.JitNode;
import org.bytedeco.pytorch.ListType;
import org.bytedeco.pytorch.Method;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Storage;
import org.bytedeco.pytorch.StringIValueMap;
import org.bytedeco.pytorch.Symbol;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.JitAttributeKind;
import org.bytedeco.pytorch.global.torch.TypeKind;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.internal.engine.Doors;
import org.jtorch.internal.engine.EngineErrors;
import org.jtorch.internal.engine.Modes;
import org.jtorch.internal.engine.OneDnnCheck;
import org.jtorch.internal.engine.ProcessSettings;
import org.jtorch.internal.engine.SerialBlas;

/**
 * A module of TorchScript: an object with attributes, some of which are parameters, buffers and other modules, and with
 * methods. The engine frees it after the collector has found that neither this object nor another module refers to it.
 *
 * <p>Calls may run at the same time on several threads, but changing an attribute at the same time as anything else may crash the
 * process. The caller must exclude that.
 *
 * <p>Programs run as they are written: the engine does not first observe some runs to specialize the program for them.
 */
public final class ScriptHandle {

    private static final String ATTENTION = "aten::scaled_dot_product_attention";

    /** What an attribute is. */
    public enum Kind {
        /** A tensor that is learned, or None in place of one. */
        PARAMETER,
        /** A tensor of the state that is not learned, or None in place of one. */
        BUFFER,
        /** A module. */
        MODULE,
        /** A value that does not change unless the program assigns the attribute: a tensor, a number, a string, a tuple. */
        VALUE,
        /** A value that can change itself: a list, a dict or an object. */
        CONTAINER
    }

    /** An attribute. */
    public record Member(String name, Kind kind) {}

    private static final Doors.Operators<Operator> VALUES = Doors.operators(Operator.class);

    static {
        Handles.load();
        if (ProcessSettings.runsScriptsAsWritten()) {
            torch.getProfilingMode().put(false);
        }
    }

    /** The tensor that an attribute of the script holds, as far as {@link #put} has set it. */
    public final class Hold {
        private final String name;
        private final boolean empty;
        private final List<Consumer<IValue>> others = new ArrayList<>();
        private org.bytedeco.pytorch.@Nullable Tensor held;

        private Hold(String name) {
            this.name = name;
            this.empty = tensorIdentity(name) == 0;
        }

        /** Returns whether the attribute was None, and no tensor was put since. */
        public boolean isEmpty() {
            return empty && held == null;
        }

        /** Returns whether the attribute is the tensor that {@code tensor} holds now on this thread. */
        public boolean has(Tensor tensor) {
            return Handles.of(tensor) == held;
        }

        /** Makes the tensor that {@code tensor} holds now on this thread the attribute. */
        public void put(Tensor tensor) {
            org.bytedeco.pytorch.Tensor handle = Handles.of(tensor);
            translated(name, () -> {
                try (IValue value = new IValue(handle)) {
                    module.setattr(name, value);
                    others.forEach(other -> other.accept(value));
                }
                return true;
            });
            held = handle;
        }
    }

    private static final Pattern ASSIGNED = Pattern.compile("prim::SetAttr\\[name=\"([^\"]+)\"\\]");
    private static final Symbol VALUE = Symbol.attr("value");

    private final JitModule module;

    /** Whether the code contains attention, whose kernel calls OpenBLAS from several threads. */
    private volatile boolean attends;

    private final Map<String, Hold> holds = new ConcurrentHashMap<>();
    private final Map<String, Callable> callables = new ConcurrentHashMap<>();
    private volatile @Nullable Set<String> methods;
    private @Nullable Boolean training;

    private ScriptHandle(JitModule module) {
        this.module = module;
        OneDnnCheck.avoidIfWrong();
    }

    // --- making ------------------------------------------------------------------------------------------------

    /**
     * Reads an archive of {@code torch.jit.save}. If a class in it has a method {@code __setstate__}, this method runs it.
     *
     * @throws org.jtorch.TorchException if the file cannot be read or a part of its code cannot be compiled
     */
    public static ScriptHandle load(String path) {
        return translated("torch.jit.load", () -> {
            Modes.apply();
            try (DeviceOptional asSaved = new DeviceOptional();
                    BytePointer name = new BytePointer(path, StandardCharsets.UTF_8)) {
                return new ScriptHandle(torch.load(name, asSaved, false));
            }
        });
    }

    /**
     * Returns a module without attributes and methods.
     *
     * @param className the name of its class; a number is added if there is one of that name
     * @param family a module in whose file the class is to be; null for a new one
     */
    public static ScriptHandle create(String className, @Nullable ScriptHandle family) {
        return translated("JitModule", () -> {
            CompilationUnit unit = family == null
                    ? new CompilationUnit()
                    : family.module.type().compilation_unit();
            return new ScriptHandle(new JitModule(new QualifiedName("__torch__." + className), unit, true));
        });
    }

    /** Returns a copy of this module and of everything it holds; the code is shared. */
    public ScriptHandle copy() {
        return translated("deepcopy", () -> {
            Modes.apply();
            return new ScriptHandle(module.deepcopy());
        });
    }

    /** Writes an archive that {@code torch.jit.load} reads. */
    public void save(String path) {
        translated("torch.jit.save", () -> {
            Modes.apply();
            try (BytePointer name = new BytePointer(path, StandardCharsets.UTF_8)) {
                module.save(name);
            }
            return true;
        });
    }

    // --- attributes --------------------------------------------------------------------------------------------

    /** Returns the attributes in order. */
    public List<Member> members() {
        ClassType type = module.type();
        List<Member> members = new ArrayList<>();
        for (long i = 0; i < type.numAttributes(); i++) {
            Type attribute = type.getAttribute(i).get();
            Kind kind = type.is_parameter(i)
                    ? Kind.PARAMETER
                    : type.is_buffer(i)
                            ? Kind.BUFFER
                            : isModule(text(type.getAttributeName(i)), attribute)
                                    ? Kind.MODULE
                                    : isPlain(attribute) ? Kind.VALUE : Kind.CONTAINER;
            members.add(new Member(text(type.getAttributeName(i)), kind));
        }
        return members;
    }

    private boolean isModule(String name, Type type) {
        if (type.is_module()) {
            return true;
        }
        if (type.kind().intern() != TypeKind.InterfaceType) {
            return false;
        }
        try (IValue value = module.attr(name)) {
            return value.isModule();
        }
    }

    private static boolean isPlain(Type type) {
        return switch (type.kind().intern()) {
            case TensorType,
                    IntType,
                    FloatType,
                    BoolType,
                    NumberType,
                    StringType,
                    NoneType,
                    DeviceObjType,
                    ComplexType -> true;
            case OptionalType, TupleType, UnionType -> {
                for (long i = 0; i < type.containedTypes().size(); i++) {
                    if (!isPlain(type.containedType(i).get())) {
                        yield false;
                    }
                }
                yield true;
            }
            default -> false;
        };
    }

    /** Returns whether there is an attribute. */
    public boolean has(String name) {
        return module.hasattr(name);
    }

    /** Returns the module that is the attribute {@code name}. */
    public ScriptHandle module(String name) {
        return translated(name, () -> {
            try (IValue value = module.attr(name)) {
                return new ScriptHandle(new JitModule(value.toObject()));
            }
        });
    }

    /** Returns a number that is the same for all handles of one module, as long as one of them is in use. */
    public long identity() {
        return module._ivalue().address();
    }

    /**
     * Returns the value of an attribute; a tensor belongs to the current scope.
     *
     * @throws org.jtorch.TorchException if the value is of a kind that Java does not have
     */
    public @Nullable Object get(String name) {
        return translated(name, () -> {
            Modes.apply();
            try (IValue value = module.attr(name)) {
                return VALUES.unbox(value, module.type().getAttribute(name));
            }
        });
    }

    /**
     * Sets the value of an attribute.
     *
     * @throws IllegalArgumentException if the value does not have the attribute's type
     */
    public void set(String name, @Nullable Object value) {
        translated(name, () -> {
            Modes.apply();
            try (IValue boxed = VALUES.box(module.type().getAttribute(name), value, "attribute '" + name + "'")) {
                module.setattr(name, boxed);
            }
            return true;
        });
    }

    /** Returns a number that is the same for all objects of the tensor that is the attribute {@code name}; 0 if it is None. */
    public long tensorIdentity(String name) {
        try (IValue value = module.attr(name)) {
            return identity(value);
        }
    }

    private static long identity(IValue value) {
        if (!value.isTensor()) {
            return 0;
        }
        try (org.bytedeco.pytorch.Tensor tensor = value.toTensor()) {
            return tensor.defined() ? tensor.unsafeGetTensorImpl().address() : 0;
        }
    }

    /**
     * Returns what the attribute {@code name}, a tensor or None, holds. There is one such object for each attribute of this
     * object.
     */
    public Hold hold(String name) {
        return holds.computeIfAbsent(name, Hold::new);
    }

    /**
     * Finds the tensors in attributes that are neither parameters nor buffers, and in lists, and joins those that are also
     * held: if another tensor is put there, it is put here too. A recurrent layer has such a list of its weights.
     *
     * @param held what is held, by the identity of the tensor
     */
    public void join(Map<Long, Hold> held) {
        for (Member member : members()) {
            String name = member.name();
            if (member.kind() == Kind.VALUE) {
                Hold hold = held.get(tensorIdentity(name));
                if (hold != null) {
                    hold.others.add(value -> module.setattr(name, value));
                }
            } else if (member.kind() == Kind.CONTAINER) {
                try (IValue value = module.attr(name)) {
                    if (value.isList()) {
                        join(value.toList(), held);
                    }
                }
            }
        }
    }

    private static void join(GenericList list, Map<Long, Hold> held) {
        for (long i = 0; i < list.size(); i++) {
            long index = i;
            try (IValue value = list.get(i)) {
                if (value.isList()) {
                    join(value.toList(), held);
                    continue;
                }
                Hold hold = held.get(identity(value));
                if (hold != null) {
                    hold.others.add(other -> {
                        if (index < list.size()) {
                            list.set(index, other);
                        }
                    });
                }
            }
        }
    }

    /** Returns whether this module, which has the attribute {@code training}, is in training mode. */
    public boolean isTraining() {
        Boolean known = training;
        if (known == null) {
            known = Boolean.TRUE.equals(get("training"));
            training = known;
        }
        return known;
    }

    /** Sets the attribute {@code training} of this module, and not of those below it. */
    public void setTraining(boolean mode) {
        set("training", mode);
        training = mode;
    }

    /** Reads the attribute {@code training} again at its next use. */
    public void forgetTraining() {
        training = null;
    }

    /** Adds a module without attributes and methods as an attribute. */
    public ScriptHandle addModule(String name, String className) {
        ScriptHandle child = create(className, this);
        translated(name, () -> {
            module.register_module(name, child.module);
            return true;
        });
        return child;
    }

    /** Adds a parameter or buffer, or a tensor that is neither. */
    public void addTensor(String name, Tensor tensor, Kind kind) {
        translated(name, () -> {
            org.bytedeco.pytorch.Tensor handle = Handles.of(tensor);
            switch (kind) {
                case PARAMETER -> {
                    module.register_parameter(name, handle, false);
                }
                case BUFFER -> {
                    module.register_buffer(name, handle);
                }
                default -> {
                    try (IValue value = new IValue(handle)) {
                        module.register_attribute(name, ListType.ofTensors().containedType(0), value, false, false);
                    }
                }
            }
            return true;
        });
    }

    /** Adds the attribute {@code training}, without which {@code eval()} fails in C++. */
    public void addMode(boolean training) {
        translated("training", () -> {
            try (IValue value = new IValue(training)) {
                module.register_attribute("training", ListType.ofBools().containedType(0), value, false, false);
            }
            return true;
        });
    }

    /** Adds methods, given as TorchScript. The names of operators are those of {@code torch}. */
    public void define(String source) {
        methods = null;
        translated("define", () -> {
            module.define(source);
            return true;
        });
    }

    /** Returns the number that stands for a dtype, a layout or a memory format in TorchScript. */
    public static long number(Object value) {
        try (IValue boxed = VALUES.box(ListType.ofInts().containedType(0), value, "value")) {
            return boxed.toInt();
        }
    }

    // --- code --------------------------------------------------------------------------------------------------

    /** An argument of a method: its name, its type as Python writes it, and whether it has a default. */
    public record Parameter(String name, String type, boolean optional) {}

    /** A method with what is needed to call it, so that a call asks the engine for nothing else. */
    private static final class Callable {
        final Method method;
        final FunctionSchema schema;
        final List<Parameter> parameters = new ArrayList<>();
        final List<Type.TypePtr> types = new ArrayList<>();
        final Type.@Nullable TypePtr returned;

        Callable(Method method) {
            this.method = method;
            this.schema = method.function().getSchema();
            Argument first = schema.arguments();
            for (long i = 1; i < count(first); i++) {
                Argument argument = (Argument) first.getPointer(i);
                types.add(new Type.TypePtr(argument.type())); // a copy: the engine may replace the schema
                parameters.add(new Parameter(
                        text(argument.name()),
                        text(argument.type().get().annotation_str()),
                        argument.default_value().has_value()));
            }
            Argument returns = schema.returns();
            this.returned = count(returns) == 0 ? null : new Type.TypePtr(returns.type());
        }
    }

    /** Returns the names of the methods. */
    public Set<String> methods() {
        Set<String> known = methods;
        if (known == null) {
            known = new LinkedHashSet<>();
            FunctionVector functions = module.type().methods();
            for (long i = 0; i < functions.size(); i++) {
                known.add(text(functions.get(i).name()));
            }
            known = Collections.unmodifiableSet(known);
            methods = known;
        }
        return known;
    }

    private Callable callable(String method) {
        return callables.computeIfAbsent(method, name -> new Callable(module.get_method(name)));
    }

    /** Returns the arguments of a method that exists. */
    public List<Parameter> parameters(String method) {
        return translated(method, () -> callable(method).parameters);
    }

    private static long count(Argument arguments) {
        return arguments.isNull() ? 0 : arguments.limit() - arguments.position();
    }

    /**
     * Calls a method that exists.
     *
     * @param args the arguments by position, at most as many as the method has
     * @param kwargs the arguments by name
     * @return the result; tensors belong to the current scope
     * @throws IllegalArgumentException if an argument does not have the type that the method requires
     * @throws org.jtorch.TorchException if an argument is missing, or the method fails
     */
    public @Nullable Object call(
            String method, List<? extends @Nullable Object> args, Map<String, ? extends @Nullable Object> kwargs) {
        return translated(method, () -> {
            Callable callable = callable(method);
            Modes.apply();
            try (IValueVector stack = new IValueVector();
                    StringIValueMap named = new StringIValueMap()) {
                for (int i = 0; i < args.size(); i++) {
                    try (IValue value = box(method, callable, i, args.get(i))) {
                        stack.push_back(value);
                    }
                }
                for (int i = args.size(); i < callable.types.size() && !kwargs.isEmpty(); i++) {
                    String name = callable.parameters.get(i).name();
                    if (kwargs.containsKey(name)) {
                        try (IValue value = box(method, callable, i, kwargs.get(name));
                                BytePointer key = new BytePointer(name, StandardCharsets.UTF_8)) {
                            named.put(key, value);
                        }
                    }
                }
                Modes.apply(); // boxing may have blocked
                if (!attends) {
                    return result(callable, stack, named);
                }
                @Nullable Object result = SerialBlas.during(() -> result(callable, stack, named));
                if (result instanceof Tensor tensor) {
                    SerialBlas.watch(Handles.of(tensor));
                }
                return result;
            }
        });
    }

    private static @Nullable Object result(Callable callable, IValueVector stack, StringIValueMap named) {
        try (IValue result = callable.method.apply(stack, named)) {
            return VALUES.unbox(result, callable.returned);
        }
    }

    private static IValue box(String method, Callable callable, int index, @Nullable Object value) {
        return VALUES.box(
                callable.types.get(index),
                value,
                "argument '" + callable.parameters.get(index).name() + "' of " + method);
    }

    /**
     * Compiles all code of the module. Attention is fast only in a module that was inspected.
     *
     * @param operators receives the name of each operator in the code, such as {@code aten::add}
     * @param assigned receives the name of each attribute that the code assigns
     */
    public void inspect(Consumer<String> operators, Consumer<String> assigned) {
        translated("compile", () -> {
            FunctionVector functions = module.type().compilation_unit().get_functions();
            for (long i = 0; i < functions.size(); i++) {
                Function function = functions.get(i);
                if (function.isGraphFunction()) {
                    GraphFunction graph = new GraphFunction(function);
                    graph.ensure_defined();
                    Consumer<String> each = name -> {
                        attends = attends || name.equals(ATTENTION);
                        operators.accept(name);
                    };
                    if (inspect(graph.graph().block(), each)) {
                        // only the text has the name: the engine's method for it returns one that was freed
                        Matcher name = ASSIGNED.matcher(graph.graph().toString());
                        while (name.find()) {
                            assigned.accept(name.group(1));
                        }
                    }
                }
            }
            return true;
        });
    }

    /** Returns whether the block assigns an attribute. */
    private static boolean inspect(Block block, Consumer<String> operators) {
        boolean assigns = false;
        JitNode end = block.return_node();
        for (JitNode node = block.param_node().next(); node.address() != end.address(); node = node.next()) {
            String name = text(node.kind().toQualString());
            operators.accept(name);
            assigns |= name.equals("prim::SetAttr");
            if (name.equals("prim::Constant") && node.hasAttribute(VALUE) && node.kindOf(VALUE) == JitAttributeKind.t) {
                try (org.bytedeco.pytorch.Tensor constant = node.t(VALUE)) {
                    checkBounds(constant);
                }
            }
            for (long i = 0; i < node.blocks().size(); i++) {
                assigns |= inspect(node.blocks().get(i), operators);
            }
        }
        return assigns;
    }

    /** Refuses a tensor whose elements are not all inside of its storage, as a damaged archive may contain. */
    private static void checkBounds(org.bytedeco.pytorch.Tensor tensor) {
        if (!tensor.defined() || !tensor.has_storage() || tensor.is_meta() || tensor.numel() == 0) {
            return;
        }
        long last = tensor.storage_offset();
        for (int i = 0; i < tensor.dim(); i++) {
            last = Math.addExact(last, Math.multiplyExact(tensor.size(i) - 1, tensor.stride(i)));
            if (tensor.stride(i) < 0) {
                last = -1;
                break;
            }
        }
        try (Storage storage = tensor.storage()) {
            if (last < 0 || last >= storage.nbytes() / tensor.itemsize()) {
                throw new IllegalArgumentException("a constant in the code has elements outside of its memory");
            }
        }
    }

    // --- help --------------------------------------------------------------------------------------------------

    private static String text(BytePointer text) {
        try (text) {
            return text.getString(StandardCharsets.UTF_8);
        }
    }

    private static <T extends @Nullable Object> T translated(String operation, Supplier<T> code) {
        try {
            return code.get();
        } catch (RuntimeException e) {
            throw EngineErrors.translate(operation, e);
        }
    }
}
