package org.jtorch.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.OpRecorder;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.models.DigitsCnn;
import org.jtorch.models.DigitsTransformer;
import org.jtorch.models.Mlp;
import org.jtorch.models.SmallCnn;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.TensorTree;
import org.jtorch.nn.internal.modules.ForwardInput;
import org.jtorch.nn.utils.Checkpointing;
import org.jtorch.parity.verify.RecordedCall;
import org.jtorch.parity.verify.RecordedCase;
import org.jtorch.parity.verify.RecordedModule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What is written is what runs: every recorded module and every reference model gives the same bits on its own, in a container,
 * with a hook, with a recorder, in a scope, checkpointed, and without gradients.
 */
@Tag("slow")
class OneExecutionTest {

    /** A way of running a call. */
    private enum Way {
        ALONE,
        CONTAINER,
        HOOK,
        RECORDER,
        SCOPE,
        CHECKPOINTED,
        NO_GRAD,
        INFERENCE_MODE;

        boolean hasGradients() {
            return compareTo(NO_GRAD) < 0;
        }
    }

    /** The result of a way. The text of each tensor contains its form and a hash of all of its bits. */
    private record Outcome(List<String> outputs, List<String> gradients, List<String> state) {

        /** Returns null if {@code other}, which ran another way, is equal; otherwise the difference. */
        @Nullable
        String difference(Outcome other, Way way) {
            if (!outputs.equals(other.outputs)) {
                return "outputs";
            }
            if (way.hasGradients() && !gradients.equals(other.gradients)) {
                return "gradients";
            }
            // A checkpointed computation runs twice, and so changes the state of its module twice.
            if (way != Way.CHECKPOINTED && !state.equals(other.state)) {
                return "state";
            }
            return null;
        }
    }

    /** Calls another module with the arguments that it received. */
    private static final class Wrapping extends Module<List<Object>, Object> {
        Module<?, ?> inner;

        Wrapping(Module<?, ?> inner) {
            this.inner = inner;
        }

        @Override
        @SuppressWarnings("unchecked") // As given() lists them.
        protected Object forward(List<Object> in) {
            return called(new RecordedCall(
                    inner, (List<@Nullable Object>) in.get(0), (Map<String, @Nullable Object>) in.get(1), 0));
        }
    }

    private static List<Object> given(RecordedCall call) {
        return List.of(call.args(), call.kwargs());
    }

    /** Returns the result of a call; an absent output is an empty list. */
    private static Object called(RecordedCall call) {
        try {
            Object output = call.call();
            return output == null ? List.of() : output;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked") // Its forward takes and returns a tensor.
    private static Object contained(RecordedCall call) {
        Module<?, ?> module = call.module();
        boolean plain = call.kwargs().isEmpty()
                && call.args().size() == 1
                && call.args().get(0) instanceof Tensor
                && ForwardInput.type(module) == Tensor.class
                && ForwardInput.outputType(module) == Tensor.class;
        if (!plain) {
            return new Wrapping(module).call(given(call));
        }
        Sequential inner = new Sequential((Module<Tensor, Tensor>) module);
        return new Sequential(inner)
                .call((Tensor) Objects.requireNonNull(call.args().get(0)));
    }

    @SuppressWarnings("unchecked") // As given() lists them.
    private static Object checkpointed(RecordedCall call) {
        return Checkpointing.checkpoint(
                in -> called(new RecordedCall(
                        call.module(),
                        (List<@Nullable Object>) in.get(0),
                        (Map<String, @Nullable Object>) in.get(1),
                        call.seed())),
                given(call));
    }

    private static Object hooked(RecordedCall call) {
        try (RemovableHandle handle = call.module().registerForwardHook((module, in, out) -> null)) {
            return called(call);
        }
    }

    private static Object recorded(RecordedCall call) {
        try (OpRecorder recorder = OpRecorder.start(op -> {})) {
            return called(call);
        }
    }

    private static Object scoped(RecordedCall call) {
        try (TensorScope scope = new TensorScope()) {
            Object output = called(call);
            TensorTree.forEach(output, Tensor::unscoped);
            return output;
        }
    }

    private static Object without(GradMode mode, RecordedCall call) {
        try (mode) {
            return called(call);
        }
    }

    private static Object run(Way way, RecordedCall call) {
        return switch (way) {
            case ALONE -> called(call);
            case CONTAINER -> contained(call);
            case HOOK -> hooked(call);
            case RECORDER -> recorded(call);
            case SCOPE -> scoped(call);
            case CHECKPOINTED -> checkpointed(call);
            case NO_GRAD -> without(Autograd.noGrad(), call);
            case INFERENCE_MODE -> without(Autograd.inferenceMode(), call);
        };
    }

    /** Runs the call in the given way with its seed, and its backward. */
    private static Outcome outcome(Way way, Supplier<RecordedCall> made) {
        RecordedCall call = made.get();
        Torch.manualSeed(call.seed());
        List<Tensor> outputs = new ArrayList<>();
        TensorTree.forEach(run(way, call), outputs::add);
        List<String> given = outputs.stream()
                .map(output ->
                        text(output) + (output.layout() == Layout.STRIDED ? Arrays.toString(output.strides()) : ""))
                .toList();
        List<String> state = new ArrayList<>();
        call.module().stateDict().forEach((name, tensor) -> state.add(name + " " + text(tensor)));
        List<String> gradients = new ArrayList<>();
        if (way.hasGradients()) {
            backward(outputs);
            TensorTree.forEach(given(call), tensor -> gradients.add("input " + gradient(tensor)));
            call.module().namedParameters().forEach(p -> gradients.add(p.name() + " " + gradient(p.value())));
        }
        return new Outcome(given, gradients, state);
    }

    private static void backward(List<Tensor> outputs) {
        Torch.manualSeed(7);
        Tensor sum = null;
        for (Tensor output : outputs) {
            if (output.requiresGrad()) {
                Tensor product = output.mul(Torch.randnLike(output)).sum();
                sum = sum == null ? product : sum.add(product);
            }
        }
        if (sum != null) {
            sum.backward();
        }
    }

    private static String gradient(Tensor tensor) {
        Tensor grad = tensor.requiresGrad() ? tensor.grad() : null;
        return grad == null ? "none" : text(grad);
    }

    private static String text(Tensor tensor) {
        Tensor dense = tensor.layout() == Layout.STRIDED
                ? tensor.detach()
                : tensor.detach().toDense();
        Tensor flat = dense.flatten();
        int hash;
        if (tensor.dtype() == DType.FLOAT32) {
            float[] values = flat.toFloatArray();
            int[] bits = new int[values.length];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = Float.floatToRawIntBits(values[i]);
            }
            hash = Arrays.hashCode(bits);
        } else if (tensor.dtype() == DType.FLOAT64) {
            double[] values = flat.toDoubleArray();
            long[] bits = new long[values.length];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = Double.doubleToRawLongBits(values[i]);
            }
            hash = Arrays.hashCode(bits);
        } else {
            hash = Arrays.hashCode(flat.to(DType.INT64).toLongArray());
        }
        return tensor.dtype() + Arrays.toString(dense.shape()) + " #" + hash;
    }

