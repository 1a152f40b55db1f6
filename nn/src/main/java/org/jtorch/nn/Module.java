package org.jtorch.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.MemoryFormat;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.CoreShare;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.hooks.ForwardHook;
import org.jtorch.nn.hooks.ForwardHookOptions;
import org.jtorch.nn.hooks.ForwardObserver;
import org.jtorch.nn.hooks.ForwardPreHook;
import org.jtorch.nn.hooks.ForwardPreObserver;
import org.jtorch.nn.hooks.FullBackwardHook;
import org.jtorch.nn.hooks.FullBackwardObserver;
import org.jtorch.nn.hooks.FullBackwardPreHook;
import org.jtorch.nn.hooks.FullBackwardPreObserver;
import org.jtorch.nn.hooks.HookOptions;
import org.jtorch.nn.hooks.LoadStateDictPostHook;
import org.jtorch.nn.hooks.LoadStateDictPreHook;
import org.jtorch.nn.hooks.StateDictPostHook;
import org.jtorch.nn.hooks.StateDictPreHook;
import org.jtorch.nn.state.IncompatibleKeys;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictException;
import org.jtorch.nn.state.StateDictLoad;

/**
 * A part of a model: its parameters, its buffers, its child modules, and the computation over them. It is PyTorch's
 * {@code torch.nn.Module}.
 *
 * <pre>{@code
 * final class Mlp extends Module<Tensor, Tensor> {
 *     Linear fc1 = new Linear(64, 128);
 *     Linear fc2 = new Linear(128, 10, o -> o.bias(false));
 *     Buffer scale = new Buffer(Torch.ones(1));
 *
 *     @Override protected Tensor forward(Tensor x) {          // x: (N, 64) to (N, 10)
 *         return fc2.call(F.relu(fc1.call(x))).mul(scale);
 *     }
 * }
 * }</pre>
 *
 * <p><b>Fields are the registry.</b> Fields that hold a {@code Module}, a {@link Parameter} or a {@link Buffer} are found by
 * reflection, those of the superclass first, in the order of declaration. They are read again at every traversal, so assigning
 * a field registers its value. A field that holds a plain {@code Tensor} is not part of the module's state; see
 * {@link #unregisteredTensors}. A field {@code inProjWeight} has the key {@code in_proj_weight}; the annotation {@link Name}
 * gives it another key. Members whose names are known only at run time are registered by {@link #registerModule},
 * {@link #registerParameter} or {@link #registerBuffer}.
 *
 * <p>These methods of PyTorch's class are absent: {@code share_memory}, because the threads of one JVM already share their
 * memory, and memory cannot be shared with other processes; {@code compile}, which rewrites Python code; {@code ipu},
 * {@code xpu} and {@code mtia}, for which {@code to(Device.of("xpu"))} can be used; and {@code register_backward_hook}, which
 * PyTorch has deprecated.
 *
 * <p>Several threads may call {@link #infer} on one module at the same time, even while another thread trains it. They may also
 * {@link #call} a module that is in eval mode. A module must be trained and changed by one thread only.
 *
 * @param <I> the type of the input: {@code Tensor}, or a record if the module takes several arguments
 * @param <O> the type of the output
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Module.html">torch.nn.Module</a>
 */
public abstract class Module<I extends @Nullable Object, O extends @Nullable Object> implements Cloneable {

    private Registry registry = new Registry(this);
    private boolean training = true;
    private @Nullable StateDictHooks stateDictHooks;

    /** Created with the first hook; each call checks whether it is present. */
    private volatile @Nullable ModuleHooks<I, O> hooks;

    /** Whether the first call still has to give a {@link LazyModuleMixin} its shapes. */
    private boolean lazy = this instanceof LazyModuleMixin;

    /** Creates a module in training mode. */
    protected Module() {}

    // --- calling -----------------------------------------------------------------------------------------------

    /**
     * Computes the output of this module. Code outside the module calls {@link #call}, which also runs the hooks.
     *
     * @param input the input of the module
     * @return the output of the module
     */
    protected abstract O forward(I input);

    /**
     * Runs the module and its hooks.
     *
     * @param input the input of the module
     * @return the output of the module
     * @throws ModuleCallException if an operation fails; its message names the path of the module in which it failed
     */
    public final O call(I input) {
        return callWith(input, null);
    }

    /**
     * Runs the module and its hooks with an argument in addition to the input. It serves modules that usually take one input,
     * so that the input does not have to be a record. Such a module has an overload of {@code call} for the argument.
     *
     * @param input the input of the module
     * @param further the argument, which the hooks receive too
     * @param forward computes the output with that argument
     * @return the output of the module
     * @throws ModuleCallException if an operation fails, as for {@link #call(Object)}
     */
    protected final O callWith(I input, Object further, Function<I, O> forward) {
        return callWith(input, new FurtherArgument<>(further, forward));
    }

    private O callWith(I input, @Nullable FurtherArgument<I, O> further) {
        if (lazy) {
            becomeWhole(input);
        }
        try {
            return hooks == null && !registry.isDeriving() && !GlobalHooks.isActive()
                    ? runForward(input, further)
                    : runAround(input, further);
        } catch (ModuleCallException e) {
            throw e.through(this);
        } catch (TorchException e) {
            throw new ModuleCallException(this, e);
        }
    }

