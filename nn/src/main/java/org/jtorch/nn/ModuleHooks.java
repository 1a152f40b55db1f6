package org.jtorch.nn;

import org.jspecify.annotations.Nullable;

/** The hooks of one module; made when it gets its first. */
final class ModuleHooks<I extends @Nullable Object, O extends @Nullable Object> {

    final HookList<ForwardPreHook<I, O>> forwardPre = new HookList<>();
    final HookList<ForwardHook<I, O>> forward = new HookList<>();
    final HookList<FullBackwardPreHook<I, O>> backwardPre = new HookList<>();
    final HookList<FullBackwardHook<I, O>> backward = new HookList<>();

    boolean isEmpty() {
        return forwardPre.isEmpty() && forward.isEmpty() && backwardPre.isEmpty() && backward.isEmpty();
    }
}