    /** Runs a call in all ways, and adds those that differ from the first one, or fails. */
    private static void compare(String name, Supplier<RecordedCall> made, List<String> differences) {
        try (TensorScope scope = new TensorScope()) {
            Outcome alone = outcome(Way.ALONE, made);
            for (Way way : Way.values()) {
                try {
                    String difference = alone.difference(outcome(way, made), way);
                    if (difference != null) {
                        differences.add(name + " " + way + ": " + difference);
                    }
                } catch (TorchException e) {
                    differences.add(name + " " + way + ": " + e.getMessage());
                }
            }
        }
    }

    private static RecordedCall as(DType dtype, RecordedCall call) {
        call.module().to(dtype);
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        call.kwargs().forEach((key, value) -> kwargs.put(key, as(dtype, value)));
        List<@Nullable Object> args = new ArrayList<>();
        call.args().forEach(value -> args.add(as(dtype, value)));
        return new RecordedCall(call.module(), args, kwargs, call.seed());
    }

    private static @Nullable Object as(DType dtype, @Nullable Object tree) {
        return TensorTree.map(
                tree,
                tensor -> tensor.isFloatingPoint() && tensor.dtype() != dtype
                        ? tensor.detach().to(dtype).requiresGrad_(tensor.requiresGrad())
                        : tensor);
    }

    private static List<RecordedModule> recordings(String folder) throws URISyntaxException {
        Path recordings = Path.of(Objects.requireNonNull(OneExecutionTest.class.getResource("/" + folder), folder)
                .toURI());
        return RecordedModule.files(recordings).stream()
                .map(RecordedModule::read)
                .toList();
    }

    /**
     * Compares all cases of a folder.
     *
     * @param cases the expected number of cases
     * @param expected the expected differences; the callers state the reasons
     */
    private static void assertSame(String folder, int cases, List<String> expected) throws URISyntaxException {
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (RecordedModule module : recordings(folder)) {
            for (RecordedCase c : module.cases()) {
                compare(c.description(), () -> as(DType.FLOAT32, c.prepare()), differences);
                compared++;
            }
        }
        assertEquals(expected, differences);
        assertEquals(cases, compared);
    }

    /** Every case runs in every way. */
    @Test
    void recordedModules() throws URISyntaxException {
        assertSame("modules", 1065, List.of());
    }

    /**
     * Every case runs in every way. PyTorch's encoder returns zeros at the padding in eval mode without gradients, and other
     * values with gradients. Both are recorded.
     */
    @Test
    void moreRecordedModules() throws URISyntaxException {
        assertSame(
                "modules_more",
                500,
                List.of(
                        "TransformerEncoder/more/1 padding, eval NO_GRAD: outputs",
                        "TransformerEncoder/more/1 padding, eval INFERENCE_MODE: outputs"));
    }

    /** Tests sizes for which a linear map uses another kernel, in training and in eval mode. */
    @Test
    void referenceModels() {
        List<String> differences = new ArrayList<>();
        Map<String, Supplier<Module<?, ?>>> models = new LinkedHashMap<>();
        models.put("Mlp 64", () -> new Mlp(784, 512, 10));
        models.put("Mlp, dropout 64", () -> new Mlp(784, 512, 10, 0.5));
        models.put("DigitsCnn 64", () -> new DigitsCnn(10));
        models.put("DigitsTransformer 64", () -> new DigitsTransformer(10));
        models.put("SmallCnn 8", () -> new SmallCnn(10));
        models.forEach((name, model) -> {
            for (boolean training : new boolean[] {true, false}) {
                compare(
                        name + (training ? " in training" : " in eval"),
                        () -> call(name, model, training),
                        differences);
            }
        });
        assertEquals(List.of(), differences);
    }

    private static RecordedCall call(String name, Supplier<Module<?, ?>> model, boolean training) {
        Torch.manualSeed(3);
        Module<?, ?> made = model.get();
        made.train(training);
        long rows = Long.parseLong(name.substring(name.lastIndexOf(' ') + 1));
        Tensor x = name.startsWith("Mlp")
                ? Torch.randn(rows, 784)
                : name.startsWith("SmallCnn") ? Torch.randn(rows, 3, 32, 32) : Torch.randn(rows, 64);
        return new RecordedCall(made, new ArrayList<>(List.of(x.requiresGrad_())), Map.of(), 5);
    }
}
