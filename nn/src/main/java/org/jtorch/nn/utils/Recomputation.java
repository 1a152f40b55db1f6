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
 * A computation whose results are known already, and whose backward runs it again. Its inputs are those given to it and, behind
 * them, those that it uses besides.
 */
final class Recomputation<I extends @Nullable Object, O extends @Nullable Object> extends Function {

    private final java.util.function.Function<I, O> fn;
    private final I input;
    private final int given;
    private final List<Like> likes;
    private final @Nullable Tensor rngState;

    /** Until they are handed out. */
    private List<Tensor> results;

    /** What a result was. */
    private record Like(List<Long> shape, DType dtype) {
        static Like of(Tensor tensor) {
            return new Like(Arrays.stream(tensor.shape()).boxed().toList(), tensor.dtype());
        }
    }

    Recomputation(
            java.util.function.Function<I, O> fn, I input, int given, List<Tensor> results, @Nullable Tensor rngState) {
        this.fn = fn;
        this.input = input;
        this.given = given;
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
        boolean createGraph = Autograd.isGradEnabled();
        List<Tensor> saved = ctx.savedTensors();
        List<Tensor> inputs = new ArrayList<>(saved);
        for (int i = 0; i < given; i++) {
            inputs.set(i, stand(saved.get(i), createGraph));
        }

        List<Tensor> outputs = new ArrayList<>();
        List<Tensor> grads = new ArrayList<>();
        List<Tensor> again = runAgain(inputs.subList(0, given));
        for (int j = 0; j < again.size(); j++) {
            Tensor grad = gradOutputs.get(j);
            if (grad != null && again.get(j).requiresGrad()) {
                outputs.add(again.get(j));
                grads.add(grad);
            }
        }
        List<Tensor> wanted = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            if (ctx.needsInputGrad(i)) {
                wanted.add(inputs.get(i));
            }
        }
        @Nullable Tensor[] result = new Tensor[inputs.size()];
        if (!outputs.isEmpty() && !wanted.isEmpty()) {
            Iterator<@Nullable Tensor> found = Autograd.grad(outputs, wanted, grads, createGraph, createGraph, true)
                    .iterator();
            for (int i = 0; i < result.length; i++) {
                result[i] = ctx.needsInputGrad(i) ? found.next() : null;
            }
        }
        return gradients(result);
    }

    /** What stands for an input when the computation runs again: a leaf, or where that is recorded itself, an alias. */
    private static Tensor stand(Tensor saved, boolean createGraph) {
        boolean requiresGrad = saved.requiresGrad();
        if (createGraph && requiresGrad) {
            return saved.viewAs(saved);
        }
        return saved.detach().requiresGrad_(requiresGrad);
    }

    private List<Tensor> runAgain(List<Tensor> inputs) {
        Iterator<Tensor> next = inputs.iterator();
        I tree = TensorTree.map(input, tensor -> next.next());
        Generator generator = Generator.defaultGenerator();
        Tensor rngNow = rngState == null ? null : generator.getState();
        List<Tensor> outputs;
        try (GradMode mode = Autograd.enableGrad()) {
            if (rngState != null) {
                generator.setState(rngState);
            }
            outputs = tensors(fn.apply(tree));
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