    /** Runs the forward together with what surrounds it: the computed tensors and the hooks. */
    private O runAround(I input, @Nullable FurtherArgument<I, O> further) {
        Derivations derivations = registry.derivations();
        if (derivations == null) {
            return HookedCall.run(this, input, further);
        }
        try (DerivedValues values = derivations.beginCall()) {
            return HookedCall.run(this, input, further);
        }
    }

    /** Runs only the forward. */
    final O runForward(I input, @Nullable FurtherArgument<I, O> further) {
        return further == null ? forward(input) : further.forward().apply(input);
    }

    /**
     * Runs the module in eval mode and in inference mode. Both modes apply to this call on this thread only: no module is
     * changed, and other threads may train this module meanwhile.
     *
     * <p>The tensors made during the call are freed, except for three kinds: the output, the tensors that hooks made or
     * received, and the tensors that fields of the modules hold after the call. These belong to the {@link TensorScope} around
     * this call or, if there is none, to the garbage collector. A field may hold a tensor directly or in a record, list, map,
     * array or optional. Code that keeps a tensor anywhere else must call {@link Tensor#unscoped} on it.
     *
     * @param input the input of the module
     * @return the output of the module
     */
    public final O infer(I input) {
        try (CoreShare share = CoreShare.open();
                GradMode mode = Autograd.inferenceMode();
                Inference inference = new Inference(this)) {
            O output = call(input);
            giveAll(inference, output);
            return output;
        }
    }

    /**
     * Makes the tensors of an output outlive the call. An output whose tensors cannot be found is rejected with the name of its
     * class.
     */
    private void giveAll(Inference inference, O output) {
        try {
            inference.give(output);
        } catch (TorchException e) {
            throw new ModuleCallException(this, e);
        }
    }

    // --- hooks -------------------------------------------------------------------------------------------------

    /** Runs {@code hook} before each forward, after the pre-hooks already registered. */
    public final RemovableHandle registerForwardPreHook(ForwardPreHook<Module<I, O>, I, O> hook) {
        return registerForwardPreHook(hook, o -> {});
    }

    /** Runs {@code hook} before each forward. The hook may replace the input. */
    public final RemovableHandle registerForwardPreHook(
            ForwardPreHook<Module<I, O>, I, O> hook, Consumer<HookOptions> options) {
        return hooksMade().forwardPre.add(hook, prepend(options));
    }

    /** Runs {@code hook} after each forward, after the hooks already registered. */
    public final RemovableHandle registerForwardHook(ForwardHook<Module<I, O>, I, O> hook) {
        return registerForwardHook(hook, o -> {});
    }

    /**
     * Runs {@code hook} after each forward. The hook may replace the output. The tensors that it makes or receives outlive
     * {@link #infer}. If they are to outlive a {@link TensorScope} that the caller opened, the hook must
     * {@linkplain Tensor#unscoped() move them out of it}.
     *
     * <pre>{@code
     * Map<String, Tensor> seen = new HashMap<>();
     * try (var handle = net.layer4.registerForwardHook((module, x, y) -> {
     *     seen.put("layer4", y.detach());
     *     return null;
     * })) {
     *     net.call(images);
     * }
     * }</pre>
     */
    public final RemovableHandle registerForwardHook(
            ForwardHook<Module<I, O>, I, O> hook, Consumer<ForwardHookOptions> options) {
        ForwardHookOptions set = Customized.of(new ForwardHookOptions(), options);
        return hooksMade().forward.add(hook, set.prepend(), set.alwaysCall());
    }

    /** Runs {@code hook} during each backward pass through this module, before the gradients reach the module's operations. */
    public final RemovableHandle registerFullBackwardPreHook(FullBackwardPreHook<Module<I, O>, I, O> hook) {
        return registerFullBackwardPreHook(hook, o -> {});
    }

    /**
     * Runs {@code hook} during the backward pass, when the gradients of this module's outputs are known. The hook may replace
     * them. With such a hook, the forward receives views of the input tensors and the caller receives views of the output
     * tensors; these views cannot be changed in place.
     */
    public final RemovableHandle registerFullBackwardPreHook(
            FullBackwardPreHook<Module<I, O>, I, O> hook, Consumer<HookOptions> options) {
        return hooksMade().backwardPre.add(hook, prepend(options));
    }

    /** Runs {@code hook} during the backward pass, when the gradients of this module's inputs are known. */
    public final RemovableHandle registerFullBackwardHook(FullBackwardHook<Module<I, O>, I, O> hook) {
        return registerFullBackwardHook(hook, o -> {});
    }

    /**
     * Runs {@code hook} during the backward pass, when the gradients of this module's inputs are known. The hook may replace
     * them. With such a hook, the forward receives views of the input tensors and the caller receives views of the output
     * tensors; these views cannot be changed in place. Tensors are watched wherever {@link TensorTree} finds them in the input
     * and the output; PyTorch only watches those in a single tuple.
     */
    public final RemovableHandle registerFullBackwardHook(
            FullBackwardHook<Module<I, O>, I, O> hook, Consumer<HookOptions> options) {
        return hooksMade().backward.add(hook, prepend(options));
    }

    /** Calls {@code observer} before each forward. It is a hook that replaces nothing. */
    public final RemovableHandle registerForwardPreObserver(ForwardPreObserver<Module<I, O>, I, O> observer) {
        return registerForwardPreHook(observer.asHook());
    }

