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

/** What a call costs beyond forward: without hooks, where they were removed, and with one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HookBenchmark {

    /** Gives its input back; its forward can be called from here. */
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

    /** Hooks one module, and another that loses them again. */
    public HookBenchmark() {
        removed.registerForwardHook((m, in, out) -> null).remove();
        hooked.registerForwardHook((m, in, out) -> null);
    }

    /** The yardstick. */
    @Benchmark
    public Tensor forward() {
        return plain.forward(x);
    }

    /** A module that never had hooks. */
    @Benchmark
    public Tensor call() {
        return plain.call(x);
    }

    /** A module whose hooks are gone. */
    @Benchmark
    public Tensor callAfterRemoval() {
        return removed.call(x);
    }

    /** A module with a forward hook that does nothing. */
    @Benchmark
    public Tensor callWithForwardHook() {
        return hooked.call(x);
    }
}
