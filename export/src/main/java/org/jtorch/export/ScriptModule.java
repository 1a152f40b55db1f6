package org.jtorch.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.internal.script.Script;
import org.jtorch.export.internal.script.ScriptFile;
import org.jtorch.export.internal.script.ScriptLink;
import org.jtorch.export.internal.tree.Typed;
import org.jtorch.internal.ScriptHandle;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Module;
import org.jtorch.nn.Name;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.serialize.internal.file.AtomicFile;

/**
 * A model that {@code torch.jit.script} or {@code torch.jit.trace} made in Python, as a module: PyTorch's {@code ScriptModule}.
 * No class of the model is needed.
 *
 * <pre>{@code
 * torch.jit.script(model).save("model.pt")                                     # Python
 *
 * ScriptModule<Tensor, Tensor> model = ScriptModule.load(Path.of("model.pt")).module(Tensor.class, Tensor.class);
 * Tensor logits = model.infer(x);
 * Object code = model.call("encode", x, 3);                                   // another method
 * long width = (Long) model.attribute("width");
 * }</pre>
 *
 * <p><b>State.</b> Parameters, buffers and modules have their names of Python, so that the state dict has the same keys. The
 * script and the Java modules share them: training, {@code loadStateDict}, {@code to} and {@code requiresGrad_} change what the
 * script computes, and gradients reach the parameters. Buffers that were not persistent are in the state dict, as in Python,
 * since an archive does not say which those are. {@link #train()} and {@link #eval()} reach the script. Other attributes are
 * values of the script: {@link #attribute}.
 *
 * <p><b>Methods.</b> {@link #call(Object)} runs {@code forward}, and {@link #call(String, Object...)} any method by its name.
 * Arguments and results are tensors, numbers, booleans, strings, devices and null; lists, also in place of tuples; and maps in
 * place of dicts and named tuples. A dtype is passed as a {@link org.jtorch.DType}. The modules below can be called by
 * themselves too. Hooks run for the module that is called from Java, not for those that the script calls.
 *
 * <p><b>Devices.</b> {@code to(device)} moves parameters and buffers. A device that the code names, which traced models often
 * do, and tensors in other attributes remain.
 *
 * <p><b>What a script can do.</b> An archive contains code, and calling the module runs it. That code calls operators on
 * tensors; it can compute without end, use any amount of memory, and print. It cannot use files, the network, Java classes or
 * other processes: an archive that calls such an operator is refused. The operators do not all check their arguments as
 * {@link org.jtorch.Operator} does, so call scripts only of people whom you trust not to crash the process.
 *
 * <p><b>Threads.</b> Several threads may call a module at once. Calls run one after another if the script assigns attributes or
 * has lists or dicts among them. PyTorch has deprecated TorchScript; use {@link ExportedProgram} for new models.
 *
 * @param <I> the type of the input: {@link Inputs}, {@link Tensor}, a record with the names of the arguments, or a list
 * @param <O> the type of the output: {@code Object} for lists and maps as in Python, {@link Tensor} if there is one, or a record
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.jit.ScriptModule.html">torch.jit.ScriptModule</a>
 */
public final class ScriptModule<I extends @Nullable Object, O extends @Nullable Object> extends Module<I, O> {

    private static final String FORWARD = "forward";

    // the names of the fields must leave those of attributes in Python free

    @Name("<path>")
    private final List<String> path;

    @Name("<output>")
    private final Class<O> output;

    /** Is replaced in a copy, see {@link Module#deepCopy}. */
    @Name("<script>")
    private Script script;

    @Name("<links>")
    private @Nullable Links links;

    /** The link to a script of a module and those below it. A copy of the module has that of the original at first. */
    private static final class Links {
        final Module<?, ?> module;
        final Script script;
        final ScriptLink link;

        Links(Module<?, ?> module, Script script, ScriptLink link) {
            this.module = module;
            this.script = script;
            this.link = link;
        }
    }

    private ScriptModule(Script script, List<String> path, Class<O> output) {
        this.script = script;
        this.path = List.copyOf(path);
        this.output = output;
    }

    // --- loading -----------------------------------------------------------------------------------------------