    /** Calls {@code observer} before each forward. It is a hook that replaces nothing. */
    public final RemovableHandle registerForwardPreObserver(
            ForwardPreObserver<Module<I, O>, I, O> observer, Consumer<HookOptions> options) {
        return registerForwardPreHook(observer.asHook(), options);
    }

    /**
     * Calls {@code observer} after each forward. It is a hook that replaces nothing:
     *
     * <pre>{@code
     * net.layer4.registerForwardObserver((module, x, y) -> seen.put("layer4", y.detach()));
     * }</pre>
     */
    public final RemovableHandle registerForwardObserver(ForwardObserver<Module<I, O>, I, O> observer) {
        return registerForwardHook(observer.asHook());
    }

    /** Calls {@code observer} after each forward. It is a hook that replaces nothing. */
    public final RemovableHandle registerForwardObserver(
            ForwardObserver<Module<I, O>, I, O> observer, Consumer<ForwardHookOptions> options) {
        return registerForwardHook(observer.asHook(), options);
    }

    /** Calls {@code observer} with the gradients of this module's outputs. It is a hook that replaces nothing. */
    public final RemovableHandle registerFullBackwardPreObserver(FullBackwardPreObserver<Module<I, O>, I, O> observer) {
        return registerFullBackwardPreHook(observer.asHook());
    }

    /** Calls {@code observer} with the gradients of this module's inputs and outputs. It is a hook that replaces nothing. */
    public final RemovableHandle registerFullBackwardObserver(FullBackwardObserver<Module<I, O>, I, O> observer) {
        return registerFullBackwardHook(observer.asHook());
    }

    /**
     * Returns whether this module has hooks that run during its calls or during the backward pass. Global hooks and the hooks
     * of child modules do not count.
     */
    public final boolean hasHooks() {
        ModuleHooks<I, O> current = hooks;
        return current != null && !current.isEmpty();
    }

    final @Nullable ModuleHooks<I, O> hooks() {
        return hooks;
    }

    private ModuleHooks<I, O> hooksMade() {
        synchronized (ModuleHooks.class) {
            ModuleHooks<I, O> current = hooks;
            if (current == null) {
                current = new ModuleHooks<>();
                hooks = current;
            }
            return current;
        }
    }

    private static boolean prepend(Consumer<HookOptions> options) {
        HookOptions set = Customized.of(new HookOptions(), options);
        return set.prepend();
    }

    @SuppressWarnings("unchecked") // The mixin's input type is the module's.
    private void becomeWhole(I input) {
        LazyModuleMixin<I> self = (LazyModuleMixin<I>) this;
        // What is created here stays, and must be usable in training even if this call is made in inference mode.
        try (GradMode normal = Autograd.inferenceMode(false);
                GradMode mode = Autograd.noGrad()) {
            self.initializeParameters(input);
        }
        if (self.hasUninitializedParams()) {
            throw new TorchException("module " + className() + " has not been fully initialized");
        }
        lazy = false;
    }

    // --- registration ------------------------------------------------------------------------------------------

    /**
     * Adds a child under a name known only at run time. A child that already has that name is replaced, even if a field holds
     * it.
     *
     * @param name the key, which must not contain a dot
     * @param module the child, or null to record that it is absent
     * @throws IllegalArgumentException if the name is empty, contains a dot, or is taken by something else
     */
    public void registerModule(String name, @Nullable Module<?, ?> module) {
        registry.register(name, module);
    }

    /** Adds a child; another name of {@link #registerModule}, as in PyTorch. */
    public final void addModule(String name, @Nullable Module<?, ?> module) {
        registerModule(name, module);
    }

    /**
     * Adds a parameter under a name known only at run time. A parameter that already has that name is replaced, even if a field
     * holds it.
     *
     * @param name the key, which must not contain a dot
     * @param parameter the parameter, or null to record that it is absent
     * @throws IllegalArgumentException if the name is empty, contains a dot, or is taken by something else, or if the parameter
     *     is not a leaf
     */
    public final void registerParameter(String name, @Nullable Parameter parameter) {
        registry.register(name, parameter);
    }

    /**
     * Adds a buffer under a name known only at run time. A buffer that already has that name is replaced, even if a field holds
     * it.
     *
     * @param name the key, which must not contain a dot
     * @param buffer a {@link Buffer}, which is registered itself; or another tensor, from which a persistent buffer over the
     *     same memory is made; or null to record that the buffer is absent
     * @throws IllegalArgumentException if the name is empty, contains a dot, or is taken by something else
     */
    public final void registerBuffer(String name, @Nullable Tensor buffer) {
        registry.register(name, buffer == null || buffer instanceof Buffer ? (Buffer) buffer : new Buffer(buffer));
    }

    /**
     * Adds a buffer under a name known only at run time. A buffer that already has that name is replaced, even if a field holds
     * it.
     *
     * @param name the key, which must not contain a dot
     * @param buffer a {@link Buffer}, which is registered itself; or another tensor, from which a buffer over the same memory
     *     is made; or null to record that the buffer is absent
     * @param persistent whether the buffer is part of the state dict
     * @throws IllegalArgumentException if the name is empty, contains a dot, or is taken by something else, or if
     *     {@code persistent} contradicts the given {@code Buffer}
     */
    public final void registerBuffer(String name, @Nullable Tensor buffer, boolean persistent) {
        if (buffer instanceof Buffer made && made.isPersistent() != persistent) {
            throw new IllegalArgumentException("buffer '" + name + "' was made "
                    + (persistent
                            ? "not persistent and cannot be registered as"
                            : "persistent and cannot be registered as not")
                    + " persistent: use registerBuffer(name, buffer)");
        }
        registerBuffer(
                name,
                buffer == null || buffer instanceof Buffer
                        ? buffer
                        : new Buffer(buffer, o -> o.persistent(persistent)));
    }

