package org.jtorch.benchmarks;

import java.util.concurrent.TimeUnit;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Layer;
import org.jtorch.nn.linear.Linear;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of a module call, an op and a scope in addition to the kernel. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CallBenchmark {

    /** Returns its input. */
    static final class PassThrough extends Layer {
        @Override
        protected Tensor forward(Tensor x) {
            return x;
        }
    }

    private final PassThrough passThrough = new PassThrough();
    private final Linear linear = new Linear(8, 16);
    private final Tensor x = Torch.randn(1, 8);
    private GradMode mode = Autograd.noGrad();

    /** Enters inference mode on the measuring thread. */
    @Setup
    public void setUp() {
        mode.close();
        mode = Autograd.inferenceMode();
    }

    /** Leaves inference mode. */
    @TearDown
    public void tearDown() {
        mode.close();
    }

    /** Calls a module that does nothing. */
    @Benchmark
    public Tensor moduleCall() {
        return passThrough.call(x);
    }

    /** Opens and closes an empty scope. */
    @Benchmark
    public boolean emptyScope() {
        try (TensorScope scope = new TensorScope()) {
            return scope.hashCode() == 0;
        }
    }

    /** Runs a small op whose result is freed by its scope. */
    @Benchmark
    public long reluInScope() {
        try (TensorScope scope = new TensorScope()) {
            return x.relu().numel();
        }
    }

    /** Runs a small layer whose result is freed by its scope. */
    @Benchmark
    public long linearInScope() {
        try (TensorScope scope = new TensorScope()) {
            return linear.call(x).numel();
        }
    }
}
