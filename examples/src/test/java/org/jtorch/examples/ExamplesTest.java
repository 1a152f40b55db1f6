package org.jtorch.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Sequential;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each program from its command line in a short form. */
class ExamplesTest {

    @TempDir
    Path folder;

    private interface Program {
        void main(String[] args) throws Exception;
    }

    /** Returns what the program printed. */
    private static String output(Program program, String... args) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            program.main(args);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void firstModel() throws Exception {
        String output = output(FirstModel::main, "200");
        assertTrue(output.contains("step  200  loss "), output);
        assertTrue(output.contains("sin(0, 1, 2) is tensor([0.0000, 0.8415, 0.9093])"), output);
        double error = FirstModel.train(400);
        assertTrue(error < 0.01, "the error is " + error);
    }

    /** A run that is stopped and started again has the weights of one that is not stopped. */
    @Test
    void digitsResume() throws Exception {
        String first = output(TrainDigits::main, folder.resolve("stopped").toString(), "1");
        assertTrue(first.startsWith("epoch  1  loss "), first);
        String second = output(TrainDigits::main, folder.resolve("stopped").toString(), "3");
        assertTrue(second.startsWith("epoch  2  loss "), second);
        assertEquals(2, second.lines().count(), second);
        Sequential stopped = TrainDigits.run(folder.resolve("stopped"), 3);
        Sequential whole = TrainDigits.run(folder.resolve("whole"), 3);
        whole.stateDict()
                .forEach((key, weight) -> assertTrue(
                        weight.equal(stopped.stateDict().get(key)), key + " is different after the run went on"));
        double accuracy = Double.parseDouble(second.strip().replaceAll("(?s).*accuracy ([0-9.]+)%$", "$1"));
        assertTrue(accuracy > 80, second);
    }

    /** The losses of {@code examples/python/train_digits.py} with PyTorch 2.14. */
    @Test
    void digitsLearnAsInPython() throws Exception {
        assertLosses("train_digits.txt", TrainDigits.losses(3), 1e-4);
    }

    @Test
    void theLanguageModelLearnsAsInPython() throws Exception {
        assertLosses("char_lm.txt", TrainCharLm.losses(100), 1e-2);
        String output = output(TrainCharLm::main, "3", "40");
        assertTrue(output.startsWith("loss ") && output.contains("Call me"), output);
        assertEquals(
                40, output.substring(output.indexOf("Call me")).stripTrailing().length(), 12, output);
    }

    @Test
    void theTableIsLearntAsInPython() throws Exception {
        assertLosses("tabular.txt", Tabular.losses(9), 1e-4);
        String output = output(Tabular::main, "30");
        assertTrue(Double.parseDouble(output.strip().substring("accuracy ".length())) > 0.45, output);
    }

    @Test
    void fineTuningIsAsInPython() throws Exception {
        assertLosses("fine_tune.txt", FineTune.losses(60), 1e-4);
        String output = output(FineTune::main, "60");
        assertTrue(Double.parseDouble(output.strip().substring("accuracy ".length())) > 0.85, output);
    }

    private static void assertLosses(String file, List<Double> losses, double relative) throws Exception {
        try (InputStream in = ExamplesTest.class.getResourceAsStream(file)) {
            List<String> expected = new String(
                            Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
            assertTrue(expected.size() >= 100, file);
            for (int i = 0; i < expected.size(); i++) {
                double loss = Double.parseDouble(expected.get(i));
                assertEquals(loss, losses.get(i), relative * loss, file + ", step " + (i + 1));
            }
        }
    }

    @Test
    void resnetFromACheckpoint() throws Exception {
        Torch.manualSeed(0);
        ResNet18 model = new ResNet18(7);
        Path checkpoint = folder.resolve("resnet18.pt");
        Checkpoint.save(checkpoint, model.stateDict());
        BufferedImage image = new BufferedImage(300, 260, BufferedImage.TYPE_INT_RGB);
        image.createGraphics().fillRect(40, 40, 100, 150);
        Path file = folder.resolve("image.png");
        ImageIO.write(image, "png", file.toFile());

        Tensor expected = model.infer(LoadResNet.prepared(image)).softmax(-1).max();
        String output = output(LoadResNet::main, checkpoint.toString(), file.toString());
        assertEquals(5, output.lines().count(), output);
        assertEquals(
                String.format("%.4f", expected.item()),
                output.lines().findFirst().orElseThrow().substring(12));
    }

    @Test
    void customLayer() throws Exception {
        String output = output(CustomLayer::main);
        assertTrue(output.contains("[scale, running_mean, gate.weight, gate.bias]"), output);
        assertTrue(output.contains("running mean: tensor([0.5000, 0.5000, 0.5000])"), output);
    }

    @Test
    void customFunction() throws Exception {
        assertEquals("""
                the gradient of x^3 at 1, 2, 3: tensor([ 3., 12., 27.])
                rounded: tensor([0., 2.]), its gradient: tensor([10., 20.])
                gradcheck: true
                gradgradcheck: true
                """, output(CustomFunction::main));
    }
}
