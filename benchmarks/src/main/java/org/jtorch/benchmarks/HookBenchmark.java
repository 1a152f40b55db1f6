package org.jtorch.benchmarks;

import java.util.concurrent.TimeUnit;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Layer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of a call in addition to the forward: without hooks, after their removal, and with one hook. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HookBenchmark {

    /** Returns its input. Its forward can be called from here. */
    static final class PassThrough extends Layer {
        @Override
        protected Tensor forward(Tensor x) {
            return x;
        }
    }

    private final PassThrough plain = new PassThrough();
    private final PassThrough removed = new PassThrough();
    private final PassThrough hooked = new PassThrough();
    private final Tensor x = Torch.ones(1);

    /** Adds a hook to one module, and to another one from which it removes the hook again. */
    public HookBenchmark() {
        removed.registerForwardHook((m, in, out) -> null).remove();
        hooked.registerForwardHook((m, in, out) -> null);
    }

    /** Calls only the forward, for comparison. */
    @Benchmark
    public Tensor forward() {
        return plain.forward(x);
    }

    /** Calls a module that never had hooks. */
    @Benchmark
    public Tensor call() {
        return plain.call(x);
    }

    /** Calls a module whose hooks were removed. */
    @Benchmark
    public Tensor callAfterRemoval() {
        return removed.call(x);
    }

    /** Calls a module with a forward hook that does nothing. */
    @Benchmark
    public Tensor callWithForwardHook() {
        return hooked.call(x);
    }
}
