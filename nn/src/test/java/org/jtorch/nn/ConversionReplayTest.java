package org.jtorch.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.MemoryFormat;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.SystemModels.Mixed;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compares every form of {@code to} with PyTorch's result for the same module. Tied weights stay tied. */
class ConversionReplayTest {

    private static final Map<String, Consumer<Module<?, ?>>> CONVERSIONS = new LinkedHashMap<>();

    static {
        CONVERSIONS.put("to(float64)", m -> m.to(DType.FLOAT64));
        CONVERSIONS.put("to(complex64)", m -> m.to(DType.COMPLEX64));
        CONVERSIONS.put("to(int64)", m -> m.to(DType.INT64));
        CONVERSIONS.put("to(cpu)", m -> m.to(Device.CPU));
        CONVERSIONS.put("to(meta)", m -> m.to(Device.META));
        CONVERSIONS.put("to(meta, float64)", m -> m.to(Device.META, DType.FLOAT64));
        CONVERSIONS.put("to(tensor)", m -> m.to(Torch.zeros(new long[] {1}, DType.BFLOAT16)));
        CONVERSIONS.put("to(int tensor)", m -> m.to(Torch.zeros(new long[] {1}, DType.INT32)));
        CONVERSIONS.put("to(channels_last)", m -> m.to(MemoryFormat.CHANNELS_LAST));
        CONVERSIONS.put(
                "to(cpu, float64, True, channels_last)",
                m -> m.to(Device.CPU, DType.FLOAT64, true, MemoryFormat.CHANNELS_LAST));
        CONVERSIONS.put("meta to(cpu)", m -> m.to(Device.META).to(Device.CPU));
        CONVERSIONS.put("meta to_empty(cpu)", m -> m.to(Device.META).toEmpty(Device.CPU));
        CONVERSIONS.put("meta to_empty(cpu) own", m -> m.to(Device.META).toEmpty(Device.CPU, false));
        CONVERSIONS.put("half", Module::half);
        CONVERSIONS.put("bfloat16", Module::bfloat16);
        CONVERSIONS.put("float", m -> m.half().toFloat());
        CONVERSIONS.put("double", Module::toDouble);
        CONVERSIONS.put("cpu", Module::cpu);
        CONVERSIONS.put("type(float64)", m -> m.type(DType.FLOAT64));
        CONVERSIONS.put("type(int64)", m -> m.type(DType.INT64));
        CONVERSIONS.put("type(int64) frozen", m -> m.requiresGrad_(false).type(DType.INT64));
    }

    private static List<String> state(Module<?, ?> m) {
        List<Named<? extends Tensor>> all = new ArrayList<>(m.namedParameters());
        all.addAll(m.namedBuffers());
        return all.stream()
                .map(n -> n.name() + ":" + n.value().dtype() + ":" + n.value().device() + ":"
                        + Arrays.toString(n.value().strides()))
                .toList();
    }

    private static List<Object> tied(Consumer<Module<?, ?>> change) {
        Linear a = new Linear(2, 2);
        Linear b = new Linear(2, 2);
        b.weight = a.weight;
        Sequential m = new Sequential(a, b);
        m.call(Torch.ones(1, 2)).sum().backward();
        change.accept(m);
        Tensor grad = a.weight.grad();
        return List.of(
                a.weight == b.weight,
                a.weight.dtype(),
                a.weight.requiresGrad(),
                grad == null ? "None" : grad.dtype(),
                m.parameters().size());
    }

    @TestFactory
    Stream<DynamicTest> asPyTorch() {
        Scenarios s = new Scenarios();
        CONVERSIONS.forEach((name, change) -> s.play(name, () -> {
            Mixed m = new Mixed();
            change.accept(m);
            return state(m);
        }));
        for (String name : List.of("to(float64)", "half", "to(tensor)", "type(float64)", "cpu")) {
            s.play("tied " + name, () -> tied(CONVERSIONS.get(name)));
        }
        return s.compare("modules_system/conversion.txt");
    }
}
