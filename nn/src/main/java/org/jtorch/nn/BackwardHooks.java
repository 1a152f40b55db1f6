package org.jtorch.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradTap;
import org.jtorch.nn.hooks.FullBackwardHook;
import org.jtorch.nn.hooks.FullBackwardPreHook;
import org.jtorch.nn.internal.HookList;

/**
 * The backward hooks of one call. The input and the output of the call each pass through a {@link GradTap}, which changes
 * nothing and receives their gradients. The output's gradients come first; when the input's are known, both are available.
 */
final class BackwardHooks<I extends @Nullable Object, O extends @Nullable Object> {

    private final Module<I, O> module;
    private final List<HookList.Entry<FullBackwardPreHook<Module<I, O>, I, O>>> preHooks;
    private final List<HookList.Entry<FullBackwardHook<Module<I, O>, I, O>>> hooks;

    private int inputs;
    private @Nullable GradTap inputTap;

    /** The output's gradients, held until the input's arrive. Null if none came through the output. */
    private volatile @Nullable List<@Nullable Tensor> gradOutput;

    private BackwardHooks(
            Module<I, O> module,
            List<HookList.Entry<FullBackwardPreHook<Module<I, O>, I, O>>> preHooks,
            List<HookList.Entry<FullBackwardHook<Module<I, O>, I, O>>> hooks) {
        this.module = module;
        this.preHooks = preHooks;
        this.hooks = hooks;
    }

    /** Returns the hooks for a call that begins now, or null if there are none. */
    static <I extends @Nullable Object, O extends @Nullable Object> @Nullable BackwardHooks<I, O> of(
            Module<I, O> module, @Nullable ModuleHooks<I, O> own) {
        List<HookList.Entry<FullBackwardPreHook<Module<I, O>, I, O>>> preHooks =
                HookedCall.both(GlobalHooks.BACKWARD_PRE, own == null ? null : own.backwardPre);
        List<HookList.Entry<FullBackwardHook<Module<I, O>, I, O>>> hooks =
                HookedCall.both(GlobalHooks.BACKWARD, own == null ? null : own.backward);
        return preHooks.isEmpty() && hooks.isEmpty() ? null : new BackwardHooks<>(module, preHooks, hooks);
    }

    /** Returns the input with the gradients of its tensors watched. */
    I watchInput(I input) {
        List<Tensor> tensors = tensors(input);
        inputs = tensors.size();
        if (!isRecorded(tensors)) {
            return input;
        }
        List<Like> likes = Like.of(tensors);
        GradTap tap = new GradTap(tensors, grads -> runHooks(grads, likes));
        inputTap = tap;
        return replace(input, tap.views());
    }

    /** Returns the output with the gradients of its tensors watched. */
    O watchOutput(O output) {
        List<Tensor> tensors = tensors(output);
        if (!isRecorded(tensors)) {
            return output;
        }
        List<Like> likes = Like.of(tensors);
        return replace(output, new GradTap(tensors, grads -> runPreHooks(grads, likes)).views());
    }

    // --- in the forward ----------------------------------------------------------------------------------------

    private static List<Tensor> tensors(@Nullable Object tree) {
        List<Tensor> tensors = new ArrayList<>();
        TensorTree.forEach(tree, tensors::add);
        return tensors;
    }

    private static boolean isRecorded(List<Tensor> tensors) {
        return Autograd.isGradEnabled() && tensors.stream().anyMatch(Tensor::requiresGrad);
    }

    private static <T extends @Nullable Object> T replace(T tree, List<Tensor> tensors) {
        Iterator<Tensor> next = tensors.iterator();
        return TensorTree.map(tree, tensor -> next.next());
    }

    // --- in the backward ---------------------------------------------------------------------------------------

    private List<@Nullable Tensor> runPreHooks(List<@Nullable Tensor> grads, List<Like> likes) {
        List<@Nullable Tensor> current = grads;
        for (HookList.Entry<FullBackwardPreHook<Module<I, O>, I, O>> entry : preHooks) {
            List<? extends @Nullable Tensor> replacement = entry.hook.call(module, current);
            if (replacement != null) {
                current = checked(replacement, current.size(), "Backward pre hook", "grad_output");
            }
        }
        Like.check(current, likes);
        GradTap next = inputTap;
        if (next != null) {
            // If the input's gradients are not needed, nothing would release the output's, which may hold the graph
            // that holds
            // this.
            gradOutput = next.isWanted() ? current : null;
            return current;
        }
        List<@Nullable Tensor> none = Collections.unmodifiableList(Arrays.asList(new Tensor[inputs]));
        for (HookList.Entry<FullBackwardHook<Module<I, O>, I, O>> entry : hooks) {
            List<? extends @Nullable Tensor> replacement = entry.hook.call(module, none, current);
            if (replacement != null && replacement.stream().anyMatch(grad -> grad != null)) {
                throw new TorchException(
                        "Backward hook for Modules where no input requires gradient should always return"
                                + " None or None for all gradients.");
            }
        }
        return current;
    }

    private List<@Nullable Tensor> runHooks(List<@Nullable Tensor> grads, List<Like> likes) {
        List<@Nullable Tensor> current = new ArrayList<>(grads);
        for (int i = 0; i < current.size(); i++) {
            Like like = likes.get(i);
            if (current.get(i) == null) {
                current.set(i, like.zeros());
            }
        }
        List<@Nullable Tensor> outputs = gradOutput;
        if (outputs == null) {
            return current; // They did not come through the output, as in a backward of a backward.
        }
        current = Collections.unmodifiableList(current);
        for (HookList.Entry<FullBackwardHook<Module<I, O>, I, O>> entry : hooks) {
            List<? extends @Nullable Tensor> replacement = entry.hook.call(module, current, outputs);
            if (replacement != null) {
                current = checked(replacement, current.size(), "Backward hook", "grad_input");
            }
        }
        Like.check(current, likes);
        gradOutput = null;
        return current;
    }

    private static List<@Nullable Tensor> checked(
            List<? extends @Nullable Tensor> replacement, int expected, String who, String what) {
        if (replacement.size() != expected) {
            throw new TorchException(who + " returned an invalid number of " + what + ", got " + replacement.size()
                    + ", but expected " + expected);
        }
        return Collections.unmodifiableList(new ArrayList<@Nullable Tensor>(replacement));
    }

    /** The properties of a watched tensor, which its gradient must share. */
    private static final class Like {
        private final long[] shape;
        private final DType dtype;
        private final Device device;

        private Like(Tensor tensor) {
            shape = tensor.shape();
            dtype = tensor.dtype();
            device = tensor.device();
        }

        static List<Like> of(List<Tensor> tensors) {
            return tensors.stream().map(Like::new).toList();
        }

        Tensor zeros() {
            return Torch.zeros(shape, TensorOptions.of(dtype).device(device));
        }

        static void check(List<@Nullable Tensor> grads, List<Like> likes) {
            for (int i = 0; i < grads.size(); i++) {
                Tensor grad = grads.get(i);
                if (grad == null) {
                    continue;
                }
                Like like = likes.get(i);
                if (!Arrays.equals(grad.shape(), like.shape)) {
                    throw new TorchException("a backward hook has changed the size of value: gradient " + i + " is "
                            + Arrays.toString(grad.shape()) + " and has to be " + Arrays.toString(like.shape));
                }
            }
        }
    }
}