    /**
     * Returns the module at a dotted path, such as {@code encoder.0.fc}. The empty path is this module.
     *
     * @throws IllegalArgumentException if the path, or a part of it, names nothing or something that is not a module
     */
    public final Module<?, ?> getSubmodule(String target) {
        return Paths.submodule(this, target);
    }

    /**
     * Returns the module at a dotted path as the given class: {@code getSubmodule("encoder.0.fc", Linear.class)}.
     *
     * @throws IllegalArgumentException if the path, or a part of it, names nothing or something that is not a module, or if the
     *     module is of another class
     */
    public final <M extends Module<?, ?>> M getSubmodule(String target, Class<M> type) {
        return Paths.cast(getSubmodule(target), target, type);
    }

    /**
     * Replaces or adds the module at a dotted path: {@link #setSubmodule(String, Module, boolean)} with {@code strict} false.
     */
    public final void setSubmodule(String target, Module<?, ?> module) {
        setSubmodule(target, module, false);
    }

    /**
     * Replaces the module at a dotted path, or adds a module to an existing parent.
     *
     * @param target the path, which must not be empty
     * @param module the new module; if a field holds the old one, it must be of the field's type
     * @param strict whether the path must name an existing module
     * @throws IllegalArgumentException if the parent does not exist, or if the path names something that is not a module
     */
    public final void setSubmodule(String target, Module<?, ?> module, boolean strict) {
        Paths.setSubmodule(this, target, module, strict);
    }

    /**
     * Returns the parameter at a dotted path, such as {@code encoder.0.fc.weight}. If a parametrization, a normalization or
     * pruning computes it, this is the object that the module's forward reads in its place, which {@link #parameters()} does
     * not list.
     *
     * @throws IllegalArgumentException if the path names nothing or something that is not a parameter
     */
    public final Parameter getParameter(String target) {
        return Paths.parameter(this, target);
    }

    /**
     * Returns the buffer at a dotted path, such as {@code bn1.running_mean}.
     *
     * @throws IllegalArgumentException if the path names nothing, an absent buffer, or something that is not a buffer
     */
    public final Buffer getBuffer(String target) {
        return Paths.buffer(this, target);
    }

    /**
     * Removes the child, parameter or buffer with the given name: PyTorch's {@code delattr(module, name)}. A member registered
     * by name is forgotten, a field is set to null, and an element of a container is removed. In a list, the elements after it
     * move up; in a {@link Sequential}, they keep their names.
     *
     * @param name the key, which must not contain a dot
     * @throws IllegalArgumentException if there is no such child, parameter or buffer
     * @throws IllegalStateException if a parametrization or pruning computes the tensor, which must be removed first, or if a
     *     final field holds it
     */
    public final void delete(String name) {
        if (!deleteListed(name)) {
            registry.delete(name);
        }
    }

    /** Removes the entry with the given key from a container's own list. Returns false if there is none. */
    boolean deleteListed(String name) {
        return false;
    }

    /** Visits the direct children. Containers keep theirs in a list and override this method. */
    void visitChildren(BiConsumer<String, Module<?, ?>> visitor) {
        registry.forEachModule(visitor);
    }

    /** Visits the parameters that a container keeps in its own list. */
    void visitListed(BiConsumer<String, Parameter> visitor) {}

    /** Returns the parameter with the given key in a container's own list, or null. */
    @Nullable
    Parameter listed(String key) {
        return null;
    }

    /** Replaces what {@link #listed} returns. */
    void setListed(String key, Parameter parameter) {
        throw new IllegalArgumentException(className() + " has no parameter or buffer '" + key + "'");
    }

    /** Visits the direct children as {@link #toString} shows them, including those registered as absent. */
    void visitShown(BiConsumer<String, @Nullable Module<?, ?>> visitor) {
        registry.forEachShown(visitor);
    }

    /** Returns what has the given key in this module itself, as {@link Registry#attribute} defines it. */
    @Nullable
    Object attribute(String name) {
        return registry.attribute(name);
    }

    final Registry registry() {
        return registry;
    }

    // --- traversal ---------------------------------------------------------------------------------------------

    /** Returns the direct children in order. A shared child is listed once. */
    public final List<Module<?, ?>> children() {
        return Traversal.values(namedChildren());
    }

    /** Returns the direct children with their keys, in order. A shared child is listed once. */
    public final List<Named<Module<?, ?>>> namedChildren() {
        List<Named<Module<?, ?>>> result = new ArrayList<>();
        Set<Object> seen = Traversal.identitySet();
        visitChildren((key, child) -> {
            if (seen.add(child)) {
                result.add(new Named<>(key, child));
            }
        });
        return result;
    }

    /** Returns this module and all modules below it, parents first. A shared module is listed once. */
    public final List<Module<?, ?>> modules() {
        return modules(true);
    }

