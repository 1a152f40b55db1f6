package org.jtorch.optim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.optim.options.OptimizerOptions;

/** What {@code parity/record} recorded, and the parameters, gradients and optimizers of which it was recorded. */
final class RecordedRuns {

    private RecordedRuns() {}

    /** Reads a compressed file beside this class. */
    static JsonNode read(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(RecordedRuns.class.getResourceAsStream(name), name)) {
            return new ObjectMapper().readTree(new GZIPInputStream(in));
        }
    }

    /** Returns the arguments of a run as text. */
    static String title(JsonNode run) {
        return run.get("optimizer").asText() + run.get("options") + run.get("second") + " "
                + run.get("dtype").asText() + " " + run.get("gradients").asText();
    }

    /** Creates an optimizer by its name in PyTorch. */
    static Optimizer<?> create(String name, Consumer<OptimizerOptions<?>> options, List<Params<?>> groups) {
        try {
            return (Optimizer<?>) Class.forName("org.jtorch.optim." + name)
                    .getConstructor(Consumer.class, List.class)
                    .newInstance(options, groups);
        } catch (ReflectiveOperationException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        }
    }

    /** Returns what sets options by their names in PyTorch. */
    static Consumer<OptimizerOptions<?>> options(JsonNode values) {
        return options -> {
            for (Iterator<Map.Entry<String, JsonNode>> all = values.fields(); all.hasNext(); ) {
                Map.Entry<String, JsonNode> option = all.next();
                options.set(option.getKey(), value(option.getValue()));
            }
        };
    }

    private static @Nullable Object value(JsonNode value) {
        if (value.isArray()) {
            List<@Nullable Object> elements = new ArrayList<>();
            value.forEach(element -> elements.add(value(element)));
            return elements;
        }
        return value.isNull()
                ? null
                : value.isBoolean() ? value.booleanValue() : value.isTextual() ? value.asText() : value.numberValue();
    }

    static List<Parameter> parameters(JsonNode run) {
        List<Parameter> parameters = new ArrayList<>();
        DType dtype = DType.of(run.get("dtype").asText());
        for (JsonNode shape : run.get("shapes")) {
            parameters.add(new Parameter(start(longs(shape), parameters.size(), dtype)));
        }
        return parameters;
    }

    static Tensor start(long[] shape, int k, DType dtype) {
        Tensor real = Torch.arange(0, numel(shape), 1, TensorOptions.of(DType.FLOAT64))
                .mul(0.25)
                .sub(1)
                .add(k * 0.125);
        Tensor start = dtype.isComplex() ? Torch.complex(real, real.neg().add(0.5)) : real;
        return start.to(dtype).reshape(shape);
    }

    private static Tensor values(long count, int step, double k) {
        return Torch.arange(0, count, 1, TensorOptions.of(DType.FLOAT64))
                .mul(1.7)
                .add(step * 0.9)
                .add(k)
                .sin();
    }

    /** Returns the gradient of parameter {@code k} at a step, or null if it has none. */
    static @Nullable Tensor gradient(Tensor p, int step, int k, String kind) {
        if (kind.equals("missing") && (step + k) % 5 == 0 || step == 4 && k == 1) {
            return null;
        }
        if (List.of("all", "repeated", "empty").contains(kind) || kind.equals("some") && k == 2) {
            long rows = p.size(0);
            List<Long> indices = new ArrayList<>();
            if (!kind.equals("empty") || step % 3 != 0) {
                indices.add(step % rows);
                indices.add((step + 2) % rows);
            }
            if (kind.equals("repeated")) {
                indices.add(step % rows);
            }
            long[] shape = p.shape().clone();
            shape[0] = indices.size();
            Tensor dense = values(numel(shape), step, k).reshape(shape).to(p.dtype());
            Tensor at =
                    Torch.tensor(indices.stream().mapToLong(i -> i).toArray()).view(1, indices.size());
            return Torch.sparseCooTensor(at, dense, p.shape());
        }
        Tensor real = values(p.numel(), step, k);
        return (p.isComplex() ? Torch.complex(real, values(p.numel(), step, k + 0.5)) : real)
                .reshape(p.shape())
                .to(p.dtype());
    }

    private static long numel(long[] shape) {
        long numel = 1;
        for (long size : shape) {
            numel *= size;
        }
        return numel;
    }

    static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::longValue)
                .toArray();
    }

    static double[] doubles(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(node -> node.isNull() ? Double.NaN : node.doubleValue())
                .toArray();
    }

    /** Returns the elements, of a complex tensor as pairs. */
    static double[] elements(Tensor tensor) {
        Tensor dense = tensor.layout() == Layout.SPARSE_COO ? tensor.detach().toDense() : tensor.detach();
        return (dense.isComplex() ? dense.viewAsReal() : dense)
                .to(DType.FLOAT64)
                .reshape(-1)
                .toDoubleArray();
    }
}
