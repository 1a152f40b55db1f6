package org.jtorch.examples;

import java.nio.file.Path;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.amp.Autocast;
import org.jtorch.data.DataLoader;
import org.jtorch.data.Dataset;
import org.jtorch.data.WorkerInfo;
import org.jtorch.models.Digits;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.optim.AdamW;
import org.jtorch.optim.amp.GradScaler;
import org.jtorch.optim.lrscheduler.OneCycleLR;
import org.jtorch.optim.swa.AveragedModel;
import org.jtorch.optim.swa.SwaUtils;
import org.jtorch.optim.training.TrainingState;
import org.jtorch.serialize.CheckpointManager;

/**
 * A run with dropout, workers that shuffle and draw random numbers, mixed precision, a scaler, a schedule and a moving average. It
 * saves itself every few steps, and continues from the newest checkpoint if it is started again. {@link KilledRunTest} kills it.
 */
final class KilledRun {

    private static final int SAVED_EVERY = 7;

    record Example(Tensor image, Tensor label) {}

    /** The digits with random noise. */
    private record Noisy(Digits digits) implements Dataset<Example> {
        @Override
        public Example get(int index) {
            Tensor noise = Torch.randn(new long[] {Digits.PIXELS}, WorkerInfo.currentGenerator());
            return new Example(
                    digits.images().select(0, index).add(noise, 0.1),
                    digits.labels().select(0, index));
        }

        @Override
        public int size() {
            return 640;
        }
    }

    private KilledRun() {}

    /** Trains up to a number of steps, and prints a line for each step and the final weights. */
    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        int steps = Integer.parseInt(args[1]);
        Torch.manualSeed(0);
        var model = new Sequential(new Linear(64, 96), new ReLU(), new Dropout(0.3), new Linear(96, 10));
        var average = new AveragedModel<>(model, o -> o.multiAvgFn(SwaUtils.getEmaMultiAvgFn(0.9)));
        var optimizer = new AdamW(model.parameters());
        var scheduler = new OneCycleLR(optimizer, 1e-2, o -> o.totalSteps(steps));
        var scaler = new GradScaler(Device.CPU, o -> o.growthInterval(20));
        var loader = new DataLoader<>(
                new Noisy(Digits.load()), o -> o.batchSize(16).shuffle(true).numWorkers(2));
        var run = new TrainingState()
                .add("model", model)
                .add("average", average)
                .add("optimizer", optimizer)
                .add("scheduler", scheduler)
                .add("scaler", scaler)
                .add("loader", loader);
        try (var checkpoints = new CheckpointManager(folder, o -> o.keepLast(2))) {
            long step = run.resume(checkpoints).orElse(0);
            while (step < steps) {
                for (Example batch : loader) {
                    try (var scope = new TensorScope()) {
                        optimizer.zeroGrad();
                        Tensor loss;
                        try (var autocast = Autocast.cpu()) {
                            loss = F.crossEntropy(model.call(batch.image()), batch.label());
                        }
                        scaler.scale(loss).backward();
                        scaler.step(optimizer);
                        scaler.update();
                        scheduler.step();
                        average.updateParameters(model);
                    }
                    System.out.println("step " + ++step);
                    if (step % SAVED_EVERY == 0) {
                        run.save(checkpoints, step);
                    }
                    if (step == steps) {
                        break;
                    }
                }
            }
        }
        System.out.println("weights " + weights(model.call(Torch.ones(1, 64))) + " "
                + model.stateDict().values().stream().map(KilledRun::weights).toList()
                + average.stateDict().values().stream().map(KilledRun::weights).toList());
        System.exit(0); // workers of the last epoch may still read
    }

    private static int weights(Tensor tensor) {
        return java.util.Arrays.hashCode(tensor.detach().toDoubleArray());
    }
}
