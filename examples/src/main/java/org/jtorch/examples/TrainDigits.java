package org.jtorch.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.data.DataLoader;
import org.jtorch.data.Datasets;
import org.jtorch.data.Subset;
import org.jtorch.data.TensorDataset;
import org.jtorch.models.Digits;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.optim.AdamW;
import org.jtorch.optim.lrscheduler.OneCycleLR;
import org.jtorch.optim.training.TrainingState;
import org.jtorch.serialize.CheckpointManager;

/**
 * Trains on real handwritten digits and saves a checkpoint after each epoch. If it is started again, even after it was stopped
 * in the middle of an epoch, it continues from the newest checkpoint. The weights are equal, bit for bit, to those of a run
 * that was never stopped. {@code examples/python/train_digits.py} is the same in Python.
 */
public final class TrainDigits {

    private static final int EPOCHS = 20;

    private final Subset<List<Tensor>> test;
    private final DataLoader<List<Tensor>> loader;
    private final Sequential model;
    private final AdamW optimizer;
    private final OneCycleLR scheduler;
    private final TrainingState run;
    private final List<Double> losses = new ArrayList<>();

    private TrainDigits() {
        Torch.manualSeed(0);
        Digits digits = Digits.load();
        var parts = Datasets.randomSplit(new TensorDataset(digits.images(), digits.labels()), 0.8, 0.2);
        test = parts.get(1);
        loader = new DataLoader<>(parts.get(0), o -> o.batchSize(32).shuffle(true));
        model = new Sequential(new Linear(64, 128), new ReLU(), new Dropout(0.1), new Linear(128, 10));
        optimizer = new AdamW(model.parameters());
        scheduler = new OneCycleLR(optimizer, 1e-2, o -> o.totalSteps(EPOCHS * loader.size()));
        run = new TrainingState()
                .add("model", model)
                .add("optimizer", optimizer)
                .add("scheduler", scheduler)
                .add("loader", loader);
    }

    /**
     * Trains up to the given epoch.
     *
     * @param args the folder for the checkpoints, and the last epoch, at most 20
     */
    public static void main(String[] args) {
        run(Path.of(args[0]), Integer.parseInt(args[1]));
    }

    /** Continues the run in {@code folder} up to {@code lastEpoch}, and returns the model. */
    static Sequential run(Path folder, int lastEpoch) {
        TrainDigits training = new TrainDigits();
        try (var checkpoints = new CheckpointManager(folder, o -> o.keepLast(2).best(CheckpointManager.Best.HIGHEST))) {
            long epoch = training.run.resume(checkpoints).orElse(0);
            while (++epoch <= lastEpoch) {
                double loss = training.epoch();
                double accuracy = training.accuracy();
                System.out.printf("epoch %2d  loss %.4f  accuracy %.2f%%%n", epoch, loss, 100 * accuracy);
                training.run.save(checkpoints, epoch, accuracy);
            }
        }
        return training.model;
    }

    /** Returns the loss of each step of {@code epochs} epochs. */
    static List<Double> losses(int epochs) {
        TrainDigits training = new TrainDigits();
        for (int epoch = 0; epoch < epochs; epoch++) {
            training.epoch();
        }
        return training.losses;
    }

    /** Trains on the training images once, in random order, and returns the mean loss of the steps. */
    private double epoch() {
        model.train();
        for (List<Tensor> batch : loader) {
            try (var scope = new TensorScope()) {
                optimizer.zeroGrad();
                Tensor loss = F.crossEntropy(model.call(batch.get(0)), batch.get(1));
                loss.backward();
                optimizer.step();
                scheduler.step();
                losses.add(loss.item());
            }
        }
        return losses.subList(losses.size() - loader.size(), losses.size()).stream()
                .mapToDouble(loss -> loss)
                .average()
                .orElseThrow();
    }

    /** Returns the fraction of the test images that the model classifies correctly. */
    private double accuracy() {
        try (var scope = new TensorScope()) {
            List<Tensor> all = new DataLoader<>(test, o -> o.batchSize(test.size()))
                    .iterator()
                    .next();
            return model.infer(all.get(0))
                    .argmax(1)
                    .eq(all.get(1))
                    .float32()
                    .mean()
                    .item();
        }
    }
}