    /**
     * Returns this module and all modules below it, parents first.
     *
     * @param removeDuplicate whether a shared module is listed once, or at each place that holds it
     */
    public final List<Module<?, ?>> modules(boolean removeDuplicate) {
        return Traversal.values(namedModules("", removeDuplicate));
    }

    /**
     * Returns this module (under the empty name) and all modules below it with their dotted names, parents first. A shared
     * module is listed once.
     */
    public final List<Named<Module<?, ?>>> namedModules() {
        return namedModules("", true);
    }

    /**
     * Returns this module and all modules below it with their dotted names, parents first.
     *
     * @param prefix the name of this module, which is put before the other names with a dot
     * @param removeDuplicate whether a shared module is listed once, or at each place that holds it
     */
    public final List<Named<Module<?, ?>>> namedModules(String prefix, boolean removeDuplicate) {
        return Traversal.modules(this, prefix, removeDuplicate);
    }

    /** Returns all parameters. A shared parameter is listed once. */
    public final List<Parameter> parameters() {
        return parameters(true);
    }

    /**
     * Returns the parameters of this module and, if {@code recurse} is true, of all modules below it. A shared parameter is
     * listed once.
     */
    public final List<Parameter> parameters(boolean recurse) {
        return Traversal.values(namedParameters("", recurse, true));
    }

    /** Returns all parameters with their dotted names. A shared parameter is listed once, under its first name. */
    public final List<Named<Parameter>> namedParameters() {
        return namedParameters("", true, true);
    }

    /**
     * Returns parameters with their dotted names.
     *
     * @param prefix the name of this module, which is put before the other names with a dot
     * @param recurse whether those of the modules below are included
     * @param removeDuplicate whether a shared one is listed once, under its first name, or under each of its names
     */
    public final List<Named<Parameter>> namedParameters(String prefix, boolean recurse, boolean removeDuplicate) {
        return Traversal.members(Traversal.PARAMETERS, this, prefix, recurse, removeDuplicate);
    }

    /** Returns all buffers. A shared buffer is listed once. */
    public final List<Buffer> buffers() {
        return buffers(true);
    }

    /**
     * Returns the buffers of this module and, if {@code recurse} is true, of all modules below it. A shared buffer is listed
     * once.
     */
    public final List<Buffer> buffers(boolean recurse) {
        return Traversal.values(namedBuffers("", recurse, true));
    }

    /**
     * Returns all buffers, persistent or not, with their dotted names. A shared buffer is listed once, under its first name.
     */
    public final List<Named<Buffer>> namedBuffers() {
        return namedBuffers("", true, true);
    }

    /**
     * Returns buffers, persistent or not, with their dotted names.
     *
     * @param prefix the name of this module, which is put before the other names with a dot
     * @param recurse whether those of the modules below are included
     * @param removeDuplicate whether a shared one is listed once, under its first name, or under each of its names
     */
    public final List<Named<Buffer>> namedBuffers(String prefix, boolean recurse, boolean removeDuplicate) {
        return Traversal.members(Traversal.BUFFERS, this, prefix, recurse, removeDuplicate);
    }

    /**
     * Returns the tensors in fields of this module itself, including those inside collections, that are neither
     * {@link Parameter} nor {@link Buffer}, under the names of their fields. A tensor from which {@link #registerBuffer} made a
     * buffer is one of them: it shares the buffer's memory only until the buffer is moved or converted. These tensors are not
     * part of a state dict, and {@link #to(Device)} does not move them. Fields marked {@link Unregistered} are ignored.
     */
    public final List<Named<Tensor>> unregisteredTensors() {
        List<Named<Tensor>> result = new ArrayList<>();
        Set<Object> seen = Traversal.identitySet();
        seen.addAll(parameters());
        seen.addAll(buffers());
        registry.forEachStray((field, tensor) -> {
            if (seen.add(tensor)) {
                result.add(new Named<>(field, tensor));
            }
        });
        return result;
    }

    /** Calls {@code visitor} for every module below this one, and then for this one. */
    public final Module<I, O> apply(Consumer<? super Module<?, ?>> visitor) {
        children().forEach(child -> child.apply(visitor));
        visitor.accept(this);
        return this;
    }

    // --- modes -------------------------------------------------------------------------------------------------

    /** Sets this module and all modules below it to training mode. */
    public final Module<I, O> train() {
        return train(true);
    }

    /**
     * Sets this module and all modules below it to training mode or to eval mode. Dropout and batch normalization depend on the
     * mode.
     *
     * @throws IllegalStateException if a module cannot change its mode, such as a program that was exported in one
     */
    public final Module<I, O> train(boolean mode) {
        List<Module<?, ?>> all = modules();
        all.forEach(m -> m.checkTrain(mode));
        all.forEach(m -> m.training = mode);
        if (mode) {
            Inference.train(all);
        }
        return this;
    }

    /**
     * Called before the mode of any module changes. The default does nothing.
     *
     * @param mode true for training mode
     * @throws IllegalStateException if this module cannot change to this mode
     */
    protected void checkTrain(boolean mode) {}

    /** Sets this module and all modules below it to eval mode: {@code train(false)}. */
    public final Module<I, O> eval() {
        return train(false);
    }

    /**
     * Returns whether this module is in training mode. During a call of {@link #infer} on it or on a module above it, it is not
     * in training mode on the calling thread.
     */
    public final boolean isTraining() {
        return training && !Inference.isInEval(this);
    }