    /**
     * Reads an archive that {@code torch.jit.save} wrote. Its tensors are put on the devices on which they were saved.
     *
     * @param path the archive, usually {@code NAME.pt}
     * @return a module in the mode in which it was saved, whose outputs are lists and maps, as Python's tuples, lists and
     *     dicts; see {@link #module}
     * @throws ExportException if the file does not exist, is no TorchScript archive, is damaged, or calls an operator that the
     *     engine does not have or that is refused
     */
    public static ScriptModule<Inputs, Object> load(Path path) {
        Objects.requireNonNull(path, "path");
        // what is created here stays, and must be usable in training even if this call is made in inference mode
        try (GradMode normal = Autograd.inferenceMode(false);
                GradMode mode = Autograd.noGrad()) {
            Script script = ScriptFile.load(path);
            Builder builder = new Builder(script);
            ScriptModule<Inputs, Object> module = builder.build(List.of());
            builder.setModes();
            return module;
        } catch (ExportException e) {
            throw e;
        } catch (TorchException e) {
            throw new ExportException(path + ": cannot be loaded: " + e.getMessage(), e);
        }
    }

    /** Makes the modules of a script. A module, parameter or buffer that is at several places is made once. */
    private static final class Builder {
        private final Script script;
        private final Map<Long, ScriptModule<Inputs, Object>> modules = new LinkedHashMap<>();
        private final Map<Long, Tensor> tensors = new HashMap<>();

        Builder(Script script) {
            this.script = script;
        }

        ScriptModule<Inputs, Object> build(List<String> path) {
            ScriptHandle handle = script.at(path);
            ScriptModule<Inputs, Object> known = modules.get(handle.identity());
            if (known != null) {
                return known;
            }
            ScriptModule<Inputs, Object> module = new ScriptModule<>(script, path, Object.class);
            modules.put(handle.identity(), module);
            for (ScriptHandle.Member member : handle.members()) {
                String name = member.name();
                switch (member.kind()) {
                    case MODULE -> {
                        List<String> below = new ArrayList<>(path);
                        below.add(name);
                        module.registerModule(name, build(below));
                    }
                    case PARAMETER -> module.registerParameter(name, (Parameter) tensor(handle, name, true));
                    case BUFFER -> module.registerBuffer(name, tensor(handle, name, false));
                    default -> {
                        // an attribute of the script
                    }
                }
            }
            return module;
        }

        private @Nullable Tensor tensor(ScriptHandle handle, String name, boolean parameter) {
            long identity = handle.tensorIdentity(name);
            if (identity == 0) {
                return null;
            }
            return tensors.computeIfAbsent(identity, key -> {
                Tensor value = (Tensor) Objects.requireNonNull(handle.get(name));
                boolean requiresGrad = value.requiresGrad();
                return parameter ? new Parameter(value, requiresGrad) : new Buffer(value).requiresGrad_(requiresGrad);
            });
        }

        /** Sets the modes, from above to below, since each call reaches the modules below. */
        void setModes() {
            modules.values().forEach(module -> {
                ScriptHandle handle = script.at(module.path);
                if (handle.has("training") && handle.isTraining() != module.isTraining()) {
                    module.train(handle.isTraining());
                }
            });
        }
    }

    /**
     * Returns a module of the same script, parameters, buffers and modules, with other types. Hooks and the mode of this module
     * itself are not shared.
     *
     * @param input the type of the input: {@link Inputs}; {@link Tensor} for a single argument; {@link List} for arguments by
     *     position; or a record, whose components have the names of the arguments in Java's spelling, or their order
     * @param output the type of the output: {@code Object} for lists and maps; {@link Tensor} if there is one tensor; or a
     *     record, whose components have the names of the output's keys in Java's spelling, or the order of its elements
     */
    public <J extends @Nullable Object, P extends @Nullable Object> ScriptModule<J, P> module(
            Class<J> input, Class<P> output) {
        Objects.requireNonNull(input, "input");
        ScriptModule<J, P> typed = new ScriptModule<>(script, path, Objects.requireNonNull(output, "output"));
        for (ScriptHandle.Member member : handle().members()) {
            String name = member.name();
            switch (member.kind()) {
                case MODULE -> typed.registerModule(name, getSubmodule(name));
                case PARAMETER ->
                    typed.registerParameter(
                            name, has(namedParameters("", false, false), name) ? getParameter(name) : null);
                case BUFFER ->
                    typed.registerBuffer(name, has(namedBuffers("", false, false), name) ? getBuffer(name) : null);
                default -> {
                    // an attribute of the script
                }
            }
        }
        // not by train(), which would change the modules below
        List<Module<?, ?>> children = typed.children();
        List<Boolean> modes = children.stream().map(Module::isTraining).toList();
        typed.train(isTraining());
        for (int i = 0; i < modes.size(); i++) {
            if (children.get(i).isTraining() != modes.get(i)) {
                children.get(i).train(modes.get(i));
            }
        }
        return typed;
    }

