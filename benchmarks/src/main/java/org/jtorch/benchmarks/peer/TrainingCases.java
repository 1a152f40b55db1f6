package org.jtorch.benchmarks.peer;

import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.models.Mlp;
import org.jtorch.models.SmallCnn;
import org.jtorch.nn.Module;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.loss.CrossEntropyLoss;
import org.jtorch.nn.transformer.TransformerEncoder;
import org.jtorch.nn.transformer.TransformerEncoderLayer;
import org.jtorch.optim.AdamW;

/** Whole training steps: clearing gradients, forward, cross entropy, backward, AdamW. */
final class TrainingCases {

    private TrainingCases() {}

    /** Two encoder layers, the mean over the sequence, and a linear head: (N, S, 128) to (N, 10). */
    private static final class SequenceClassifier extends Module<Tensor, Tensor> {
        TransformerEncoder enc = new TransformerEncoder(
                new TransformerEncoderLayer(
                        128, 4, o -> o.dimFeedforward(512).batchFirst(true).dropout(0.0)),
                2);
        Linear head = new Linear(128, 10);

        @Override
        protected Tensor forward(Tensor x) {
            return head.call(enc.call(x).mean(new long[] {1}));
        }
    }

    static void run(Bench bench) {
        if (!bench.wanted("train/")) {
            return;
        }
        try (TensorScope scope = new TensorScope()) {
            step(bench, "train/mlp_64_128_10_b32", 300, new Mlp(64, 128, 10), Torch.randn(32, 64));
            step(bench, "train/mlp_784_512_10_b128", 50, new Mlp(784, 512, 10), Torch.randn(128, 784));
            step(bench, "train/cnn_b32", 3, new SmallCnn(10), Torch.randn(32, 3, 32, 32));
            step(bench, "train/transformer_b16_s32", 5, new SequenceClassifier(), Torch.randn(16, 32, 128));
        }
    }

    private static void step(Bench bench, String name, int inner, Module<Tensor, Tensor> model, Tensor x) {
        AdamW optimizer = new AdamW(model.parameters(), o -> o.lr(1e-3));
        CrossEntropyLoss lossFunction = new CrossEntropyLoss();
        Tensor y = Torch.randint(0, 10, x.size(0));
        bench.measure(name, inner, 7, () -> {
            try (TensorScope scope = new TensorScope()) {
                optimizer.zeroGrad();
                lossFunction.call(model.call(x), y).backward();
                optimizer.step();
            }
        });
    }
}
