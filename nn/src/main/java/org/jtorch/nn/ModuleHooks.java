package org.jtorch.nn;

import org.jspecify.annotations.Nullable;
import org.jtorch.nn.hooks.ForwardHook;
import org.jtorch.nn.hooks.ForwardPreHook;
import org.jtorch.nn.hooks.FullBackwardHook;
import org.jtorch.nn.hooks.FullBackwardPreHook;
import org.jtorch.nn.internal.HookList;

/** The hooks of one module; created when the module gets its first hook. */
final class ModuleHooks<I extends @Nullable Object, O extends @Nullable Object> {

    final HookList<ForwardPreHook<Module<I, O>, I, O>> forwardPre = new HookList<>();
    final HookList<ForwardHook<Module<I, O>, I, O>> forward = new HookList<>();
    final HookList<FullBackwardPreHook<Module<I, O>, I, O>> backwardPre = new HookList<>();
    final HookList<FullBackwardHook<Module<I, O>, I, O>> backward = new HookList<>();

    /**
     * Returns a copy with the same hooks, to which later changes here do not apply. A handle obtained here removes its hook
     * here only.
     */
    ModuleHooks<I, O> copy() {
        ModuleHooks<I, O> copy = new ModuleHooks<>();
        copy.forwardPre.addAll(forwardPre);
        copy.forward.addAll(forward);
        copy.backwardPre.addAll(backwardPre);
        copy.backward.addAll(backward);
        return copy;
    }

    boolean isEmpty() {
        return forwardPre.isEmpty() && forward.isEmpty() && backwardPre.isEmpty() && backward.isEmpty();
    }
}
