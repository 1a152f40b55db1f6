package org.jtorch.data.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.data.Collate;
import org.junit.jupiter.api.Test;

/** What is freed at once, and not by the collector some time. */
class BatchRunnerTest {

    private final Figures figures = new Figures(4);
    private final List<Tensor> made = new ArrayList<>();

    private List<Request<Tensor, Tensor>> run(Function<Tensor, Tensor> function, int requests, boolean cancelled) {
        List<Request<Tensor, Tensor>> batch = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            Request<Tensor, Tensor> request = new Request<>(Torch.ones(2), true, 0, null, figures);
            assertTrue(request.start());
            assertFalse(request.input().isClosed());
            if (cancelled) {
                request.future.cancel(false);
            }
            batch.add(request);
        }
        new BatchRunner<Tensor, Tensor>(function, Collate::defaultCollate, true, figures).run(batch);
        batch.forEach(request -> assertTrue(request.input().isClosed()));
        made.forEach(tensor -> assertTrue(tensor.isClosed()));
        return batch;
    }

    private Tensor noted(Tensor tensor) {
        made.add(tensor);
        return tensor;
    }

    @Test
    void inputsAndWhatTheFunctionMadeAreFreedAndTheResultsAreNot() {
        List<Request<Tensor, Tensor>> batch = run(x -> noted(noted(x).add(1)), 2, false);
        assertEquals(2, made.size());
        batch.forEach(request -> assertEquals(4, request.future.join().sum().item()));
    }

    @Test
    void soAreTheyAfterAFailure() {
        run(
                x -> {
                    noted(x);
                    throw new IllegalStateException("broken");
                },
                2,
                false);
        assertEquals(3, made.size(), "of the batch, and of each request again");
        assertEquals(2, figures.snapshot(0).failed());
    }

    @Test
    void ofRequestsThatWereCancelledMeanwhile() {
        run(x -> noted(x.add(1)), 2, true);
        assertEquals(2, figures.snapshot(0).cancelled());
        assertEquals(0, figures.snapshot(0).answered());
    }
}
