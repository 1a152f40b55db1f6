package org.jtorch.benchmarks.peer;

import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.amp.Autocast;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.Linear;
import org.jtorch.optim.AdamW;

/** Whole training steps of a perceptron in float32, and under autocast to bfloat16. */
final class MixedPrecisionCases {

    private MixedPrecisionCases() {}

    static void run(Bench bench) {
        if (!bench.wanted("amp/")) {
            return;
        }
        step(bench, "amp/mlp_fp32", false);
        step(bench, "amp/mlp_autocast_bf16", true);
    }

    private static void step(Bench bench, String name, boolean lower) {
        if (!bench.wanted(name)) {
            return;
        }
        Sequential model = new Sequential(new Linear(512, 2048), new ReLU(), new Linear(2048, 512));
        AdamW optimizer = new AdamW(model.parameters());
        Tensor x = Torch.randn(256, 512);
        bench.measure(name, 3, 7, () -> {
            try (TensorScope scope = new TensorScope()) {
                optimizer.zeroGrad();
                Tensor loss;
                try (Autocast autocast = new Autocast(Device.CPU, o -> o.enabled(lower))) {
                    loss = model.call(x).sub(x).to(DType.FLOAT32).pow(2).mean();
                }
                loss.backward();
                optimizer.step();
            }
        });
    }
}
