package org.jtorch.benchmarks.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.optim.Adafactor;
import org.jtorch.optim.Adagrad;
import org.jtorch.optim.Adam;
import org.jtorch.optim.AdamW;
import org.jtorch.optim.NAdam;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.RMSprop;
import org.jtorch.optim.SGD;

/** Steps of optimizers with their default arguments, over 200 parameters of (32, 32) and over 8 of (1024, 1024). */
final class OptimizerCases {

    private OptimizerCases() {}

    private static Map<String, Function<List<Parameter>, Optimizer<?>>> optimizers() {
        Map<String, Function<List<Parameter>, Optimizer<?>>> optimizers = new LinkedHashMap<>();
        optimizers.put("sgd_momentum", p -> new SGD(p, o -> o.lr(1e-3).momentum(0.9)));
        optimizers.put("adam", Adam::new);
        optimizers.put("adamw", AdamW::new);
        optimizers.put("rmsprop", RMSprop::new);
        optimizers.put("adagrad", Adagrad::new);
        optimizers.put("nadam", NAdam::new);
        optimizers.put("adafactor", Adafactor::new);
        return optimizers;
    }

    static void run(Bench bench) {
        if (!bench.wanted("optim/")) {
            return;
        }
        optimizers().forEach((name, create) -> {
            measure(bench, "optim/" + name + "_small200", 20, create, 200, 32);
            measure(bench, "optim/" + name + "_large8", 3, create, 8, 1024);
        });
    }

    private static void measure(
            Bench bench, String name, int inner, Function<List<Parameter>, Optimizer<?>> create, int count, long size) {
        if (!bench.wanted(name)) {
            return;
        }
        try (TensorScope scope = new TensorScope()) {
            List<Parameter> parameters = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Parameter parameter = new Parameter(Torch.randn(size, size));
                parameter.setGrad(Torch.randn(size, size));
                parameters.add(parameter);
            }
            bench.measure(name, inner, 7, create.apply(parameters)::step);
        }
    }
}
