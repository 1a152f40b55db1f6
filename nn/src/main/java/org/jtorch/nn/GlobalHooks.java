package org.jtorch.nn;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.RemovableHandle;
import org.jtorch.nn.hooks.ForwardHook;
import org.jtorch.nn.hooks.ForwardHookOptions;
import org.jtorch.nn.hooks.ForwardObserver;
import org.jtorch.nn.hooks.ForwardPreHook;
import org.jtorch.nn.hooks.ForwardPreObserver;
import org.jtorch.nn.hooks.FullBackwardHook;
import org.jtorch.nn.hooks.FullBackwardObserver;
import org.jtorch.nn.hooks.FullBackwardPreHook;
import org.jtorch.nn.hooks.FullBackwardPreObserver;
import org.jtorch.nn.hooks.RegistrationHook;
import org.jtorch.nn.internal.HookList;

/**
 * Hooks that apply to all modules, for observation: PyTorch's {@code torch.nn.modules.module.register_module_…}. They run
 * before a module's own hooks of the same kind, and stay registered until their handles are closed.
 *
 * <pre>{@code
 * try (var handle = GlobalHooks.registerModuleForwardObserver(
 *         (module, input, output) -> System.out.println(module.className()))) {
 *     model.call(x);
 * }
 * }</pre>
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/nn.html#global-hooks-for-module">PyTorch: global hooks for Module</a>
 */
public final class GlobalHooks {

    static final HookList<ForwardPreHook<Module<Object, Object>, Object, Object>> FORWARD_PRE = new HookList<>();
    static final HookList<ForwardHook<Module<Object, Object>, Object, Object>> FORWARD = new HookList<>();
    static final HookList<FullBackwardPreHook<Module<Object, Object>, Object, Object>> BACKWARD_PRE = new HookList<>();
    static final HookList<FullBackwardHook<Module<Object, Object>, Object, Object>> BACKWARD = new HookList<>();
    private static final HookList<RegistrationHook<Module<?, ?>, Module<?, ?>>> MODULES = new HookList<>();
    private static final HookList<RegistrationHook<Module<?, ?>, Parameter>> PARAMETERS = new HookList<>();
    private static final HookList<RegistrationHook<Module<?, ?>, Buffer>> BUFFERS = new HookList<>();

    /** Whether there are hooks. Every call reads it. */
    private static volatile boolean active;

    private GlobalHooks() {}

    /** Returns whether there is a hook that runs during calls or during the backward pass. */
    public static boolean isActive() {
        return active;
    }

    /** Runs {@code hook} before every module's forward. */
    public static RemovableHandle registerModuleForwardPreHook(
            ForwardPreHook<Module<Object, Object>, Object, Object> hook) {
        return activate(() -> FORWARD_PRE.add(hook, false));
    }

    /** Runs {@code hook} after every module's forward. */
    public static RemovableHandle registerModuleForwardHook(ForwardHook<Module<Object, Object>, Object, Object> hook) {
        return registerModuleForwardHook(hook, false);
    }

    /**
     * Runs {@code hook} after every module's forward.
     *
     * @param alwaysCall whether the hook also runs if an exception ends the call before its turn; see
     *     {@link ForwardHookOptions#alwaysCall}
     */
    public static RemovableHandle registerModuleForwardHook(
            ForwardHook<Module<Object, Object>, Object, Object> hook, boolean alwaysCall) {
        return activate(() -> FORWARD.add(hook, false, alwaysCall));
    }

    /** Runs {@code hook} during the backward pass, when the gradients of a module's outputs are known. */
    public static RemovableHandle registerModuleFullBackwardPreHook(
            FullBackwardPreHook<Module<Object, Object>, Object, Object> hook) {
        return activate(() -> BACKWARD_PRE.add(hook, false));
    }

    /** Runs {@code hook} during the backward pass, when the gradients of a module's inputs are known. */
    public static RemovableHandle registerModuleFullBackwardHook(
            FullBackwardHook<Module<Object, Object>, Object, Object> hook) {
        return activate(() -> BACKWARD.add(hook, false));
    }