    /** Sets whether autograd records operations on the parameters, for all parameters. */
    public final Module<I, O> requiresGrad_(boolean requiresGrad) {
        parameters().forEach(p -> p.requiresGrad_(requiresGrad));
        return this;
    }

    /** Removes the gradients of all parameters. */
    public final void zeroGrad() {
        zeroGrad(true);
    }

    /**
     * Clears the gradients of all parameters.
     *
     * @param setToNone whether the gradients are removed; otherwise they are filled with zeros
     */
    public final void zeroGrad(boolean setToNone) {
        for (Parameter parameter : parameters()) {
            if (setToNone) {
                parameter.setGrad(null);
            } else {
                try (Tensor grad = parameter.grad()) {
                    if (grad != null) {
                        (grad.isLeaf() ? grad.requiresGrad_(false) : grad.detach_())
                                .zero_(); // a view cannot be detached
                    }
                }
            }
        }
    }

    // --- conversion --------------------------------------------------------------------------------------------

    /** Moves all parameters and buffers to a device. The objects stay; only what they hold is replaced. */
    public final Module<I, O> to(Device device) {
        return to(device, null, false, null);
    }

    /**
     * Converts all floating-point and complex parameters and buffers. The objects stay; only what they hold is replaced.
     *
     * @throws IllegalArgumentException if {@code dtype} is neither floating-point nor complex
     */
    public final Module<I, O> to(DType dtype) {
        return to(null, dtype, false, null);
    }

    /** Moves and converts, as {@link #to(Device)} and {@link #to(DType)} do. */
    public final Module<I, O> to(Device device, DType dtype) {
        return to(device, dtype, false, null);
    }

    /**
     * Moves all parameters and buffers to the device of {@code other}, and converts the floating-point and complex ones to its
     * dtype.
     */
    public final Module<I, O> to(Tensor other) {
        return to(other.device(), other.dtype(), false, null);
    }

    /** Sets the memory format of all parameters and buffers with four or five dimensions. */
    public final Module<I, O> to(MemoryFormat memoryFormat) {
        return to(null, null, false, memoryFormat);
    }

    /**
     * Moves and converts all parameters and buffers: PyTorch's {@code module.to} with all its arguments. The objects stay; only
     * what they hold is replaced, together with the gradients. Tied parameters stay tied.
     *
     * @param device the new device, or null to leave each tensor where it is
     * @param dtype the new dtype of floating-point and complex tensors, or null to keep theirs; other tensors keep their dtype
     * @param nonBlocking whether a copy between pinned host memory and a device may continue after this method returns
     * @param memoryFormat the memory format of tensors with four or five dimensions, or null to keep theirs
     * @throws IllegalArgumentException if {@code dtype} is neither floating-point nor complex
     * @throws TorchException if a tensor would have to leave the meta device, for which {@link #toEmpty} must be used
     */
    public final Module<I, O> to(
            @Nullable Device device, @Nullable DType dtype, boolean nonBlocking, @Nullable MemoryFormat memoryFormat) {
        return convertAll(Conversion.to(device, dtype, nonBlocking, memoryFormat));
    }

    /**
     * Moves this module and all modules below it without their values: {@link #toEmpty(Device, boolean)} with {@code recurse}
     * true.
     */
    public final Module<I, O> toEmpty(Device device) {
        return toEmpty(device, true);
    }

    /**
     * Moves parameters and buffers without their values, which are arbitrary afterwards. It is used to leave the meta device
     * before a state dict is loaded.
     *
     * @param device the new device
     * @param recurse whether the modules below are moved too
     */
    public final Module<I, O> toEmpty(Device device, boolean recurse) {
        Conversion.apply(this, recurse, Conversion.empty(device));
        return this;
    }

    /**
     * Converts all parameters and buffers, including those of integers.
     *
     * @throws TorchException if a parameter that requires grad would become a tensor of integers
     */
    public final Module<I, O> type(DType dtype) {
        return convertAll(t -> t.to(dtype));
    }

    /** Converts all floating-point parameters and buffers to float16. */
    public final Module<I, O> half() {
        return convertAll(Conversion.floating(DType.FLOAT16));
    }

    /** Converts all floating-point parameters and buffers to bfloat16. */
    public final Module<I, O> bfloat16() {
        return convertAll(Conversion.floating(DType.BFLOAT16));
    }

    /** Converts all floating-point parameters and buffers to float32: PyTorch's {@code module.float()}. */
    public final Module<I, O> toFloat() {
        return convertAll(Conversion.floating(DType.FLOAT32));
    }

    /** Converts all floating-point parameters and buffers to float64: PyTorch's {@code module.double()}. */
    public final Module<I, O> toDouble() {
        return convertAll(Conversion.floating(DType.FLOAT64));
    }

    /** Moves all parameters and buffers to the CPU. */
    public final Module<I, O> cpu() {
        return to(Device.CPU);
    }

    /** Moves all parameters and buffers to the current CUDA device. */
    public final Module<I, O> cuda() {
        return to(Device.of("cuda"));
    }

    /** Moves all parameters and buffers to the CUDA device with the given index. */
    public final Module<I, O> cuda(int index) {
        return to(Device.cuda(index));
    }

    private Module<I, O> convertAll(UnaryOperator<Tensor> conversion) {
        Conversion.apply(this, true, conversion);
        return this;
    }