    private static boolean has(List<? extends Named<?>> members, String name) {
        return members.stream().anyMatch(each -> each.name().equals(name));
    }

    private ScriptHandle handle() {
        return script.at(path);
    }

    private ScriptLink link() {
        Links known = links;
        if (known != null && known.module == this && known.script == script) {
            return known.link;
        }
        ScriptLink link = new ScriptLink(script);
        Set<Module<?, ?>> done = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Module<?, ?> module : modules()) {
            if (module instanceof ScriptModule<?, ?> part && done.add(part)) {
                link.add(part, script.at(part.path));
            }
        }
        links = new Links(this, script, link);
        return link;
    }

    // --- calling -----------------------------------------------------------------------------------------------

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // converted to the type of the class
    protected O forward(I input) {
        return (O) Typed.fromTree(run(FORWARD, given(input)), output, "the output of forward");
    }

    private Inputs given(@Nullable Object input) {
        return Inputs.given(input, this::named);
    }

    /** Returns the arguments that a record stands for: its components have the names of the arguments, or their order. */
    private Inputs named(Record node) {
        Map<?, ?> values = (Map<?, ?>) Objects.requireNonNull(Typed.toTree(node));
        List<String> names = handle().methods().contains(FORWARD)
                ? handle().parameters(FORWARD).stream()
                        .map(ScriptHandle.Parameter::name)
                        .toList()
                : List.of();
        if (!names.containsAll(values.keySet())) {
            return new Inputs(new ArrayList<>(values.values()), Map.of());
        }
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        values.forEach((name, value) -> named.put((String) name, value));
        return new Inputs(List.of(), named);
    }

    /**
     * Calls a method by its name. Hooks do not run.
     *
     * @param method the name, such as {@code encode}
     * @param arguments the arguments by position; or one {@link Inputs}, which may have arguments by name
     * @return a tensor, a {@code Long}, {@code Double}, {@code Boolean}, {@code String} or device; a list for a list and a
     *     tuple; a map for a dict and a named tuple; null for None
     * @throws IllegalArgumentException if there is no such method, or the arguments do not fit: too few, too many, or of
     *     another type
     * @throws ExportException if the method fails, or returns an object that Java does not have
     */
    public @Nullable Object call(String method, @Nullable Object... arguments) {
        return run(
                method,
                arguments.length == 1 && arguments[0] instanceof Inputs inputs
                        ? inputs
                        : new Inputs(Arrays.asList(arguments), Map.of()));
    }

    private @Nullable Object run(String method, Inputs inputs) {
        ScriptHandle handle = handle();
        Set<String> methods = handle.methods();
        if (!methods.contains(method)) {
            throw new IllegalArgumentException(name() + " has no method '" + method + "'; it has " + methods);
        }
        checkArguments(method, inputs, handle.parameters(method));
        List<@Nullable Object> args = new ArrayList<>(inputs.args().size());
        inputs.args().forEach(each -> args.add(Typed.toTree(each)));
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        inputs.kwargs().forEach((name, each) -> kwargs.put(name, Typed.toTree(each)));
        return translated(method, () -> link().run(() -> handle.call(method, args, kwargs)));
    }

    private static void checkArguments(String method, Inputs inputs, List<ScriptHandle.Parameter> parameters) {
        int given = inputs.args().size();
        if (given > parameters.size()) {
            throw new IllegalArgumentException(method + " takes " + parameters.size() + " arguments "
                    + described(parameters) + ", but was given " + given);
        }
        List<String> names = inputs.kwargs().isEmpty()
                ? List.of()
                : parameters.stream().map(ScriptHandle.Parameter::name).toList();
        for (String name : inputs.kwargs().keySet()) {
            if (names.indexOf(name) < given) {
                throw new IllegalArgumentException(
                        names.contains(name)
                                ? method + " was given the argument '" + name + "' by position and by name"
                                : method + " has no argument '" + name + "'; it takes " + described(parameters));
            }
        }
        for (ScriptHandle.Parameter parameter : parameters.subList(given, parameters.size())) {
            if (!parameter.optional() && !inputs.kwargs().containsKey(parameter.name())) {
                throw new IllegalArgumentException(method + " lacks the argument '" + parameter.name() + "': it takes "
                        + described(parameters)
                        + ", and was given " + (given + inputs.kwargs().size()));
            }
        }
    }

    private static List<String> described(List<ScriptHandle.Parameter> parameters) {
        return parameters.stream()
                .map(each -> each.name() + ": " + each.type() + (each.optional() ? " = …" : ""))
                .toList();
    }

    private String name() {
        return path.isEmpty() ? "the script" : "the module '" + String.join(".", path) + "' of the script";
    }

    private static <T extends @Nullable Object> T translated(String what, Supplier<T> code) {
        try {
            return code.get();
        } catch (ExportException e) {
            throw e;
        } catch (TorchException e) {
            throw new ExportException(what + " failed: " + e.getMessage(), e);
        }
    }

    // --- the script --------------------------------------------------------------------------------------------

    /** Returns the names of the methods, such as {@code forward}. */
    public Set<String> methods() {
        return handle().methods();
    }

    /** Returns the names of the attributes that are neither parameters nor buffers nor modules. */
    public Set<String> attributes() {
        Set<String> names = new LinkedHashSet<>();
        for (ScriptHandle.Member member : handle().members()) {
            if (member.kind() == ScriptHandle.Kind.VALUE || member.kind() == ScriptHandle.Kind.CONTAINER) {
                names.add(member.name());
            }
        }
        return Collections.unmodifiableSet(names);
    }

    /**
     * Returns the value of an attribute of this module now, in the form in which {@link #call(String, Object...)} returns
     * values. A list or map is a copy.
     *
     * @throws IllegalArgumentException if there is no such attribute
     * @throws ExportException if the value is an object that Java does not have
     */
    public @Nullable Object attribute(String name) {
        checkAttribute(name);
        return translated("attribute '" + name + "'", () -> link().run(() -> handle().get(name)));
    }

    /**
     * Sets the value of an attribute of this module.
     *
     * @throws IllegalArgumentException if there is no such attribute, or the value does not have its type
     */
    public void setAttribute(String name, @Nullable Object value) {
        checkAttribute(name);
        if (name.equals("training")) {
            throw new IllegalArgumentException("the mode is set by train() and eval()");
        }
        translated("attribute '" + name + "'", () -> link().change(() -> {
            handle().set(name, value);
            return true;
        }));
    }

    private void checkAttribute(String name) {
        if (!attributes().contains(name)) {
            throw new IllegalArgumentException(
                    name() + " has no attribute '" + name + "' (parameters, buffers and modules are"
                            + " found by getParameter, getBuffer and getSubmodule); it has " + attributes());
        }
    }

    /**
     * Writes this module as an archive that {@code torch.jit.load} and this class read: its code, and the parameters, buffers and
     * attributes that it has now.
     *
     * @throws ExportException if the file cannot be written; an existing file is not changed then
     */
    public void save(Path path) {
        translated("saving", () -> link().change(() -> {
            AtomicFile.writeByPath(
                    path, temporary -> handle().save(temporary.toAbsolutePath().toString()));
            return true;
        }));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException always after the module was loaded: its code calls the modules with which it was saved
     */
    @Override
    public void registerModule(String name, @Nullable Module<?, ?> module) {
        boolean own = module instanceof ScriptModule<?, ?> part && part.script == script;
        if (!own) {
            throw new IllegalStateException(
                    "the modules of a script cannot be replaced, since its code calls those with which it was saved");
        }
        super.registerModule(name, module);
    }

    @Override
    public String className() {
        return "ScriptModule";
    }
}
