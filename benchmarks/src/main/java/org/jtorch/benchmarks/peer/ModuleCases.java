package org.jtorch.benchmarks.peer;

import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.models.Mlp;
import org.jtorch.models.SmallCnn;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.linear.Identity;
import org.jtorch.nn.rnn.LSTM;
import org.jtorch.nn.transformer.TransformerEncoder;
import org.jtorch.nn.transformer.TransformerEncoderLayer;

/** The cost of a call in addition to its kernels, in inference mode. */
final class ModuleCases {

    private ModuleCases() {}

    static void run(Bench bench) {
        if (!bench.wanted("infer/")) {
            return;
        }
        try (GradMode mode = Autograd.inferenceMode();
                TensorScope scope = new TensorScope()) {
            call(bench, "infer/mlp_8_16_4_b1", 5000, new Mlp(8, 16, 4), Torch.randn(1, 8));
            Sequential stack = new Sequential();
            for (int i = 0; i < 100; i++) {
                stack.append(new Identity());
            }
            call(bench, "infer/identity_x100", 500, stack, Torch.randn(1, 8));
            call(bench, "infer/mlp_784_512_10_b64", 500, new Mlp(784, 512, 10), Torch.randn(64, 784));
            call(bench, "infer/cnn_b8", 20, new SmallCnn(10), Torch.randn(8, 3, 32, 32));
            TransformerEncoder encoder = new TransformerEncoder(
                    new TransformerEncoderLayer(
                            256, 4, o -> o.dimFeedforward(1024).batchFirst(true)),
                    4);
            Tensor sequences = Torch.randn(4, 64, 256);
            call(bench, "infer/transformer_b4_s64", 20, encoder, () -> encoder.call(sequences));
            LSTM lstm = new LSTM(128, 256, o -> o.numLayers(2).batchFirst(true));
            Tensor series = Torch.randn(8, 50, 128);
            call(bench, "infer/lstm_b8_s50", 20, lstm, () -> lstm.call(series));
        }
    }

    private static void call(Bench bench, String name, int inner, Module<Tensor, Tensor> model, Tensor x) {
        call(bench, name, inner, model, () -> model.call(x));
    }

    private static void call(Bench bench, String name, int inner, Module<?, ?> model, Runnable call) {
        model.eval();
        bench.measure(name, inner, 7, () -> {
            try (TensorScope scope = new TensorScope()) {
                call.run();
            }
        });
    }
}
