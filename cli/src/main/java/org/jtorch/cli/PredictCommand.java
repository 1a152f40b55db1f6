package org.jtorch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.nn.Module;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictException;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.format.CheckpointException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch predict}: runs a trained model. */
@Command(
        name = "predict",
        description = {
            "Uses a model that 'jtorch train' trained.",
            "Tests it on the 360 images that it did not learn from, and shows one of them and what the model takes it for."
        })
final class PredictCommand implements Callable<Integer> {

    private static final String SHADES = " .:-=+*#%@";

    @Spec
    CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            description = "The checkpoint that 'jtorch train' wrote, or Python with the same model.")
    Path file;

    @Option(
            names = "--index",
            paramLabel = "N",
            description = "The image to show, from 0 to 359 (default: ${DEFAULT-VALUE}).")
    int index;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The seed that the model was trained with (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--logits",
            paramLabel = "OUT",
            description = "Write the logits of all 360 images, a tensor of shape (360, 10), to this .safetensors file.")
    @Nullable
    Path logits;

    @Override
    public Integer call() {
        PrintWriter print = spec.commandLine().getOut();
        try (TensorScope scope = new TensorScope()) {
            StateDict state = Checkpoint.load(file).stateDict();
            try (DigitsTraining data = new DigitsTraining(seed, DigitsModel.of(state))) {
                show(print, data, state);
            }
        }
        return 0;
    }

    private void show(PrintWriter print, DigitsTraining data, StateDict state) {
        try (TensorScope scope = new TensorScope()) {
            long count = data.testLabels().size(0);
            if (index < 0 || index >= count) {
                throw new ParameterException(
                        spec.commandLine(), "--index is " + index + ", but must be from 0 to " + (count - 1));
            }
            Module<Tensor, Tensor> model = data.model();
            try {
                model.loadStateDict(state);
            } catch (StateDictException e) {
                throw new CheckpointException(
                        file + ": does not hold a model that `jtorch train` saved. " + e.getMessage(), e);
            }
            print.printf("test accuracy %s%n%n", data.test());
            Tensor image = data.testImages().narrow(0, index, 1);
            draw(print, image.toFloatArray());
            if (logits != null) {
                Checkpoint.saveSafetensors(logits, Map.of("logits", model.infer(data.testImages())));
            }
            float[] probabilities = model.infer(image).softmax(1).toFloatArray();
            print.printf(
                    "%nheld-out digit %d, a %d:%n",
                    index, data.testLabels().select(0, index).itemLong());
            int best = 0;
            for (int digit = 0; digit < probabilities.length; digit++) {
                best = probabilities[digit] > probabilities[best] ? digit : best;
            }
            for (int digit = 0; digit < probabilities.length; digit++) {
                String bar = "#".repeat(Math.round(probabilities[digit] * 40));
                print.println(String.format(
                                Locale.ROOT,
                                "  %d  %6.2f%%  %s%s",
                                digit,
                                100 * probabilities[digit],
                                bar,
                                digit == best ? "  <" : "")
                        .stripTrailing());
            }
            print.flush();
        }
    }

    private static void draw(PrintWriter print, float[] pixels) {
        for (int row = 0; row < 8; row++) {
            StringBuilder line = new StringBuilder("  ");
            for (int column = 0; column < 8; column++) {
                char shade = SHADES.charAt(Math.round(pixels[row * 8 + column] * (SHADES.length() - 1)));
                line.append(shade).append(shade);
            }
            print.println(line.toString().stripTrailing());
        }
    }
}
