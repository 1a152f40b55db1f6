package org.jtorch.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.amp.Autocast;
import org.jtorch.autograd.Autograd;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.utils.ClipGrad;
import org.jtorch.optim.AdamW;
import org.jtorch.optim.Params;
import org.jtorch.optim.lrscheduler.LambdaLR;

/**
 * Trains a language model on the first ten chapters of Moby-Dick in bfloat16, with warm-up and cosine, and then writes text with
 * it. {@code examples/python/char_lm.py} trains the same model in Python.
 */
public final class TrainCharLm {

    private static final int BATCH = 16;

    private final String alphabet;
    private final Tensor data;
    private final CharLm model;

    private TrainCharLm() {
        Torch.manualSeed(0);
        String text = text();
        alphabet = text.chars()
                .distinct()
                .sorted()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        data = Torch.tensor(text.chars().mapToLong(alphabet::indexOf).toArray());
        model = new CharLm(alphabet.length());
    }

    private static String text() {
        try (InputStream in = TrainCharLm.class.getResourceAsStream("moby-dick.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new IllegalStateException("the text cannot be read", e);
        }
    }

    /**
     * Trains, and prints a text.
     *
     * @param args the number of steps, and the number of characters to write
     */
    public static void main(String[] args) {
        TrainCharLm training = new TrainCharLm();
        List<Double> losses = training.train(Integer.parseInt(args[0]));
        System.out.printf("loss %.3f%n", losses.get(losses.size() - 1));
        System.out.println(training.write("Call me", Integer.parseInt(args[1]), 0.8));
    }

    /** Returns the loss of each step of a new run. */
    static List<Double> losses(int steps) {
        return new TrainCharLm().train(steps);
    }

    private List<Double> train(int steps) {
        List<Tensor> matrices = new ArrayList<>();
        List<Tensor> vectors = new ArrayList<>();
        model.parameters().forEach(p -> (p.dim() >= 2 ? matrices : vectors).add(p));
        var optimizer = new AdamW(
                o -> o.lr(3e-3),
                List.of(Params.of(matrices, g -> g.weightDecay(0.1)), Params.of(vectors, g -> g.weightDecay(0))));
        var scheduler = new LambdaLR(
                optimizer, s -> Math.min(1, (s + 1) / 20.0) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, s / 2000.0))));
        List<Double> losses = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            try (var scope = new TensorScope()) {
                Tensor starts = Torch.randint(0, data.size(0) - CharLm.CONTEXT - 1, BATCH, 1);
                Tensor rows = data.take(starts.add(Torch.arange(CharLm.CONTEXT + 1)));
                Tensor loss;
                optimizer.zeroGrad();
                try (var autocast = Autocast.cpu()) {
                    Tensor logits = model.call(new CharLm.Input(rows.narrow(1, 0, CharLm.CONTEXT), null))
                            .x();
                    Tensor next = rows.narrow(1, 1, CharLm.CONTEXT).flatten();
                    loss = F.crossEntropy(logits.flatten(0, 1).float32(), next);
                }
                loss.backward();
                ClipGrad.clipGradNorm_(model.parameters(), 1.0);
                optimizer.step();
                scheduler.step();
                losses.add(loss.item());
            }
        }
        return losses;
    }

    /** Returns a text that begins with {@code start}. Each character is computed with the kept keys and values of the others. */
    private String write(String start, int length, double temperature) {
        StringBuilder text = new StringBuilder(start);
        List<CharLm.Past> past = null;
        String now = start;
        model.eval();
        try (var mode = Autograd.noGrad();
                var scope = new TensorScope()) {
            while (text.length() < Math.min(length, CharLm.CONTEXT)) {
                Tensor x = Torch.tensor(now.chars().mapToLong(alphabet::indexOf).toArray())
                        .unsqueeze(0);
                CharLm.Output out = model.call(new CharLm.Input(x, past));
                Tensor weights = out.x().select(1, -1).div(temperature).softmax(-1);
                now = String.valueOf(
                        alphabet.charAt((int) weights.multinomial(1).itemLong()));
                text.append(now);
                past = out.past();
            }
        }
        return text.toString();
    }
}