    /** Calls {@code observer} before every module's forward. It is a hook that replaces nothing. */
    public static RemovableHandle registerModuleForwardPreObserver(
            ForwardPreObserver<Module<Object, Object>, Object, Object> observer) {
        return registerModuleForwardPreHook(observer.asHook());
    }

    /** Calls {@code observer} after every module's forward. It is a hook that replaces nothing. */
    public static RemovableHandle registerModuleForwardObserver(
            ForwardObserver<Module<Object, Object>, Object, Object> observer) {
        return registerModuleForwardHook(observer.asHook());
    }

    /** Calls {@code observer} with the gradients of every module's outputs. It is a hook that replaces nothing. */
    public static RemovableHandle registerModuleFullBackwardPreObserver(
            FullBackwardPreObserver<Module<Object, Object>, Object, Object> observer) {
        return registerModuleFullBackwardPreHook(observer.asHook());
    }

    /** Calls {@code observer} with the gradients of every module's inputs and outputs. It is a hook that replaces nothing. */
    public static RemovableHandle registerModuleFullBackwardObserver(
            FullBackwardObserver<Module<Object, Object>, Object, Object> observer) {
        return registerModuleFullBackwardHook(observer.asHook());
    }

    /**
     * Runs {@code hook} at every {@link Module#registerModule registerModule} or {@link Module#addModule addModule}, and when a
     * module is added to a container. It does not run when a field is assigned: that registers the module too, but Java reports
     * no assignments.
     */
    public static RemovableHandle registerModuleModuleRegistrationHook(
            RegistrationHook<Module<?, ?>, Module<?, ?>> hook) {
        return MODULES.add(hook, false);
    }

    /**
     * Runs {@code hook} at every {@link Module#registerParameter registerParameter}. It does not run when a field is assigned.
     */
    public static RemovableHandle registerModuleParameterRegistrationHook(
            RegistrationHook<Module<?, ?>, Parameter> hook) {
        return PARAMETERS.add(hook, false);
    }

    /** Runs {@code hook} at every {@link Module#registerBuffer registerBuffer}. It does not run when a field is assigned. */
    public static RemovableHandle registerModuleBufferRegistrationHook(RegistrationHook<Module<?, ?>, Buffer> hook) {
        return BUFFERS.add(hook, false);
    }

    private static RemovableHandle activate(Supplier<RemovableHandle> registration) {
        RemovableHandle handle = registration.get();
        refresh();
        return new RemovableHandle(() -> {
            handle.remove();
            refresh();
        });
    }

    private static synchronized void refresh() {
        active = !(FORWARD_PRE.isEmpty() && FORWARD.isEmpty() && BACKWARD_PRE.isEmpty() && BACKWARD.isEmpty());
    }

    /** Returns the module to be registered in place of {@code submodule}. */
    static @Nullable Module<?, ?> registering(Module<?, ?> module, String name, @Nullable Module<?, ?> submodule) {
        Module<?, ?> current = submodule;
        for (RegistrationHook<Module<?, ?>, Module<?, ?>> hook : MODULES.hooks()) {
            Module<?, ?> replacement = hook.call(module, name, current);
            current = replacement == null ? current : replacement;
        }
        return current;
    }

    /** Returns the parameter to be registered in place of {@code parameter}. */
    static @Nullable Parameter registering(Module<?, ?> module, String name, @Nullable Parameter parameter) {
        Parameter current = parameter;
        for (RegistrationHook<Module<?, ?>, Parameter> hook : PARAMETERS.hooks()) {
            Parameter replacement = hook.call(module, name, current);
            current = replacement == null ? current : replacement;
        }
        return current;
    }

    /** Returns the buffer to be registered in place of {@code buffer}. */
    static @Nullable Buffer registering(Module<?, ?> module, String name, @Nullable Buffer buffer) {
        Buffer current = buffer;
        for (RegistrationHook<Module<?, ?>, Buffer> hook : BUFFERS.hooks()) {
            Buffer replacement = hook.call(module, name, current);
            current = replacement == null ? current : replacement;
        }
        return current;
    }
}
