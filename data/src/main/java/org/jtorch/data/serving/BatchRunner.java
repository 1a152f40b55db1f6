package org.jtorch.data.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.CoreShare;
import org.jtorch.internal.WorkerThreads;
import org.jtorch.nn.TensorTree;

/** Computes batches: joins the inputs, calls the function, and gives each request its row of the output. */
final class BatchRunner<I, O> {

    private final Function<? super I, ? extends O> function;
    private final Function<? super List<I>, ? extends I> collate;
    private final boolean retriesSingly;
    private final Figures figures;

    BatchRunner(
            Function<? super I, ? extends O> function,
            Function<? super List<I>, ? extends I> collate,
            boolean retriesSingly,
            Figures figures) {
        this.function = function;
        this.collate = collate;
        this.retriesSingly = retriesSingly;
        this.figures = figures;
    }

    /** Answers all requests of a batch. Throws nothing. */
    void run(List<Request<I, O>> batch) {
        try {
            answer(batch);
        } finally {
            batch.forEach(Request::free);
        }
    }

    private void answer(List<Request<I, O>> batch) {
        List<O> results;
        try {
            figures.batch(batch.size());
            results = compute(batch);
        } catch (Throwable e) { // reaches the callers
            if (batch.size() > 1 && retriesSingly && e instanceof Exception) {
                batch.forEach(request -> answer(List.of(request)));
            } else {
                String what = batch.size() == 1 ? "the request" : "a batch of " + batch.size() + " requests";
                batch.forEach(request -> request.fail(what + " failed: " + e, e));
            }
            return;
        }
        for (int i = 0; i < results.size(); i++) {
            batch.get(i).succeed(results.get(i));
        }
    }

    private List<O> compute(List<Request<I, O>> batch) {
        try (CoreShare share = CoreShare.open();
                GradMode mode = Autograd.inferenceMode();
                TensorScope scope = new TensorScope()) {
            List<I> inputs = new ArrayList<>(batch.size());
            for (Request<I, O> request : batch) {
                TensorTree.forEach(request.input(), WorkerThreads::adopt);
                inputs.add(request.input());
            }
            O output = function.apply(collate.apply(inputs));
            TensorTree.forEach(output, tensor -> check(tensor, batch.size()));
            List<O> results = new ArrayList<>(batch.size());
            for (int i = 0; i < batch.size(); i++) {
                int row = i;
                // copies, so that no result keeps the memory of all others
                results.add(
                        TensorTree.map(output, tensor -> tensor.select(0, row).clone()));
            }
            results.forEach(result -> TensorTree.forEach(result, Tensor::unscoped));
            return results;
        }
    }

    private static void check(Tensor tensor, int requests) {
        if (tensor.dim() == 0 || tensor.size(0) != requests) {
            throw new IllegalArgumentException("the function returned a tensor of size " + Size.of(tensor.shape())
                    + " for a batch of " + requests + " requests: its first dimension must be that of the batch");
        }
    }
}
