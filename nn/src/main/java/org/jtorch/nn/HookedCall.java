package org.jtorch.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.TensorScope;
import org.jtorch.nn.hooks.ForwardHook;
import org.jtorch.nn.hooks.ForwardPreHook;
import org.jtorch.nn.internal.HookList;

/** One call of a module that has hooks, or of any module while there are global hooks. */
final class HookedCall<I extends @Nullable Object, O extends @Nullable Object> {

    private final Module<I, O> module;
    private I input;
    private final @Nullable FurtherArgument<I, O> further;
    private @Nullable O output;

    /** The call of infer that this call is part of, or null. */
    private final @Nullable Inference inference = Inference.current();

    /** The hooks registered with {@code alwaysCall} that have been called. */
    private final Set<Object> called = Collections.newSetFromMap(new IdentityHashMap<>(0));

    private HookedCall(Module<I, O> module, I input, @Nullable FurtherArgument<I, O> further) {
        this.module = module;
        this.input = input;
        this.further = further;
    }

    static <I extends @Nullable Object, O extends @Nullable Object> O run(
            Module<I, O> module, I input, @Nullable FurtherArgument<I, O> further) {
        if (!module.hasHooks() && !GlobalHooks.isActive()) {
            return module.runForward(input, further); // All hooks were removed in the meantime.
        }
        HookedCall<I, O> call = new HookedCall<>(module, input, further);
        try {
            return call.run();
        } catch (RuntimeException | Error failure) {
            call.failed(failure);
            throw failure;
        }
    }

    private O run() {
        ModuleHooks<I, O> hooks = module.hooks();
        BackwardHooks<I, O> backward = BackwardHooks.of(module, hooks);
        for (HookList.Entry<ForwardPreHook<Module<I, O>, I, O>> entry :
                HookedCall.<ForwardPreHook<Module<I, O>, I, O>>both(
                        GlobalHooks.FORWARD_PRE, hooks == null ? null : hooks.forwardPre)) {
            try (TensorScope outside = outside(input, null)) {
                I replacement = further == null
                        ? entry.hook.call(module, input)
                        : entry.hook.call(module, input, further.value());
                if (replacement != null) {
                    input = replacement;
                }
            }
        }
        if (backward != null) {
            input = backward.watchInput(input);
        }
        O result = module.runForward(input, further);
        output = result;
        for (HookList.Entry<ForwardHook<Module<I, O>, I, O>> entry : forwardHooks()) {
            if (entry.always) {
                called.add(entry);
            }
            try (TensorScope outside = outside(input, result)) {
                O replacement = called(entry.hook, result);
                if (replacement != null) {
                    result = replacement;
                    output = result;
                }
            }
        }
        return backward == null ? result : backward.watchOutput(result);
    }

    /**
     * Calls the remaining hooks registered with {@code alwaysCall} after a failure. An exception that they throw is added to
     * the failure.
     */
    @SuppressWarnings("NullAway") // The contract of these hooks says that there may be no output.
    private void failed(Throwable failure) {
        for (HookList.Entry<ForwardHook<Module<I, O>, I, O>> entry : forwardHooks()) {
            if (entry.always && !called.contains(entry)) {
                try (TensorScope outside = outside(input, output)) {
                    O replacement = called(entry.hook, output);
                    if (replacement != null) {
                        output = replacement;
                    }
                } catch (RuntimeException | Error another) {
                    if (another != failure) {
                        failure.addSuppressed(another);
                    }
                }
            }
        }
    }

    private @Nullable O called(ForwardHook<Module<I, O>, I, O> hook, O result) {
        return further == null ? hook.call(module, input, result) : hook.call(module, input, result, further.value());
    }

    /** Returns the scope for a hook during infer. What the hook creates or receives outlives the infer. */
    private @Nullable TensorScope outside(@Nullable Object shown, @Nullable Object alsoShown) {
        if (inference == null) {
            return null;
        }
        TensorScope outside = inference.outside();
        keep(outside, shown);
        keep(outside, alsoShown);
        return outside;
    }

    private static void keep(TensorScope outside, @Nullable Object shown) {
        TensorTree.forEach(shown, tensor -> {
            if (!tensor.isClosed()) {
                outside.keep(tensor);
            }
        });
    }

    /** Returns the current hooks. Hooks registered since the call began are run too. */
    private List<HookList.Entry<ForwardHook<Module<I, O>, I, O>>> forwardHooks() {
        ModuleHooks<I, O> hooks = module.hooks();
        return both(GlobalHooks.FORWARD, hooks == null ? null : hooks.forward);
    }

    /** Returns the global hooks followed by the module's own. */
    @SuppressWarnings("unchecked") // Global hooks accept and return any type.
    static <H> List<HookList.Entry<H>> both(HookList<?> global, @Nullable HookList<H> own) {
        List<HookList.Entry<H>> all = new ArrayList<>();
        ((HookList<H>) global).copyTo(all);
        if (own != null) {
            own.copyTo(all);
        }
        return all;
    }
}
