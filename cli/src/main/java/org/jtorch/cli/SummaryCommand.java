package org.jtorch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleSummary;
import org.jtorch.nn.internal.modules.ForwardInput;
import org.jtorch.serialize.ModelFile;
import org.jtorch.tools.Summary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch summary}: shows the structure of a model file, and the cost of one call. */
@Command(
        name = "summary",
        description = {
            "Shows the modules and parameters of a model file, and what one call of the model takes.",
            "Weights in NAME.safetensors or NAME.pt beside the file are read. Without them, the weights are fresh."
        })
final class SummaryCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(
            paramLabel = "NAME.json",
            description = "A model file, for example {\"module\": \"Sequential\", \"args\": [...]}.")
    Path file;

    @Option(
            names = "--input",
            paramLabel = "SHAPE[:DTYPE]",
            converter = InputShape.Converter.class,
            description =
                    "Call the model on zeros of this shape, for example 1,3,224,224 or 2,16:int64, and show the output"
                            + " shapes, the multiply-adds and the memory. Give it once for each input of the model.")
    List<InputShape> inputs = new ArrayList<>();

    @Option(
            names = "--dtype",
            paramLabel = "DTYPE",
            converter = DTypeNames.Any.class,
            description =
                    "The dtype of the inputs that are given without one (default: that of the model's parameters).")
    @Nullable
    DType dtype;

    @Option(
            names = "--depth",
            paramLabel = "N",
            description =
                    "Show modules down to this depth only. The model itself is at depth 0. Deeper modules still count in the totals.")
    @Nullable
    Integer depth;

    @Override
    public Integer call() {
        if (depth != null && depth < 0) {
            throw new ParameterException(spec.commandLine(), "--depth is " + depth + ", but must be 0 or more");
        }
        Module<?, ?> model = ModelFile.load(file, o -> o.freshWeights(true));
        PrintWriter print = spec.commandLine().getOut();
        print.println(inputs.isEmpty() ? table(model.summary()) : table(called(model)));
        print.flush();
        return 0;
    }

    private Object table(ModuleSummary summary) {
        return depth == null ? summary : summary.limitedTo(depth);
    }

    private Object table(Summary summary) {
        return depth == null ? summary : summary.limitedTo(depth);
    }

    @SuppressWarnings("unchecked") // The input is created for the model.
    private Summary called(Module<?, ?> any) {
        Module<Object, ?> model = (Module<Object, ?>) any;
        try (TensorScope scope = new TensorScope()) {
            DType usual = dtype == null ? dtypeOf(model) : dtype;
            List<Tensor> tensors = inputs.stream().map(i -> i.zeros(usual)).toList();
            Object input = ForwardInput.of(model, tensors, Map.of());
            if (model.parameters().stream().anyMatch(Tensor::isUninitialized)) {
                model.infer(input); // What a lazy layer creates at its first call is not an activation.
            }
            return Summary.of(model, input);
        }
    }

    private static DType dtypeOf(Module<?, ?> model) {
        return model.parameters().stream()
                .map(Tensor::dtype)
                .filter(DType::isFloatingPoint)
                .findFirst()
                .orElse(DType.FLOAT32);
    }
}
