package org.jtorch.models.layers;

import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;

/** Layers one after another: (N, S, hidden_size) to (N, S, hidden_size). */
final class Layers extends Module<Tensor, Tensor> {

    ModuleList<Module<Tensor, Tensor>> layer;

    Layers(long count, Supplier<? extends Module<Tensor, Tensor>> made) {
        layer = new ModuleList<>(LongStream.range(0, count)
                .<Module<Tensor, Tensor>>mapToObj(i -> made.get())
                .toList());
    }

    @Override
    protected Tensor forward(Tensor states) {
        Tensor x = states;
        for (Module<Tensor, Tensor> each : layer) {
            x = each.call(x);
        }
        return x;
    }
}
