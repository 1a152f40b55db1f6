package org.jtorch.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.models.Digits;
import org.jtorch.nn.Module;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.optim.AdamW;
import org.jtorch.serialize.Checkpoint;

/**
 * A training run that moves from Java to Python and back. This program and {@code examples/python/there_and_back.py} do the
 * same: they read a run from a file if it exists, train for some steps, and write the run to the file.
 *
 * <pre>
 * java ... org.jtorch.examples.ThereAndBack run.pt 20
 * python3 examples/python/there_and_back.py run.pt 20
 * java ... org.jtorch.examples.ThereAndBack run.pt 20
 * </pre>
 *
 * <p>The file holds everything that the run needs to continue: the model, the state of the optimizer, the number of steps, and
 * the state of the random number generator, which dropout and the choice of images use.
 */
public final class ThereAndBack {

    private static final int BATCH = 32;

    /** A classifier of digits: {@code (N, 64)} to {@code (N, 10)}. */
    static final class Net extends Module<Tensor, Tensor> {
        Linear fc1 = new Linear(64, 32);
        Dropout drop = new Dropout(0.1);
        Linear fc2 = new Linear(32, 10);

        @Override
        protected Tensor forward(Tensor x) {
            return fc2.call(drop.call(F.relu(fc1.call(x))));
        }
    }

    private ThereAndBack() {}

    /**
     * Trains the model and prints the loss of each step.
     *
     * @param args the file and the number of steps
     */
    public static void main(String[] args) {
        train(Path.of(args[0]), Integer.parseInt(args[1]));
    }

    /**
     * Continues the run in {@code file}, or begins one if there is no such file.
     *
     * @return the loss of each step
     */
    static List<Double> train(Path file, int steps) {
        Torch.manualSeed(0);
        Net net = new Net();
        AdamW optimizer = new AdamW(net.parameters(), o -> o.lr(1e-2));
        long step = 0;
        if (Files.exists(file)) {
            Checkpoint run = Checkpoint.load(file);
            net.loadStateDict(run.stateDict("model"));
            optimizer.loadStateDict(run.optimizerState("optimizer"));
            step = run.getLong("step");
            Generator.defaultGenerator().setState(run.getTensor("random"));
        }

        Digits digits = Digits.load();
        List<Double> losses = new ArrayList<>();
        for (long end = step + steps; step < end; step++) {
            try (var scope = new TensorScope()) {
                Tensor batch = Torch.randint(0, Digits.COUNT, BATCH);
                Tensor images = digits.images().indexSelect(0, batch);
                Tensor labels = digits.labels().indexSelect(0, batch);
                optimizer.zeroGrad();
                Tensor loss = F.crossEntropy(net.call(images), labels);
                loss.backward();
                optimizer.step();
                losses.add(loss.item());
                System.out.printf("Java    step %3d  loss %.10f%n", step + 1, loss.item());
            }
        }

        Map<String, Object> run = new LinkedHashMap<>();
        run.put("model", net.stateDict());
        run.put("optimizer", optimizer.stateDict());
        run.put("step", step);
        run.put("random", Generator.defaultGenerator().getState());
        Checkpoint.save(file, run);
        return losses;
    }
}
