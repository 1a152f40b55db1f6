package org.jtorch.benchmarks.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.export.Compiled;
import org.jtorch.export.ExportedProgram;
import org.jtorch.export.Inputs;

/**
 * ONNX Runtime on an encoder of texts, with all its optimizations and as many threads as jtorch has. Its output must be that of the
 * exported programs with the same weights, which are compiled for the comparison.
 */
final class OnnxRuntimeCases {

    /** The inputs of a BERT in ONNX, in the order of the program's. */
    private static final List<String> INPUTS = List.of("input_ids", "attention_mask", "token_type_ids");

    private static final double LEAST_COSINE = 0.9999;

    private OnnxRuntimeCases() {}

    static void run(Bench bench, Path model, Path programs) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setIntraOpNumThreads(Torch.getNumThreads());
            for (Path file : ProgramCases.files(programs)) {
                if (bench.wanted("compiled/" + ProgramCases.name(file))) {
                    try (OrtSession session = environment.createSession(model.toString(), options)) {
                        measure(bench, environment, session, file);
                    }
                }
            }
        } catch (OrtException e) {
            throw new IllegalArgumentException(model + ": ONNX Runtime fails: " + e.getMessage(), e);
        }
    }

    private static void measure(Bench bench, OrtEnvironment environment, OrtSession session, Path file)
            throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            float[] expected;
            try (TensorScope scope = new TensorScope()) {
                ExportedProgram program = ExportedProgram.load(file);
                Inputs given = Objects.requireNonNull(program.exampleInputs(), () -> file + " has no example inputs");
                expected = Compiled.of(program, Inputs.class, Tensor.class)
                        .call(given)
                        .flatten()
                        .toFloatArray();
                for (int i = 0; i < INPUTS.size(); i++) {
                    Tensor values = (Tensor) Objects.requireNonNull(given.args().get(i));
                    LongBuffer buffer = LongBuffer.wrap(values.flatten().toLongArray());
                    inputs.put(INPUTS.get(i), OnnxTensor.createTensor(environment, buffer, values.shape()));
                }
            }
            Set<String> output = Set.of(session.getOutputNames().iterator().next());
            try (OrtSession.Result result = session.run(inputs, output)) {
                check(file, expected, result.get(0));
            }
            ProgramCases.measure(bench, "compiled/" + ProgramCases.name(file), () -> run(session, inputs, output));
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static void run(OrtSession session, Map<String, OnnxTensor> inputs, Set<String> output) {
        try {
            session.run(inputs, output).close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(Path file, float[] expected, OnnxValue value) {
        FloatBuffer given = ((OnnxTensor) value).getFloatBuffer();
        if (given.remaining() != expected.length) {
            throw new IllegalArgumentException(file + " has " + expected.length + " numbers in its output, but ONNX"
                    + " Runtime's has " + given.remaining() + ": it is another model");
        }
        double product = 0;
        double ours = 0;
        double theirs = 0;
        for (float number : expected) {
            float other = given.get();
            product += (double) number * other;
            ours += (double) number * number;
            theirs += (double) other * other;
        }
        double cosine = product / Math.sqrt(ours * theirs);
        if (!(cosine > LEAST_COSINE)) {
            throw new IllegalArgumentException(
                    file + " and ONNX Runtime differ: the cosine of their outputs is " + cosine + ", but must be above "
                            + LEAST_COSINE + ": give the model whose weights the programs have");
        }
    }
}