    /**
     * Converts the parameters, their gradients and the buffers of this module itself, and not those of its children: PyTorch's
     * {@code _apply}. The methods {@code to}, {@code toEmpty}, {@code type}, {@code half}, {@code cuda} and their like call it
     * once for each module, with autograd off.
     *
     * <p>A class that keeps tensors elsewhere overrides it to convert them too. A class that must keep its dtype passes to
     * {@code super} a function that keeps it. A class that must not be moved does nothing:
     *
     * <pre>{@code
     * @Override protected void convert(UnaryOperator<Tensor> conversion) {
     *     super.convert(conversion);
     *     table = conversion.apply(table);                                // a plain tensor, neither parameter nor buffer
     * }
     * }</pre>
     *
     * @param conversion returns the tensor that replaces the given one, of the same shape, or the given tensor itself if
     *     nothing is to be done. The returned tensor belongs to no scope
     */
    protected void convert(UnaryOperator<Tensor> conversion) {
        Conversion.own(this, conversion);
    }

    /**
     * Configures {@code module} and returns it with its own type, which the methods that return {@code Module<I, O>} do not:
     *
     * <pre>{@code
     * Net net = Module.with(new Net(), n -> n.to(device).eval());          // Python: net = Net().to(device).eval()
     * }</pre>
     *
     * @param module any module
     * @param setup configures the module
     * @return {@code module}
     */
    public static <M extends Module<?, ?>> M with(M module, Consumer<? super M> setup) {
        setup.accept(module);
        return module;
    }

    // --- copying -----------------------------------------------------------------------------------------------

    /**
     * Returns a copy of {@code module} and of all modules below it that shares no parameter, buffer or module with it: Python's
     * {@code copy.deepcopy(module)}. Members that are shared within the original are shared within the copy.
     *
     * <p>Parameters are copied without their gradients, other tensors with theirs. Of the other fields, arrays, collections of
     * the JDK and records are copied with what they hold. Everything else is shared: numbers, strings, options, functions. A
     * lambda in a field continues to use the module in which it was created.
     *
     * @throws TorchException if a tensor is not a leaf, as in PyTorch
     * @throws IllegalStateException if a final field holds a module or a tensor, which a copy cannot replace, or if an inner
     *     class belongs to an instance that is copied too
     */
    public static <M extends Module<?, ?>> M deepCopy(M module) {
        return DeepCopier.deepCopy(module);
    }

    /**
     * Returns a clone of this object. The fields of subclasses hold what they hold here, and the state of this class is not yet
     * copied.
     */
    final Module<?, ?> shallowCopy() {
        try {
            Module<?, ?> copy = (Module<?, ?>) clone();
            copy.training = isTraining();
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("a Module is Cloneable", e);
        }
    }

    /** Gives this object, made by {@link #shallowCopy}, its own copy of the state of this class. */
    final void copyOwnState(DeepCopier copier) {
        registry = registry.copyFor(this, copier);
        ModuleHooks<I, O> original = hooks;
        hooks = original == null ? null : original.copy();
        stateDictHooks = stateDictHooks == null ? null : stateDictHooks.copy();
    }

    /** Returns a clone, for {@link #deepCopy} only. A clone on its own would share its children with the original. */
    @Override
    protected final Object clone() throws CloneNotSupportedException {
        return super.clone();
    }

    // --- state -------------------------------------------------------------------------------------------------

    /**
     * Returns all parameters and persistent buffers by key. They share memory with the module and are detached from its graph.
     */
    public final StateDict stateDict() {
        return stateDict("", false);
    }

    /**
     * Returns all parameters and persistent buffers and the extra state of the modules, by key.
     *
     * @param prefix the beginning of every key: empty, or a path that ends with a dot
     * @param keepVars whether the state dict holds the parameters and buffers themselves, with their graph, instead of detached
     *     tensors that share their memory
     */
    public final StateDict stateDict(String prefix, boolean keepVars) {
        return stateDict(new StateDict(), prefix, keepVars);
    }

    /**
     * Adds the entries of {@link #stateDict(String, boolean)} to an existing state dict.
     *
     * @return {@code destination}
     */
    public final StateDict stateDict(StateDict destination, String prefix, boolean keepVars) {
        StateDictSaver.save(this, destination, prefix, keepVars);
        return destination;
    }

    /** Returns the version of the form in which this class saves its state. It is saved with the state dict. */
    protected long stateVersion() {
        return 1;
    }

    /**
     * Adds the state of this module itself, without its children, to {@code destination}: PyTorch's
     * {@code _save_to_state_dict}. A class that saves its state in another form overrides this method and {@link #loadFrom}.
     *
     * @param destination the state dict to add to
     * @param prefix the beginning of every key
     * @param keepVars whether the parameters themselves are saved; see {@link #stateDict(String, boolean)}
     */
    protected void saveTo(StateDict destination, String prefix, boolean keepVars) {
        StateDictSaver.saveOwn(this, destination, prefix, keepVars);
    }

    /**
     * Loads the state of this module itself, without its children: PyTorch's {@code _load_from_state_dict}. A class that reads
     * older forms of its state overrides it, changes {@link StateDictLoad#stateDict}, and calls {@code super.loadFrom}, after
     * which the parameters and buffers have their new values. If the load fails in the end, their old values are restored.
     */
    protected void loadFrom(StateDictLoad load) {
        if (!(load instanceof ModuleLoad own)) {
            throw new IllegalArgumentException("loadFrom takes the load that it was called with, not a "
                    + load.getClass().getName() + ": change load.stateDict() in place");
        }
        own.byDefault();
    }

