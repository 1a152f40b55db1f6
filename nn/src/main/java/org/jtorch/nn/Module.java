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
 * A part of a model: parameters, buffers, child modules, and the computation over them. PyTorch's {@code torch.nn.Module}.
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
 * reflection, superclass first, in declaration order, and read anew at every traversal: assigning a field is registering.
 * A field that holds a plain {@code Tensor} is no part of the module's state: see {@link #unregisteredTensors}. A field {@code inProjWeight} has the key {@code in_proj_weight}; {@link Name} gives another. What has its name
 * only at run time is registered by {@link #registerModule}, {@link #registerParameter} and {@link #registerBuffer}.
 *
 * <p>What PyTorch has and this has not: {@code share_memory}, since the threads of one JVM see the same memory and other
 * processes' memory cannot be shared in; {@code compile}, which rewrites Python; {@code ipu}, {@code xpu} and {@code mtia},
 * which {@code to(Device.of("xpu"))} stands for; {@code register_backward_hook}, which PyTorch itself calls wrong.
 *
 * <p>Several threads may call {@link #infer} on one module at once, also while another trains it, and may {@link #call} one
 * that is in eval mode. Training and changing it belongs to one thread.
 *
 * @param <I> what {@link #call} takes: a {@code Tensor}, or a record where there is more than one
 * @param <O> what it gives
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Module.html">torch.nn.Module</a>
 */
public abstract class Module<I extends @Nullable Object, O extends @Nullable Object> implements Cloneable {

    private Registry registry = new Registry(this);
    private boolean training = true;
    private @Nullable StateDictHooks stateDictHooks;

    /** Made with the first hook; a call looks whether it is there. */
    private volatile @Nullable ModuleHooks<I, O> hooks;

    /** Whether the first call has still to tell a {@link LazyModuleMixin} its shapes. */
    private boolean lazy = this instanceof LazyModuleMixin;

    /** A module in training mode. */
    protected Module() {}

    // --- calling -----------------------------------------------------------------------------------------------

    /**
     * The computation. Not to be called from outside: {@link #call} is the door.
     *
     * @param input what the module takes
     * @return what it gives
     */
    protected abstract O forward(I input);

    /**
     * Runs the module and its hooks.
     *
     * @param input what the module takes
     * @return what it gives
     * @throws ModuleCallException if an operation fails; its message names the path of the module it failed in
     */
    public final O call(I input) {
        return callWith(input, null);
    }

    /**
     * Runs the module and its hooks with an argument beside the input: for a module that takes one thing nearly always, so that its
     * input is not a record. The module has an overload of {@code call} for it.
     *
     * @param input what the module takes
     * @param further the argument, which hooks see
     * @param forward the module's forward with that argument
     * @return what it gives
     * @throws ModuleCallException as {@link #call(Object)}
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

    /** With what stands around a forward: the values of what is computed, and the hooks. */
    private O runAround(I input, @Nullable FurtherArgument<I, O> further) {
        Derivations derivations = registry.derivations();
        if (derivations == null) {
            return HookedCall.run(this, input, further);
        }
        try (DerivedValues values = derivations.beginCall()) {
            return HookedCall.run(this, input, further);
        }
    }

    /** The forward alone. */
    final O runForward(I input, @Nullable FurtherArgument<I, O> further) {
        return further == null ? forward(input) : further.forward().apply(input);
    }

    /**
     * Runs the module in eval and inference mode. Both are for this call, on this thread: no module is changed, and other
     * threads may train this one meanwhile.
     *
     * <p>The tensors made on the way are freed. The result, what hooks made or were shown, and what fields of the modules hold
     * after the call, are not: they belong to the {@link TensorScope} around this call, or, if there is none, to the collector.
     * A field may hold a tensor itself or in a record, list, map, array or optional. Code that keeps a tensor anywhere else
     * calls {@link Tensor#unscoped} on it.
     *
     * @param input what the module takes
     * @return what it gives
     */
    public final O infer(I input) {
        try (GradMode mode = Autograd.inferenceMode();
                Inference inference = new Inference(this)) {
            O output = call(input);
            giveAll(inference, output);
            return output;
        }
    }

    /** Has the tensors of an output outlive the call; an output that hides them is refused by the name of its class. */
    private void giveAll(Inference inference, O output) {
        try {
            inference.give(output);
        } catch (TorchException e) {
            throw new ModuleCallException(this, e);
        }
    }

    // --- hooks -------------------------------------------------------------------------------------------------

    /** Runs {@code hook} before each forward, after the pre-hooks that are there. */
    public final RemovableHandle registerForwardPreHook(ForwardPreHook<Module<I, O>, I, O> hook) {
        return registerForwardPreHook(hook, o -> {});
    }

    /** Runs {@code hook} before each forward; it may replace the input. */
    public final RemovableHandle registerForwardPreHook(
            ForwardPreHook<Module<I, O>, I, O> hook, Consumer<HookOptions> options) {
        return hooksMade().forwardPre.add(hook, prepend(options));
    }

    /** Runs {@code hook} after each forward, and after the hooks that are there. */
    public final RemovableHandle registerForwardHook(ForwardHook<Module<I, O>, I, O> hook) {
        return registerForwardHook(hook, o -> {});
    }

    /**
     * Runs {@code hook} after each forward; it may replace the output. What it makes or is shown outlives {@link #infer}. A
     * tensor that is to outlive a {@link TensorScope} of the user's has to be {@linkplain Tensor#unscoped() moved out}.
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

    /** Runs {@code hook} in backwards through this module, before their gradients reach its inside. */
    public final RemovableHandle registerFullBackwardPreHook(FullBackwardPreHook<Module<I, O>, I, O> hook) {
        return registerFullBackwardPreHook(hook, o -> {});
    }

    /**
     * Runs {@code hook} in backwards when the gradients of this module's outputs are known; it may replace them. The forward
     * then sees views of the input's tensors and the caller views of the output's, which cannot be changed in place.
     */
    public final RemovableHandle registerFullBackwardPreHook(
            FullBackwardPreHook<Module<I, O>, I, O> hook, Consumer<HookOptions> options) {
        return hooksMade().backwardPre.add(hook, prepend(options));
    }

    /** Runs {@code hook} in backwards when the gradients of this module's inputs are known. */
    public final RemovableHandle registerFullBackwardHook(FullBackwardHook<Module<I, O>, I, O> hook) {
        return registerFullBackwardHook(hook, o -> {});
    }

    /**
     * Runs {@code hook} in backwards when the gradients of this module's inputs are known; it may replace them. The forward
     * then sees views of the input's tensors and the caller views of the output's, which cannot be changed in place. Tensors
     * are watched wherever they stand in input and output, see {@link TensorTree}; PyTorch looks into one tuple only.
     */
    public final RemovableHandle registerFullBackwardHook(
            FullBackwardHook<Module<I, O>, I, O> hook, Consumer<HookOptions> options) {
        return hooksMade().backward.add(hook, prepend(options));
    }

    /** Has {@code observer} look before each forward, as a hook that replaces nothing. */
    public final RemovableHandle registerForwardPreObserver(ForwardPreObserver<Module<I, O>, I, O> observer) {
        return registerForwardPreHook(observer.asHook());
    }

    /** Has {@code observer} look before each forward, as a hook that replaces nothing. */
    public final RemovableHandle registerForwardPreObserver(
            ForwardPreObserver<Module<I, O>, I, O> observer, Consumer<HookOptions> options) {
        return registerForwardPreHook(observer.asHook(), options);
    }

    /**
     * Has {@code observer} look after each forward, as a hook that replaces nothing:
     *
     * <pre>{@code
     * net.layer4.registerForwardObserver((module, x, y) -> seen.put("layer4", y.detach()));
     * }</pre>
     */
    public final RemovableHandle registerForwardObserver(ForwardObserver<Module<I, O>, I, O> observer) {
        return registerForwardHook(observer.asHook());
    }

    /** Has {@code observer} look after each forward, as a hook that replaces nothing. */
    public final RemovableHandle registerForwardObserver(
            ForwardObserver<Module<I, O>, I, O> observer, Consumer<ForwardHookOptions> options) {
        return registerForwardHook(observer.asHook(), options);
    }

    /** Has {@code observer} look at the gradients of this module's outputs, as a hook that replaces nothing. */
    public final RemovableHandle registerFullBackwardPreObserver(FullBackwardPreObserver<Module<I, O>, I, O> observer) {
        return registerFullBackwardPreHook(observer.asHook());
    }

    /** Has {@code observer} look at the gradients of this module's inputs and outputs, as a hook that replaces nothing. */
    public final RemovableHandle registerFullBackwardObserver(FullBackwardObserver<Module<I, O>, I, O> observer) {
        return registerFullBackwardHook(observer.asHook());
    }

    /**
     * Returns whether this module has hooks that run at its calls or in backwards. Global ones and those below do not count.
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

    @SuppressWarnings("unchecked") // the mix-in takes what the module takes
    private void becomeWhole(I input) {
        LazyModuleMixin<I> self = (LazyModuleMixin<I>) this;
        // what is made now stays, and must be fit for training also where this call is not
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
     * Adds a child under a name known only at run time, or replaces the one that has that name, in a field too.
     *
     * @param name the key, without dots
     * @param module the child, or null to note its absence
     * @throws IllegalArgumentException if the name is empty, has a dot, or is taken by something else
     */
    public void registerModule(String name, @Nullable Module<?, ?> module) {
        registry.register(name, module);
    }

    /** {@link #registerModule} under PyTorch's other name for it. */
    public final void addModule(String name, @Nullable Module<?, ?> module) {
        registerModule(name, module);
    }

    /**
     * Adds a parameter under a name known only at run time, or replaces the one that has that name, in a field too.
     *
     * @param name the key, without dots
     * @param parameter the parameter, or null to note its absence
     * @throws IllegalArgumentException if the name is empty, has a dot, or is taken by something else, or the parameter
     *     is no leaf
     */
    public final void registerParameter(String name, @Nullable Parameter parameter) {
        registry.register(name, parameter);
    }

    /**
     * Adds a buffer under a name known only at run time, or replaces the one that has that name, in a field too.
     *
     * @param name the key, without dots
     * @param buffer a {@link Buffer}, which is taken as it is, or another tensor, over whose memory a persistent one is made;
     *     null to note its absence
     * @throws IllegalArgumentException if the name is empty, has a dot, or is taken by something else
     */
    public final void registerBuffer(String name, @Nullable Tensor buffer) {
        registry.register(name, buffer == null || buffer instanceof Buffer ? (Buffer) buffer : new Buffer(buffer));
    }

    /**
     * Adds a buffer under a name known only at run time, or replaces the one that has that name, in a field too.
     *
     * @param name the key, without dots
     * @param buffer a {@link Buffer}, which is taken as it is, or another tensor, over whose memory one is made; null to note
     *     its absence
     * @param persistent whether the state dict has it
     * @throws IllegalArgumentException if the name is empty, has a dot, or is taken by something else, or a {@code Buffer} is
     *     given that says otherwise
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
     * Returns the module at a dotted path, {@code encoder.0.fc}; this one for the empty path.
     *
     * @throws IllegalArgumentException if nothing, or no module, stands there or on the way
     */
    public final Module<?, ?> getSubmodule(String target) {
        return Paths.submodule(this, target);
    }

    /**
     * Returns the module at a dotted path, of a class: {@code getSubmodule("encoder.0.fc", Linear.class)}.
     *
     * @throws IllegalArgumentException if nothing, or no module, stands there or on the way, or the module is of another class
     */
    public final <M extends Module<?, ?>> M getSubmodule(String target, Class<M> type) {
        return Paths.cast(getSubmodule(target), target, type);
    }

    /** {@link #setSubmodule(String, Module, boolean)}, not strict. */
    public final void setSubmodule(String target, Module<?, ?> module) {
        setSubmodule(target, module, false);
    }

    /**
     * Replaces the module at a dotted path, or adds one under a parent that is there.
     *
     * @param target the path, not empty
     * @param module what shall stand there; where a field does, of its type
     * @param strict whether one must have been there
     * @throws IllegalArgumentException if its parent is not there, or something that is no module stands there
     */
    public final void setSubmodule(String target, Module<?, ?> module, boolean strict) {
        Paths.setSubmodule(this, target, module, strict);
    }

    /**
     * Returns the parameter at a dotted path, {@code encoder.0.fc.weight}. If a parametrization, a normalisation or pruning
     * computes it, this is what the module's forward reads in its place, which {@link #parameters()} does not list.
     *
     * @throws IllegalArgumentException if nothing, or no parameter, stands there
     */
    public final Parameter getParameter(String target) {
        return Paths.parameter(this, target);
    }

    /**
     * Returns the buffer at a dotted path, {@code bn1.running_mean}.
     *
     * @throws IllegalArgumentException if nothing, no buffer, or an absent one stands there
     */
    public final Buffer getBuffer(String target) {
        return Paths.buffer(this, target);
    }

    /**
     * Removes the child, parameter or buffer of a name: PyTorch's {@code delattr(module, name)}. One that was registered by name
     * is forgotten, a field is set to null, and an element of a container is removed from it; the elements of a list after it
     * then move up, those of a {@link Sequential} keep their names.
     *
     * @param name the key, without dots
     * @throws IllegalArgumentException if there is no such child, parameter or buffer
     * @throws IllegalStateException if it is computed by a parametrization or by pruning, which has to be ended first, or stands
     *     in a final field
     */
    public final void delete(String name) {
        if (!deleteListed(name)) {
            registry.delete(name);
        }
    }

    /** Removes what a container keeps under a key in a list of its own; false if there is nothing. */
    boolean deleteListed(String name) {
        return false;
    }

    /** The one place that tells what the direct children are; containers keep theirs in a list and override it. */
    void visitChildren(BiConsumer<String, Module<?, ?>> visitor) {
        registry.forEachModule(visitor);
    }

    /** Tells of the parameters that a container keeps in a list of its own. */
    void visitListed(BiConsumer<String, Parameter> visitor) {}

    /** Returns the parameter that a container keeps under a key in a list of its own, or null. */
    @Nullable
    Parameter listed(String key) {
        return null;
    }

    /** Replaces what {@link #listed} gives. */
    void setListed(String key, Parameter parameter) {
        throw new IllegalArgumentException(className() + " has no parameter or buffer '" + key + "'");
    }

    /** The direct children as {@link #toString} shows them: with those registered as absent. */
    void visitShown(BiConsumer<String, @Nullable Module<?, ?>> visitor) {
        registry.forEachShown(visitor);
    }

    /** Returns what stands under a key of this module itself, as {@link Registry#attribute} tells it. */
    @Nullable
    Object attribute(String name) {
        return registry.attribute(name);
    }

    final Registry registry() {
        return registry;
    }

    // --- traversal ---------------------------------------------------------------------------------------------

    /** Returns the direct children in order, a shared one once. */
    public final List<Module<?, ?>> children() {
        return Traversal.values(namedChildren());
    }

    /** Returns the direct children with their keys in order, a shared one once. */
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

    /** Returns this module and all below it, parents first, a shared one once. */
    public final List<Module<?, ?>> modules() {
        return modules(true);
    }

    /**
     * Returns this module and all below it, parents first.
     *
     * @param removeDuplicate whether a shared one is listed once, or at each place where it stands
     */
    public final List<Module<?, ?>> modules(boolean removeDuplicate) {
        return Traversal.values(namedModules("", removeDuplicate));
    }

    /**
     * Returns this module (under the empty name) and all below it with their dotted names, parents first, a shared one once.
     */
    public final List<Named<Module<?, ?>>> namedModules() {
        return namedModules("", true);
    }

    /**
     * Returns this module and all below it with their dotted names, parents first.
     *
     * @param prefix this module's own name, put before the others with a dot
     * @param removeDuplicate whether a shared one is listed once, or at each place where it stands
     */
    public final List<Named<Module<?, ?>>> namedModules(String prefix, boolean removeDuplicate) {
        return Traversal.modules(this, prefix, removeDuplicate);
    }

    /** Returns all parameters, a shared one once. */
    public final List<Parameter> parameters() {
        return parameters(true);
    }

    /** Returns the parameters of this module alone or, where {@code recurse}, all; a shared one once. */
    public final List<Parameter> parameters(boolean recurse) {
        return Traversal.values(namedParameters("", recurse, true));
    }

    /** Returns all parameters with their dotted names, a shared one once, under its first name. */
    public final List<Named<Parameter>> namedParameters() {
        return namedParameters("", true, true);
    }

    /**
     * Parameters with their dotted names.
     *
     * @param prefix this module's own name, put before theirs with a dot
     * @param recurse whether those of the modules below are listed too
     * @param removeDuplicate whether a shared one is listed once, under its first name, or under each
     */
    public final List<Named<Parameter>> namedParameters(String prefix, boolean recurse, boolean removeDuplicate) {
        return Traversal.members(Traversal.PARAMETERS, this, prefix, recurse, removeDuplicate);
    }

    /** Returns all buffers, a shared one once. */
    public final List<Buffer> buffers() {
        return buffers(true);
    }

    /** Returns the buffers of this module alone or, where {@code recurse}, all; a shared one once. */
    public final List<Buffer> buffers(boolean recurse) {
        return Traversal.values(namedBuffers("", recurse, true));
    }

    /** Returns all buffers, persistent or not, with their dotted names, a shared one once, under its first name. */
    public final List<Named<Buffer>> namedBuffers() {
        return namedBuffers("", true, true);
    }

    /**
     * Buffers, persistent or not, with their dotted names.
     *
     * @param prefix this module's own name, put before theirs with a dot
     * @param recurse whether those of the modules below are listed too
     * @param removeDuplicate whether a shared one is listed once, under its first name, or under each
     */
    public final List<Named<Buffer>> namedBuffers(String prefix, boolean recurse, boolean removeDuplicate) {
        return Traversal.members(Traversal.BUFFERS, this, prefix, recurse, removeDuplicate);
    }

    /**
     * Returns the tensors in fields of this module itself, also inside collections, that are neither {@link Parameter} nor
     * {@link Buffer}, under the names of their fields. A tensor from which {@link #registerBuffer} made a buffer is one of
     * them: it shares the buffer's memory only until the buffer is moved or converted. No state dict has them, and
     * {@link #to(Device)} leaves them where they are. Fields marked {@link Unregistered} are not looked at.
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

    /** Calls {@code visitor} for every module below and then for this one. */
    public final Module<I, O> apply(Consumer<? super Module<?, ?>> visitor) {
        children().forEach(child -> child.apply(visitor));
        visitor.accept(this);
        return this;
    }

    // --- modes -------------------------------------------------------------------------------------------------

    /** Training mode, here and below. */
    public final Module<I, O> train() {
        return train(true);
    }

    /** Training mode on or off, here and below; dropout and batch normalisation depend on it. */
    public final Module<I, O> train(boolean mode) {
        List<Module<?, ?>> all = modules();
        all.forEach(m -> m.training = mode);
        if (mode) {
            Inference.train(all);
        }
        return this;
    }

    /** Eval mode, here and below: {@code train(false)}. */
    public final Module<I, O> eval() {
        return train(false);
    }

    /**
     * Returns whether this module is in training mode. Within {@link #infer} of it or of a module above, on that thread, it is
     * not.
     */
    public final boolean isTraining() {
        return training && !Inference.isInEval(this);
    }

    /** Switches autograd's recording for all parameters on or off. */
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
     * @param setToNone whether they are removed, or else filled with zeros
     */
    public final void zeroGrad(boolean setToNone) {
        for (Parameter parameter : parameters()) {
            if (setToNone) {
                parameter.setGrad(null);
            } else {
                try (Tensor grad = parameter.grad()) {
                    if (grad != null) {
                        grad.detach_().zero_();
                    }
                }
            }
        }
    }

    // --- conversion --------------------------------------------------------------------------------------------

    /** Moves all parameters and buffers; the objects stay, what they hold is replaced. */
    public final Module<I, O> to(Device device) {
        return to(device, null, false, null);
    }

    /**
     * Converts all floating-point and complex parameters and buffers; the objects stay, what they hold is replaced.
     *
     * @throws IllegalArgumentException if {@code dtype} is neither floating-point nor complex
     */
    public final Module<I, O> to(DType dtype) {
        return to(null, dtype, false, null);
    }

    /** {@link #to(Device)} and {@link #to(DType)} in one. */
    public final Module<I, O> to(Device device, DType dtype) {
        return to(device, dtype, false, null);
    }

    /** To the device and, where that is floating-point or complex as it must be, the dtype of {@code other}. */
    public final Module<I, O> to(Tensor other) {
        return to(other.device(), other.dtype(), false, null);
    }

    /** Lays all parameters and buffers of four or five dimensions in memory in that order. */
    public final Module<I, O> to(MemoryFormat memoryFormat) {
        return to(null, null, false, memoryFormat);
    }

    /**
     * Moves and converts all parameters and buffers: PyTorch's {@code module.to} in full. The objects stay, what they hold
     * is replaced, and gradients go with it. What is tied stays tied.
     *
     * @param device where to, or null to leave each where it is
     * @param dtype what the floating-point and complex ones become, or null to leave them; others keep theirs
     * @param nonBlocking whether a copy between pinned host memory and a device may go on after the return
     * @param memoryFormat the order for those of four or five dimensions, or null to leave it
     * @throws IllegalArgumentException if {@code dtype} is neither floating-point nor complex
     * @throws TorchException if something is on the meta device and is to leave it, which {@link #toEmpty} does
     */
    public final Module<I, O> to(
            @Nullable Device device, @Nullable DType dtype, boolean nonBlocking, @Nullable MemoryFormat memoryFormat) {
        return convertAll(Conversion.to(device, dtype, nonBlocking, memoryFormat));
    }

    /** {@link #toEmpty(Device, boolean)}, with all below. */
    public final Module<I, O> toEmpty(Device device) {
        return toEmpty(device, true);
    }

    /**
     * Moves parameters and buffers without their values, which are then arbitrary: the way from the meta device, before
     * loading a state dict.
     *
     * @param device where to
     * @param recurse whether those of the modules below are moved too
     */
    public final Module<I, O> toEmpty(Device device, boolean recurse) {
        Conversion.apply(this, recurse, Conversion.empty(device));
        return this;
    }

    /**
     * Converts all parameters and buffers, those of integers too.
     *
     * @throws TorchException if a parameter that requires grad would become one of integers
     */
    public final Module<I, O> type(DType dtype) {
        return convertAll(t -> t.to(dtype));
    }

    /** {@code to(DType.FLOAT16)}, floating-point tensors only. */
    public final Module<I, O> half() {
        return convertAll(Conversion.floating(DType.FLOAT16));
    }

    /** {@code to(DType.BFLOAT16)}, floating-point tensors only. */
    public final Module<I, O> bfloat16() {
        return convertAll(Conversion.floating(DType.BFLOAT16));
    }

    /** PyTorch's {@code module.float()}: {@code to(DType.FLOAT32)}, floating-point tensors only. */
    public final Module<I, O> toFloat() {
        return convertAll(Conversion.floating(DType.FLOAT32));
    }

    /** PyTorch's {@code module.double()}: {@code to(DType.FLOAT64)}, floating-point tensors only. */
    public final Module<I, O> toDouble() {
        return convertAll(Conversion.floating(DType.FLOAT64));
    }

    /** {@code to(Device.CPU)}. */
    public final Module<I, O> cpu() {
        return to(Device.CPU);
    }

    /** {@code to(Device.of("cuda"))}. */
    public final Module<I, O> cuda() {
        return to(Device.of("cuda"));
    }

    /** {@code to(Device.cuda(index))}. */
    public final Module<I, O> cuda(int index) {
        return to(Device.cuda(index));
    }

    private Module<I, O> convertAll(UnaryOperator<Tensor> conversion) {
        Conversion.apply(this, true, conversion);
        return this;
    }

    /**
     * Converts what this module itself holds, and not its children: PyTorch's {@code _apply}. All of {@code to}, {@code toEmpty},
     * {@code type}, {@code half}, {@code cuda} and so on call it once for each module, without autograd. It replaces what the
     * module's own parameters, their gradients and the buffers hold.
     *
     * <p>A class that keeps tensors elsewhere overrides it to take them along, one that has to keep its own dtype gives
     * {@code super} a function that does, and one that must not be moved does nothing:
     *
     * <pre>{@code
     * @Override protected void convert(UnaryOperator<Tensor> conversion) {
     *     super.convert(conversion);
     *     table = conversion.apply(table);                                // a plain tensor, neither parameter nor buffer
     * }
     * }</pre>
     *
     * @param conversion gives what is to stand in place of a tensor, of the same shape, or the tensor itself if nothing is to be
     *     done. What it gives belongs to no scope
     */
    protected void convert(UnaryOperator<Tensor> conversion) {
        Conversion.own(this, conversion);
    }

    /**
     * Gives {@code module} back, set up, and keeps its type, which the methods that return {@code Module<I, O>} do not:
     *
     * <pre>{@code
     * Net net = Module.with(new Net(), n -> n.to(device).eval());          // Python: net = Net().to(device).eval()
     * }</pre>
     *
     * @param module any module
     * @param setup what is done with it
     * @return {@code module}
     */
    public static <M extends Module<?, ?>> M with(M module, Consumer<? super M> setup) {
        setup.accept(module);
        return module;
    }

    // --- copying -----------------------------------------------------------------------------------------------

    /**
     * Returns a copy of {@code module} and all below it that shares no parameter, buffer or module with it: Python's
     * {@code copy.deepcopy(module)}. What is shared within stays shared within the copy.
     *
     * <p>Parameters come without their gradients, other tensors with theirs. Of other fields, arrays, collections of the JDK
     * and records are copied with what they hold, and all else is shared: numbers, texts, options, functions. A lambda in a
     * field goes on using the module it was made in.
     *
     * @throws TorchException if a tensor was computed and is no leaf, as PyTorch does
     * @throws IllegalStateException if a final field holds a module or tensor, which a copy cannot replace, or an inner class
     *     belongs to an instance that is copied too
     */
    public static <M extends Module<?, ?>> M deepCopy(M module) {
        return DeepCopier.deepCopy(module);
    }

    /** This object again: subclasses' fields hold what they held here, what this class keeps for itself is not yet copied. */
    final Module<?, ?> shallowCopy() {
        try {
            Module<?, ?> copy = (Module<?, ?>) clone();
            copy.training = isTraining();
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("a Module is Cloneable", e);
        }
    }

    /** Gives this object, made by {@link #shallowCopy}, its own of what this class keeps for itself. */
    final void copyOwnState(DeepCopier copier) {
        registry = registry.copyFor(this, copier);
        ModuleHooks<I, O> original = hooks;
        hooks = original == null ? null : original.copy();
        stateDictHooks = stateDictHooks == null ? null : stateDictHooks.copy();
    }

    /** For {@link #deepCopy}: a copy of the fields alone would share its children. */
    @Override
    protected final Object clone() throws CloneNotSupportedException {
        return super.clone();
    }

    // --- state -------------------------------------------------------------------------------------------------

    /** Returns all parameters and persistent buffers by their keys, sharing memory with the module and outside of its graph. */
    public final StateDict stateDict() {
        return stateDict("", false);
    }

    /**
     * Returns all parameters and persistent buffers, and the modules' extra state, by their keys.
     *
     * @param prefix stands before every key; a path with a dot at its end
     * @param keepVars whether the parameters and buffers themselves are in it, with their graph, in place of tensors outside of
     *     it that share their memory
     */
    public final StateDict stateDict(String prefix, boolean keepVars) {
        return stateDict(new StateDict(), prefix, keepVars);
    }

    /**
     * {@link #stateDict(String, boolean)} into a state dict that there is.
     *
     * @return {@code destination}
     */
    public final StateDict stateDict(StateDict destination, String prefix, boolean keepVars) {
        StateDictSaver.save(this, destination, prefix, keepVars);
        return destination;
    }

    /** Returns the version of this class's form of the state dict, written beside it. */
    protected long stateVersion() {
        return 1;
    }

    /**
     * Puts this module's own state into {@code destination}, and not its children's: PyTorch's {@code _save_to_state_dict}. A
     * class that saves another form of itself overrides it, and then {@link #loadFrom} too.
     *
     * @param destination what to put it into
     * @param prefix stands before every key
     * @param keepVars see {@link #stateDict(String, boolean)}
     */
    protected void saveTo(StateDict destination, String prefix, boolean keepVars) {
        StateDictSaver.saveOwn(this, destination, prefix, keepVars);
    }

    /**
     * Takes this module's own state, and not its children's: PyTorch's {@code _load_from_state_dict}. A class that reads older
     * forms of itself overrides it, changes {@link StateDictLoad#stateDict}, and calls {@code super.loadFrom}, after which the
     * parameters and buffers have their new values. Where the load fails in the end, they get their old ones back.
     */
    protected void loadFrom(StateDictLoad load) {
        ((ModuleLoad) load).byDefault();
    }

    /**
     * Returns what this module keeps in a state dict beside tensors, under the key {@code _extra_state}. A class that has such
     * a thing overrides this and {@link #setExtraState}; to be written to a file it must be of the kinds that a checkpoint
     * holds.
     */
    public @Nullable Object getExtraState() {
        throw new UnsupportedOperationException(
                className() + " keeps no extra state: override getExtraState and setExtraState");
    }

    /**
     * Takes what {@link #getExtraState} gave; called by {@link #loadStateDict}. Where the load fails in the end, it is called
     * again with what {@link #getExtraState} gave before.
     */
    public void setExtraState(@Nullable Object state) {
        throw new UnsupportedOperationException(
                className() + " keeps no extra state: override getExtraState and setExtraState");
    }

    /** {@link #loadStateDict(Map, boolean, boolean)}, strict, copying. */
    public final IncompatibleKeys loadStateDict(Map<String, ? extends Tensor> stateDict) {
        return loadStateDict(stateDict, true, false);
    }

    /** {@link #loadStateDict(Map, boolean, boolean)}, copying. */
    public final IncompatibleKeys loadStateDict(Map<String, ? extends Tensor> stateDict, boolean strict) {
        return loadStateDict(stateDict, strict, false);
    }

    /**
     * Loads the values of {@code stateDict} into this module's parameters and persistent buffers.
     *
     * @param stateDict tensors by key; where they are copied, of any dtype and device
     * @param strict whether a missing or unexpected key is an error
     * @param assign whether the parameters and buffers hold the state dict's tensors from now on, with their dtype and device and
     *     without a copy, in place of taking their values. The {@code Parameter} objects stay, and whether they require grad; a
     *     gradient is removed.
     * @return the keys that did not match; none where {@code strict}
     * @throws StateDictException naming every missing or unexpected key and every shape that differs; the module is then as it
     *     was before
     */
    public final IncompatibleKeys loadStateDict(
            Map<String, ? extends Tensor> stateDict, boolean strict, boolean assign) {
        return new StateDictLoader(this, stateDict, strict, assign).load();
    }

    /** {@code hook} is run before this module's part of a state dict is made, whichever module was asked for it. */
    public final RemovableHandle registerStateDictPreHook(StateDictPreHook<Module<?, ?>> hook) {
        return makeStateDictHooks().add(hook);
    }

    /** {@code hook} is run after the part of this module and of all below it was put into a state dict, and may change it. */
    public final RemovableHandle registerStateDictPostHook(StateDictPostHook<Module<?, ?>> hook) {
        return makeStateDictHooks().add(hook);
    }

    /** {@code hook} is run before this module takes its part of a state dict, by {@link #loadFrom}, and may change it. */
    public final RemovableHandle registerLoadStateDictPreHook(LoadStateDictPreHook<Module<?, ?>> hook) {
        return makeStateDictHooks().add(hook);
    }

    /** {@code hook} is run after this module and all below it were loaded, and may edit the keys that did not match. */
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

    /** Returns what {@link #toString} shows in the parentheses: the arguments the module was made with. */
    protected String extraRepr() {
        return "";
    }

    /** Returns the class's name as PyTorch's {@code repr} would show it. */
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
     * Returns the modules with their parameters, as values and, by {@code toString}, as a table. Nothing is run:
     * {@code org.jtorch.tools.Summary.of(model, input)} adds shapes, multiply-adds and memory.
     */
    public final ModuleSummary summary() {
        return ModuleSummary.of(this);
    }

    /** PyTorch's {@code repr}: the class, its arguments, and its children, indented. */
    @Override
    public String toString() {
        return Repr.of(this);
    }
}
