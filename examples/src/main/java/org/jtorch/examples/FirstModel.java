package org.jtorch.examples;

import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.optim.AdamW;

/** A first model, which learns {@code sin(x)} from 256 points in a few seconds. */
public final class FirstModel {

    /** The network: {@code (N, 1)} to {@code (N, 1)}. */
    static final class Net extends Module<Tensor, Tensor> {
        Linear hidden = new Linear(1, 32);
        Linear output = new Linear(32, 1);

        @Override
        protected Tensor forward(Tensor x) {
            return output.call(hidden.call(x).tanh());
        }
    }

    private FirstModel() {}

    /**
     * Trains the model, and prints the loss and some values.
     *
     * @param args the number of steps; the default is 1000
     */
    public static void main(String[] args) {
        train(args.length == 0 ? 1000 : Integer.parseInt(args[0]));
    }

    /** Returns the mean squared error after {@code steps} steps. */
    static double train(int steps) {
        Torch.manualSeed(0);
        Tensor x = Torch.linspace(-3, 3, 256).unsqueeze(1);
        Tensor y = x.sin();

        Net net = new Net();
        System.out.println(net);
        AdamW optimizer = new AdamW(net.parameters(), o -> o.lr(0.01));
        for (int step = 1; step <= steps; step++) {
            try (var scope = new TensorScope()) {
                optimizer.zeroGrad();
                Tensor loss = F.mseLoss(net.call(x), y);
                loss.backward();
                optimizer.step();
                if (step % 200 == 0) {
                    System.out.printf("step %4d  loss %.6f%n", step, loss.item());
                }
            }
        }

        Tensor at = Torch.tensor(new float[] {0, 1, 2}, 3, 1);
        System.out.println("sin(0, 1, 2) is " + at.sin().flatten());
        System.out.println("the model says  " + net.infer(at).flatten());
        return F.mseLoss(net.infer(x), y).item();
    }
}
