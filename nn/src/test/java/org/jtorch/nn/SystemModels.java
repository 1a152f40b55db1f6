package org.jtorch.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.Linear;

/** The models of parity/record/modules_system.py. */
final class SystemModels {

    private SystemModels() {}

    /** A module that computes nothing. */
    abstract static class Plain extends Module<Tensor, Tensor> {
        @Override
        protected Tensor forward(Tensor x) {
            return x;
        }
    }

    static final class Block extends Plain {
        Linear fc = new Linear(2, 2);
        Linear noBias = new Linear(2, 2, o -> o.bias(false));
        Parameter gamma = new Parameter(Torch.ones(2));

        Buffer runningMean = new Buffer(Torch.zeros(2));

        Buffer cache = new Buffer(Torch.zeros(2), o -> o.persistent(false));

        int size = 3;
    }

    static final class Net extends Plain {
        Block block = new Block();
        ModuleList<Module<Tensor, Tensor>> layers =
                new ModuleList<>(Scenarios.linear(1), new Sequential(Scenarios.linear(1), new ReLU()));
        ModuleDict<Module<?, ?>> head = new ModuleDict<>(ordered("a", Scenarios.linear(1), "b", new ReLU()));
        Linear tied = block.fc;
    }

    static final class Mixed extends Plain {
        Conv2d conv = new Conv2d(3, 4, 2, o -> o.bias(false));

        Buffer count = new Buffer(Torch.zeros(new long[] {2}, DType.INT64));

        Buffer flag = new Buffer(Torch.zeros(new long[] {1}, DType.BOOL));

        Buffer small = new Buffer(Torch.zeros(new long[] {1}, DType.FLOAT16));

        Buffer wave = new Buffer(Torch.zeros(new long[] {1}, DType.COMPLEX64));
    }

    @SuppressWarnings("unchecked") // For tests only: the caller knows the type.
    static <V> Map<String, V> ordered(Object... keysAndValues) {
        Map<String, V> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], (V) keysAndValues[i + 1]);
        }
        return map;
    }
}
