package org.jtorch.examples;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;

/** A custom layer with parameters, a buffer, a child, optional arguments, and a different computation in training. */
public final class CustomLayer {

    /**
     * A gated unit with a running mean: {@code (N, features)} to {@code (N, features)},
     * {@code y = scale * (x - mean) * sigmoid(gate(x))}.
     */
    public static final class GatedUnit extends Module<Tensor, Tensor> {

        /** The optional arguments of {@link GatedUnit}. */
        public static final class Options {
            private double momentum = 0.1;

            /** Sets the weight of the batch's mean in the running mean; the default is 0.1. */
            public Options momentum(double newMomentum) {
                momentum = newMomentum;
                return this;
            }
        }

        final double momentum;

        /** The factors, (features), initially ones. Its key is {@code scale}. */
        Parameter scale;

        /** The running mean, (features), initially zeros. It is saved but not trained. Its key is {@code running_mean}. */
        Buffer runningMean;

        /** The gate. Its keys are {@code gate.weight} and {@code gate.bias}. */
        Linear gate;

        /** Creates a unit with the default options. */
        public GatedUnit(long features) {
            this(features, o -> {});
        }

        /** Creates a unit. */
        public GatedUnit(long features, Consumer<Options> options) {
            Options o = new Options();
            options.accept(o);
            momentum = o.momentum;
            scale = new Parameter(Torch.ones(features));
            runningMean = new Buffer(Torch.zeros(features));
            gate = new Linear(features, features);
        }

        @Override
        protected Tensor forward(Tensor x) {
            if (isTraining()) {
                runningMean.set(runningMean.lerp(x.detach().mean(0), momentum));
            }
            return x.sub(runningMean).mul(F.sigmoid(gate.call(x))).mul(scale);
        }

        @Override
        protected String extraRepr() {
            return "momentum=" + momentum;
        }
    }

    private CustomLayer() {}

    /** Prints the layer, its state dict, and its output in training and in eval mode. */
    public static void main(String[] args) {
        Torch.manualSeed(0);
        GatedUnit unit = new GatedUnit(3, o -> o.momentum(0.5));
        System.out.println(unit);
        System.out.println(unit.stateDict().keySet());
        Tensor x = Torch.ones(2, 3);
        System.out.println("in training: " + unit.call(x));
        System.out.println("running mean: " + unit.runningMean);
        System.out.println("inferring: " + unit.infer(x));
    }
}
