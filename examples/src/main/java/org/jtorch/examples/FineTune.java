package org.jtorch.examples;

import java.util.ArrayList;
import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.data.DataLoader;
import org.jtorch.data.RandomSampler;
import org.jtorch.data.TensorDataset;
import org.jtorch.models.Digits;
import org.jtorch.nn.Module;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.optim.Params;
import org.jtorch.optim.SGD;
import org.jtorch.optim.lrscheduler.LinearLR;

/**
 * Trains a network on the digits 0 to 4, replaces its last layer, freezes the first one, and trains the rest on all digits with two
 * learning rates. {@code examples/python/fine_tune.py} is the same in Python.
 */
public final class FineTune {

    /** A classifier of images: (N, 64) to (N, classes). */
    static final class Net extends Module<Tensor, Tensor> {
        Conv2d conv1 = new Conv2d(1, 8, 3, o -> o.padding(1));
        Conv2d conv2 = new Conv2d(8, 16, 3, o -> o.padding(1));
        Linear head = new Linear(64, 5);

        @Override
        protected Tensor forward(Tensor images) {
            Tensor x = F.maxPool2d(F.relu(conv1.call(images.view(-1, 1, 8, 8))), 2);
            return head.call(F.maxPool2d(F.relu(conv2.call(x)), 2).flatten(1));
        }
    }

    private final Net net;
    private final List<Double> losses = new ArrayList<>();

    private FineTune() {
        Torch.manualSeed(0);
        net = new Net();
    }

    /**
     * Trains, and prints the accuracy.
     *
     * @param args the number of steps on each set of digits
     */
    public static void main(String[] args) {
        FineTune tuning = new FineTune();
        tuning.run(Integer.parseInt(args[0]));
        Digits digits = Digits.load();
        Tensor right = tuning.net.infer(digits.images()).argmax(1).eq(digits.labels());
        System.out.printf("accuracy %.3f%n", right.float32().mean().item());
    }

    /** Returns the loss of each step, first those before the head was replaced. */
    static List<Double> losses(int steps) {
        FineTune tuning = new FineTune();
        tuning.run(steps);
        return tuning.losses;
    }

    private void run(int steps) {
        Digits digits = Digits.load();
        Tensor few = digits.labels().lt(5).nonzero().flatten();
        var before = new SGD(net.parameters(), o -> o.lr(0.1).momentum(0.9).nesterov(true));
        train(digits.images().indexSelect(0, few), digits.labels().indexSelect(0, few), before, steps);

        net.head = new Linear(64, 10);
        net.conv1.requiresGrad_(false);
        var after = new SGD(
                o -> o.lr(0.1).momentum(0.9).weightDecay(1e-4),
                List.of(Params.of(net.conv2.parameters(), g -> g.lr(0.01)), Params.of(net.head.parameters())));
        train(digits.images(), digits.labels(), after, steps);
    }

    private void train(Tensor images, Tensor labels, SGD optimizer, int steps) {
        var data = new TensorDataset(images, labels);
        var sampler = new RandomSampler(data, o -> o.numSamples(32 * steps));
        var scheduler = new LinearLR(optimizer);
        for (List<Tensor> batch : new DataLoader<>(data, o -> o.batchSize(32).sampler(sampler))) {
            try (var scope = new TensorScope()) {
                optimizer.zeroGrad();
                Tensor loss = F.crossEntropy(net.call(batch.get(0)), batch.get(1));
                loss.backward();
                optimizer.step();
                scheduler.step();
                losses.add(loss.item());
            }
        }
    }
}
