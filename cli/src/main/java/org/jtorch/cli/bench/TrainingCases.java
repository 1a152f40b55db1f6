package org.jtorch.cli.bench;

import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.models.Mlp;
import org.jtorch.models.SmallCnn;
import org.jtorch.nn.Module;
import org.jtorch.nn.loss.CrossEntropyLoss;
import org.jtorch.optim.AdamW;

/** Whole training steps: gradients cleared, forward, cross entropy, backward, AdamW. */
final class TrainingCases {

    private TrainingCases() {}

    static void run(Bench bench) {
        if (!bench.wanted("train/")) {
            return;
        }
        try (TensorScope scope = new TensorScope()) {
            step(bench, "train/mlp_64_128_10_b32", 300, new Mlp(64, 128, 10), Torch.randn(32, 64));
            step(bench, "train/mlp_784_512_10_b128", 50, new Mlp(784, 512, 10), Torch.randn(128, 784));
            step(bench, "train/cnn_b32", 3, new SmallCnn(10), Torch.randn(32, 3, 32, 32));
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
