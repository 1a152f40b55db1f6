package org.jtorch.nn.utils;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.Generator;
import org.jtorch.OpRecorder;
import org.jtorch.Substitution;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.TensorTree;
import org.jtorch.nn.internal.FirstRun;

/**
 * Activation checkpointing, which saves memory at the cost of time. A computation runs without keeping what its backward needs,
 * and runs again when the backward reaches it. Only its inputs are kept.
 *
 * <pre>{@code
 * for (Block block : blocks) {
 *     x = Checkpointing.checkpoint(block, x);
 * }
 * }</pre>
 *
 * <p>The gradients are equal, bit for bit, to those of the plain run: those of the inputs, of parameters, and of other open
 * tensors that the computation uses, whether or not an input requires a gradient. Checkpoints may be nested and differentiated
 * twice. Several threads may use them at the same time with the same parameters, each with its own backward. State that changes
 * at every run, such as the statistics of batch normalization, changes twice. Hooks inside run twice.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/checkpoint.html">torch.utils.checkpoint</a>
 */
public final class Checkpointing {

    private Checkpointing() {}

    /** Runs a module under {@link #checkpoint(Function, Object, Consumer)} with the default options. */
    public static <I extends @Nullable Object, O extends @Nullable Object> O checkpoint(Module<I, O> module, I input) {
        return checkpoint(module::call, input);
    }

    /** Runs {@code fn} under {@link #checkpoint(Function, Object, Consumer)} with the default options. */
    public static <I extends @Nullable Object, O extends @Nullable Object> O checkpoint(Function<I, O> fn, I input) {
        return checkpoint(fn, input, o -> {});
    }

    /**
     * Runs {@code fn} now without recording it, and again in the backward.
     *
     * @param fn a computation that does the same both times
     * @param input a tensor, or a record, list or map of tensors (see {@link TensorTree}), which must not be changed in place
     * @return the output of {@code fn}
     * @throws TorchException if {@code fn} changes an input in place; and in the backward, if it returns a different number of
     *     tensors, or other shapes or dtypes, than the first time
     */
    public static <I extends @Nullable Object, O extends @Nullable Object> O checkpoint(
            Function<I, O> fn, I input, Consumer<CheckpointOptions> options) {
        if (!Autograd.isGradEnabled()) {
            return fn.apply(input);
        }
        CheckpointOptions set = Customized.of(new CheckpointOptions(), options);
        try (TensorScope scope = new TensorScope()) {
            O output = run(fn, input, set);
            TensorTree.forEach(output, scope::keep);
            return output;
        }
    }

    private static <I extends @Nullable Object, O extends @Nullable Object> O run(
            Function<I, O> fn, I input, CheckpointOptions options) {
        List<Tensor> given = Recomputation.tensors(input);
        long[] versions = given.stream().mapToLong(Tensor::version).toArray();
        Tensor rngState = options.preserveRngState()
                ? Generator.defaultGenerator().getState().unscoped()
                : null;

        AutocastSettings autocast = new AutocastSettings();

        // The inputs require no gradient in here, and neither do the results, because nothing is recorded.
        I unrecorded = TensorTree.map(input, tensor -> tensor.requiresGrad() ? tensor.detach() : tensor);
        Captured captured = new Captured();
        O output;
        try (GradMode mode = Autograd.noGrad();
                FirstRun first = new FirstRun();
                OpRecorder recorder = OpRecorder.start(captured)) {
            output = fn.apply(unrecorded);
        }
        for (int i = 0; i < versions.length; i++) {
            if (given.get(i).version() != versions[i]) {
                throw new TorchException("a checkpointed computation changed its input " + i
                        + " in place, so that it cannot run again: let it work on a clone()");
            }
        }

        List<Tensor> inputs = new ArrayList<>(given);
        List<Set<Tensor>> besides = captured.tensors();
        besides.forEach(objects -> inputs.add(objects.iterator().next()));
        List<Tensor> results = Recomputation.tensors(output);
        if (results.isEmpty() || inputs.stream().noneMatch(Tensor::requiresGrad)) {
            return output;
        }
        Function<List<Tensor>, List<Tensor>> again = tensors -> {
            Iterator<Tensor> next = tensors.iterator();
            I tree = TensorTree.map(input, tensor -> next.next());
            Map<Tensor, Tensor> substitutes = new IdentityHashMap<>();
            for (Set<Tensor> objects : besides) {
                Tensor value = next.next();
                objects.forEach(object -> substitutes.put(object, value));
            }
            try (Substitution substitution = new Substitution(substitutes)) {
                return autocast.with(() -> Recomputation.tensors(fn.apply(tree)));
            }
        };
        Iterator<Tensor> recorded =
                new Recomputation(again, results, rngState).applyAll(inputs).iterator();
        return TensorTree.map(output, result -> recorded.next());
    }

    /** Runs modules under {@link #checkpointSequential(Sequential, int, Tensor, Consumer)} with the default options. */
    public static Tensor checkpointSequential(Sequential modules, int segments, Tensor input) {
        return checkpointSequential(modules, segments, input, o -> {});
    }

    /**
     * Runs {@code modules} in segments of equal size. Each is {@linkplain #checkpoint checkpointed} except the last, which
     * takes the remaining modules. Hooks of {@code modules} itself do not run.
     *
     * @param segments the number of segments; the square root of the number of modules needs the least memory
     * @throws IllegalArgumentException if there are fewer modules than segments, or if {@code segments} is not positive
     */
    public static Tensor checkpointSequential(
            Sequential modules, int segments, Tensor input, Consumer<CheckpointOptions> options) {
        int size = modules.size();
        if (segments < 1 || segments > size) {
            throw new IllegalArgumentException(
                    "segments is " + segments + " and has to be between 1 and the " + size + " modules there are");
        }
        int each = size / segments;
        Tensor x = input;
        for (int i = 0; i < segments - 1; i++) {
            x = checkpoint(segment(modules, i * each, (i + 1) * each)::call, x, options);
        }
        return segment(modules, (segments - 1) * each, size).call(x);
    }

    private static Sequential segment(Sequential modules, int from, int to) {
        Sequential segment = new Sequential();
        for (int i = from; i < to; i++) {
            segment.append(modules.get(i));
        }
        return segment;
    }
}
