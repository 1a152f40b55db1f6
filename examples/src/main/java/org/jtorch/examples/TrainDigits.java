package org.jtorch.examples;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.models.Digits;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.optim.AdamW;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.CheckpointManager;

/**
 * Trains on real handwritten digits and saves a checkpoint after each epoch. If it is started again, even after it was stopped
 * in the middle of an epoch, it continues from the newest checkpoint. The weights are equal, bit for bit, to those of a run
 * that was never stopped.
 */
public final class TrainDigits {

    private static final int TRAIN = 1437;
    private static final int BATCH = 32;

    private final Tensor trainImages;
    private final Tensor trainLabels;
    private final Tensor testImages;
    private final Tensor testLabels;
    private final Sequential model;
    private final AdamW optimizer;

    private TrainDigits() {
        Torch.manualSeed(0);
        Digits digits = Digits.load();
        Tensor order = Torch.randperm(Digits.COUNT);
        Tensor train = order.narrow(0, 0, TRAIN);
        Tensor test = order.narrow(0, TRAIN, Digits.COUNT - TRAIN);
        trainImages = digits.images().indexSelect(0, train);
        trainLabels = digits.labels().indexSelect(0, train);
        testImages = digits.images().indexSelect(0, test);
        testLabels = digits.labels().indexSelect(0, test);
        model = new Sequential(new Linear(64, 128), new ReLU(), new Dropout(0.1), new Linear(128, 10));
        optimizer = new AdamW(model.parameters(), o -> o.lr(1e-3));
    }

    /**
     * Trains up to the given epoch.
     *
     * @param args the folder for the checkpoints, and the last epoch
     */
    public static void main(String[] args) {
        run(Path.of(args[0]), Integer.parseInt(args[1]));
    }

    /** Continues the run in {@code folder} up to {@code lastEpoch}, and returns the model. */
    static Sequential run(Path folder, int lastEpoch) {
        TrainDigits training = new TrainDigits();
        try (var checkpoints = new CheckpointManager(folder, o -> o.keepLast(2).best(CheckpointManager.Best.HIGHEST))) {
            var newest = checkpoints.resume();
            newest.ifPresent(saved -> training.restore(saved.checkpoint()));
            for (long epoch = newest.map(saved -> saved.step() + 1).orElse(1L); epoch <= lastEpoch; epoch++) {
                double loss = training.epoch();
                double accuracy = training.accuracy();
                System.out.printf("epoch %2d  loss %.4f  accuracy %.2f%%%n", epoch, loss, 100 * accuracy);
                checkpoints.save(epoch, training.state(), accuracy);
            }
        }
        return training.model;
    }

    private Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("model", model.stateDict());
        state.put("optimizer", optimizer.stateDict());
        state.put("random", Generator.defaultGenerator().getState());
        return state;
    }

    private void restore(Checkpoint run) {
        model.loadStateDict(run.stateDict("model"));
        optimizer.loadStateDict(run.optimizerState("optimizer"));
        Generator.defaultGenerator().setState(run.getTensor("random"));
    }

    /** Trains on the training images once, in random order, and returns the mean loss. */
    private double epoch() {
        model.train();
        double sum = 0;
        try (var outer = new TensorScope()) {
            Tensor order = Torch.randperm(TRAIN);
            for (int start = 0; start < TRAIN; start += BATCH) {
                try (var scope = new TensorScope()) {
                    int count = Math.min(BATCH, TRAIN - start);
                    Tensor batch = order.narrow(0, start, count);
                    optimizer.zeroGrad();
                    Tensor logits = model.call(trainImages.indexSelect(0, batch));
                    Tensor loss = F.crossEntropy(logits, trainLabels.indexSelect(0, batch));
                    loss.backward();
                    optimizer.step();
                    sum += loss.item() * count;
                }
            }
        }
        return sum / TRAIN;
    }

    /** Returns the fraction of the test images that the model classifies correctly. */
    private double accuracy() {
        try (var scope = new TensorScope()) {
            Tensor right = model.infer(testImages).argmax(1).eq(testLabels);
            return (double) right.sum().itemLong() / testLabels.size(0);
        }
    }
}
