package org.jtorch.nn.utils;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.TensorTree;

/**
 * A computation whose results are already known and whose backward runs it again. If that backward is itself differentiated, it
 * becomes a computation of the same kind: the gradients are known results that can be computed again.
 */
final class Recomputation extends Function {

    private final java.util.function.Function<List<Tensor>, List<Tensor>> fn;
    private final List<Like> likes;
    private final @Nullable Tensor rngState;

    /** The results, until they are returned. */
    private List<Tensor> results;

    /** The properties of a result. */
    private record Like(List<Long> shape, DType dtype) {
        static Like of(Tensor tensor) {
            return new Like(Arrays.stream(tensor.shape()).boxed().toList(), tensor.dtype());
        }
    }

    /**
     * Creates a computation to be {@linkplain #applyAll applied} to its inputs.
     *
     * @param fn computes the results from all inputs; it must use no other tensor that requires grad
     * @param results the results of {@code fn}
     * @param rngState the state of the generator before {@code fn} ran, or null if it does not matter
     */
    Recomputation(
            java.util.function.Function<List<Tensor>, List<Tensor>> fn,
            List<Tensor> results,
            @Nullable Tensor rngState) {
        this.fn = fn;
        this.results = results;
        this.likes = results.stream().map(Like::of).toList();
        this.rngState = rngState;
    }

    static List<Tensor> tensors(@Nullable Object tree) {
        List<Tensor> tensors = new ArrayList<>();
        TensorTree.forEach(tree, tensors::add);
        return tensors;
    }

    @Override
    protected String name() {
        return "CheckpointFunction";
    }

    @Override
    protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
        ctx.saveForBackward(inputs.toArray(new Tensor[0]));
        ctx.setMaterializeGrads(false);
        List<Tensor> known = results;
        results = List.of();
        return known;
    }

    @Override
    protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> gradOutputs) {
        List<Tensor> inputs = ctx.savedTensors();
        boolean[] wanted = new boolean[inputs.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = ctx.needsInputGrad(i);
        }
        boolean[] came = new boolean[gradOutputs.size()];
        List<Tensor> all = new ArrayList<>(inputs);
        for (int j = 0; j < came.length; j++) {
            Tensor grad = gradOutputs.get(j);
            came[j] = grad != null;
            if (grad != null) {
                all.add(grad);
            }
        }
        if (!Autograd.isGradEnabled()) {
            return gradients(all, wanted, came);
        }
        List<@Nullable Tensor> known = Autograd.noGrad(() -> gradients(all, wanted, came));
        List<Tensor> present = tensors(known);
        Iterator<Tensor> recorded = new Recomputation(in -> tensors(gradients(in, wanted, came)), present, null)
                .applyAll(all)
                .iterator();
        List<@Nullable Tensor> grads = new ArrayList<>();
        known.forEach(grad -> grads.add(grad == null ? null : recorded.next()));
        return grads;
    }

    /**
     * Returns the gradients of the inputs, which are recorded if the current thread records.
     *
     * @param all the inputs, followed by the gradients of those outputs that received one. If it is recorded, they must be
     *     leaves, because the graph from which they were computed must not be traversed here
     */
    private List<@Nullable Tensor> gradients(List<Tensor> all, boolean[] wanted, boolean[] came) {
        boolean createGraph = Autograd.isGradEnabled();
        List<Tensor> inputs = new ArrayList<>(all.subList(0, wanted.length));
        if (!createGraph) {
            inputs.replaceAll(tensor -> tensor.detach().requiresGrad_(tensor.requiresGrad()));
        }
        Iterator<Tensor> gradOutputs = all.subList(wanted.length, all.size()).iterator();
        List<Tensor> again = runAgain(inputs);
        List<Tensor> outputs = new ArrayList<>();
        List<Tensor> grads = new ArrayList<>();
        for (int j = 0; j < came.length; j++) {
            if (came[j]) {
                Tensor grad = gradOutputs.next();
                if (again.get(j).requiresGrad()) {
                    outputs.add(again.get(j));
                    grads.add(grad);
                }
            }
        }
        List<Tensor> sought = new ArrayList<>();
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i]) {
                sought.add(inputs.get(i));
            }
        }
        @Nullable Tensor[] result = new Tensor[wanted.length];
        if (!outputs.isEmpty() && !sought.isEmpty()) {
            Iterator<@Nullable Tensor> found = Autograd.grad(outputs, sought, grads, createGraph, createGraph, true)
                    .iterator();
            for (int i = 0; i < result.length; i++) {
                result[i] = wanted[i] ? found.next() : null;
            }
        }
        return Function.gradients(result);
    }

    private List<Tensor> runAgain(List<Tensor> inputs) {
        Generator generator = Generator.defaultGenerator();
        Tensor rngNow = rngState == null ? null : generator.getState();
        List<Tensor> outputs;
        try (GradMode mode = Autograd.enableGrad()) {
            if (rngState != null) {
                generator.setState(rngState);
            }
            outputs = fn.apply(inputs);
        } finally {
            if (rngNow != null) {
                generator.setState(rngNow);
            }
        }
        List<Like> now = outputs.stream().map(Like::of).toList();
        if (!now.equals(likes)) {
            throw new TorchException("a checkpointed computation gave " + likes + " the first time and " + now
                    + " when it ran again: it has to do the same both times");
        }
        return outputs;
    }
}
