package org.jtorch.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.utils.ClipGrad;
import org.jtorch.optim.swa.AveragedModel;
import org.jtorch.optim.swa.SwaUtils;

/** What is done with all parameters beside the optimizer's step: clipping gradients, and a moving average. */
final class AveragingCases {

    private AveragingCases() {}

    static void run(Bench bench) {
        if (bench.wanted("optim/clip_grad_norm_small200")) {
            List<Parameter> parameters = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Parameter parameter = new Parameter(Torch.randn(32, 32));
                parameter.setGrad(Torch.randn(32, 32));
                parameters.add(parameter);
            }
            bench.measure("optim/clip_grad_norm_small200", 20, 7, () -> {
                try (TensorScope scope = new TensorScope()) {
                    ClipGrad.clipGradNorm_(parameters, 1.0);
                }
            });
        }
        if (bench.wanted("optim/ema_small200")) {
            Sequential model = new Sequential(
                    IntStream.range(0, 100).mapToObj(i -> new Linear(32, 32)).toArray(Linear[]::new));
            AveragedModel<Tensor, Tensor> average =
                    new AveragedModel<>(model, o -> o.multiAvgFn(SwaUtils.getEmaMultiAvgFn(0.999)));
            bench.measure("optim/ema_small200", 20, 7, () -> average.updateParameters(model));
        }
    }
}