    /**
     * Returns what this module saves in a state dict in addition to tensors, under the key {@code _extra_state}. A class with
     * such a state overrides this method and {@link #setExtraState}. To be written to a file, the value must be of a type that
     * a checkpoint can hold.
     */
    public @Nullable Object getExtraState() {
        throw new UnsupportedOperationException(
                className() + " keeps no extra state: override getExtraState and setExtraState");
    }

    /**
     * Restores what {@link #getExtraState} returned; called by {@link #loadStateDict}. If the load fails in the end, it is
     * called again with what {@link #getExtraState} returned before.
     */
    public void setExtraState(@Nullable Object state) {
        throw new UnsupportedOperationException(
                className() + " keeps no extra state: override getExtraState and setExtraState");
    }

    /** Loads a state dict: {@link #loadStateDict(Map, boolean, boolean)} with {@code strict} true and {@code assign} false. */
    public final IncompatibleKeys loadStateDict(Map<String, ? extends Tensor> stateDict) {
        return loadStateDict(stateDict, true, false);
    }

    /** Loads a state dict: {@link #loadStateDict(Map, boolean, boolean)} with {@code assign} false. */
    public final IncompatibleKeys loadStateDict(Map<String, ? extends Tensor> stateDict, boolean strict) {
        return loadStateDict(stateDict, strict, false);
    }

    /**
     * Loads the values of {@code stateDict} into this module's parameters and persistent buffers.
     *
     * @param stateDict the tensors by key; if they are copied, they may have any dtype and device
     * @param strict whether a missing or unexpected key is an error
     * @param assign whether the parameters and buffers hold the tensors of the state dict from now on, with their dtype and
     *     device, instead of copying their values. The {@code Parameter} objects stay and keep whether they require grad; their
     *     gradients are removed
     * @return the keys that did not match; none if {@code strict}
     * @throws StateDictException if a key is missing or unexpected and {@code strict} is true, or if a shape differs; its
     *     message names all of them, and the module is left unchanged
     */
    public final IncompatibleKeys loadStateDict(
            Map<String, ? extends Tensor> stateDict, boolean strict, boolean assign) {
        return new StateDictLoader(this, stateDict, strict, assign).load();
    }

    /**
     * Checks that {@link #loadStateDict(Map)} would accept a state dict, and changes nothing. Hooks of the load run, and what they
     * change is undone.
     *
     * @throws StateDictException if a key is missing or unexpected, or a shape differs
     */
    public final void checkStateDict(Map<String, ? extends Tensor> stateDict) {
        new StateDictLoader(this, stateDict, true, false).check();
    }

    /**
     * Runs {@code hook} before the part of a state dict that belongs to this module is made, whether this module or one above
     * it is saved.
     */
    public final RemovableHandle registerStateDictPreHook(StateDictPreHook<Module<?, ?>> hook) {
        return makeStateDictHooks().add(hook);
    }

    /**
     * Runs {@code hook} after the state of this module and of all modules below it was added to a state dict. The hook may
     * change it.
     */
    public final RemovableHandle registerStateDictPostHook(StateDictPostHook<Module<?, ?>> hook) {
        return makeStateDictHooks().add(hook);
    }

    /**
     * Runs {@code hook} before {@link #loadFrom} loads the part of a state dict that belongs to this module. The hook may
     * change it.
     */
    public final RemovableHandle registerLoadStateDictPreHook(LoadStateDictPreHook<Module<?, ?>> hook) {
        return makeStateDictHooks().add(hook);
    }

    /**
     * Runs {@code hook} after this module and all modules below it were loaded. The hook may edit the keys that did not match.
     */
    public final RemovableHandle registerLoadStateDictPostHook(LoadStateDictPostHook<Module<?, ?>> hook) {
        return makeStateDictHooks().add(hook);
    }

    final @Nullable StateDictHooks stateDictHooks() {
        return stateDictHooks;
    }

    private StateDictHooks makeStateDictHooks() {
        if (stateDictHooks == null) {
            stateDictHooks = new StateDictHooks();
        }
        return stateDictHooks;
    }

    // --- text --------------------------------------------------------------------------------------------------

    /** Returns what {@link #toString} shows in parentheses: the arguments that the module was made with. */
    protected String extraRepr() {
        return "";
    }

    /** Returns the name of this class as PyTorch's {@code repr} shows it. */
    public String className() {
        Class<?> type = getClass();
        if (!lazy && this instanceof LazyModuleMixin<?> whole) {
            type = whole.clsToBecome();
        }
        while (type.isAnonymousClass()) {
            type = type.getSuperclass();
        }
        Derivations derivations = registry.derivations();
        return derivations != null && derivations.areParametrizations()
                ? "Parametrized" + type.getSimpleName()
                : type.getSimpleName();
    }

    /**
     * Returns the modules with their parameters as a list of rows, which {@code toString} formats as a table. The module is not
     * run; {@code org.jtorch.tools.Summary.of(model, input)} runs it and adds shapes, multiply-adds and memory.
     */
    public final ModuleSummary summary() {
        return ModuleSummary.of(this);
    }

    /** Returns PyTorch's {@code repr}: the class, its arguments, and its children, indented. */
    @Override
    public String toString() {
        return Repr.of(this);
    }
}
