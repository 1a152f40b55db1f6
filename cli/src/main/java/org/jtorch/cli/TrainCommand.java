package org.jtorch.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jtorch.serialize.Checkpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jtorch train}: trains a model on the digits. */
@Command(
        name = "train",
        description = {
            "Trains a model to recognize handwritten digits.",
            "The model learns from 1,437 images and is tested on 360 others. The images come with jtorch."
        })
final class TrainCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "The model: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    DigitsModel model = DigitsModel.MLP;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "How many times to go through the images (default: ${DEFAULT-VALUE}).")
    int epochs = 30;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The seed of the split, the weights and the order (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "The checkpoint to write (default: ${DEFAULT-VALUE}).")
    Path out = Path.of("digits.pt");

    @Override
    public Integer call() {
        if (epochs < 1) {
            throw new ParameterException(spec.commandLine(), "--epochs is " + epochs + ", but must be at least 1");
        }
        Path folder = out.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new ParameterException(spec.commandLine(), "--out: there is no folder " + folder);
        }
        PrintWriter print = spec.commandLine().getOut();
        try (DigitsTraining training = new DigitsTraining(seed, model)) {
            print.println(training.model());
            try (TrainingProgress progress =
                    TrainingProgress.create(print, epochs, DigitsTraining.stepsPerEpoch(), DigitsTraining.BATCH)) {
                for (int epoch = 1; epoch <= epochs; epoch++) {
                    training.epoch(epoch, progress::step);
                }
            }
            print.printf(Locale.ROOT, "test accuracy %s%n", training.test());
            Checkpoint.save(out, training.model().stateDict());
            print.printf("wrote %s%n%n", out);
            print.println("Next:");
            print.printf("  ./jtorch predict %s --index 7    one digit and what the model makes of it%n", out);
            print.printf("  ./jtorch inspect %s              what is in the checkpoint%n", out);
            print.printf("  in Python: model.load_state_dict(torch.load(\"%s\", weights_only=True))%n", out);
            print.flush();
        }
        return 0;
    }
}
