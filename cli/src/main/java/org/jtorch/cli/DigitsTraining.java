package org.jtorch.cli;

import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.models.Digits;
import org.jtorch.nn.Module;
import org.jtorch.nn.loss.CrossEntropyLoss;
import org.jtorch.optim.AdamW;

/**
 * The digits recipe: a model, by default {@code Linear(64, 128), ReLU, Dropout(0.1), Linear(128, 10)}, cross entropy, AdamW
 * with lr 1e-3, and batches of 32. The first 1,437 rows of {@code randperm} with the seed are for training, the others for
 * testing. {@code parity/record/digits.py} is the same in Python.
 */
final class DigitsTraining implements AutoCloseable {

    /** The number of training images: four fifths. */
    static final int TRAIN = 1437;

    /** The batch size. */
    static final int BATCH = 32;

    /** Receives each step. */
    @FunctionalInterface
    interface Listener {
        /** Called after a step: {@code step} of the epoch, from 1. */
        void onStep(int epoch, int step, double loss);
    }

    private final Tensor trainImages;
    private final Tensor trainLabels;
    private final Tensor testImages;
    private final Tensor testLabels;
    private final Module<Tensor, Tensor> model;
    private final AdamW optimizer;
    private final CrossEntropyLoss lossFunction = new CrossEntropyLoss();

    /** Splits the data and draws the perceptron's weights, both with {@code seed}. */
    DigitsTraining(long seed) {
        this(seed, DigitsModel.MLP);
    }

    /** Splits the data and draws the model's weights, both with {@code seed}. */
    DigitsTraining(long seed, DigitsModel kind) {
        try (TensorScope scope = new TensorScope()) {
            Digits digits = Digits.load();
            Torch.manualSeed(seed);
            Tensor order = Torch.randperm(Digits.COUNT);
            Tensor train = order.narrow(0, 0, TRAIN);
            Tensor test = order.narrow(0, TRAIN, Digits.COUNT - TRAIN);
            trainImages = scope.keep(digits.images().indexSelect(0, train));
            trainLabels = scope.keep(digits.labels().indexSelect(0, train));
            testImages = scope.keep(digits.images().indexSelect(0, test));
            testLabels = scope.keep(digits.labels().indexSelect(0, test));
            model = kind.make();
            optimizer = new AdamW(model.parameters(), o -> o.lr(1e-3));
        }
    }

    /** Returns the number of steps in an epoch. */
    static int stepsPerEpoch() {
        return (TRAIN + BATCH - 1) / BATCH;
    }

    Module<Tensor, Tensor> model() {
        return model;
    }

    /** Trains on the training images once, in random order. */
    void epoch(int epoch, Listener listener) {
        model.train();
        try (TensorScope outer = new TensorScope()) {
            Tensor order = Torch.randperm(TRAIN);
            for (int step = 0; step < stepsPerEpoch(); step++) {
                try (TensorScope scope = new TensorScope()) {
                    int start = step * BATCH;
                    Tensor batch = order.narrow(0, start, Math.min(BATCH, TRAIN - start));
                    optimizer.zeroGrad();
                    Tensor logits = model.call(trainImages.indexSelect(0, batch));
                    Tensor loss = lossFunction.call(logits, trainLabels.indexSelect(0, batch));
                    loss.backward();
                    optimizer.step();
                    listener.onStep(epoch, step + 1, loss.item());
                }
            }
        }
    }

    /** Returns the accuracy on the held-out images. */
    Accuracy test() {
        return test(model, testImages, testLabels);
    }

    /** Returns the accuracy on {@code images}. */
    static Accuracy test(Module<Tensor, Tensor> model, Tensor images, Tensor labels) {
        try (TensorScope scope = new TensorScope()) {
            long correct = model.infer(images).argmax(1).eq(labels).sum().itemLong();
            return new Accuracy(correct, images.size(0));
        }
    }

    /** Returns the held-out images, (360, 64). */
    Tensor testImages() {
        return testImages;
    }

    /** Returns the labels of the held-out images, (360). */
    Tensor testLabels() {
        return testLabels;
    }

    @Override
    public void close() {
        trainImages.close();
        trainLabels.close();
        testImages.close();
        testLabels.close();
    }

    /**
     * The fraction of correct answers.
     *
     * @param correct the number of correct answers
     * @param total the number of answers
     */
    record Accuracy(long correct, long total) {

        double percent() {
            return 100.0 * correct / total;
        }

        @Override
        public String toString() {
            return String.format(java.util.Locale.ROOT, "%.2f%% (%d of %d)", percent(), correct, total);
        }
    }
}
