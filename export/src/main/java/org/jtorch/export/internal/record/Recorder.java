package org.jtorch.export.internal.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.jtorch.Generator;
import org.jtorch.Layout;
import org.jtorch.OpRecorder;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.Program;
import org.jtorch.export.internal.pt2.Pt2Contents;
import org.jtorch.export.internal.run.Interpreter;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleCallException;
import org.jtorch.serialize.internal.torch.TorchWriter;
import org.jtorch.serialize.python.Tuple;

/**
 * Records a module as a program, and compares the two. The module, its buffers and the default generator are as before
 * afterwards.
 */
public final class Recorder {

    /** A dimension of an input that may have other sizes. */
    public record Dynamic(String input, int dim, String name, long min, long max) {}

    private final Module<?, ?> module;
    private final Arguments arguments;
    private final ModuleState state;
    private final Symbols symbols;

    /** What the buffers held after the last call. */
    private List<Tensor> buffers = List.of();

    private final Generator generator = Generator.defaultGenerator();
    private final Tensor seed = generator.getState();

    private Recorder(Module<?, ?> module, Arguments arguments, List<Dynamic> dynamics) {
        this.module = module;
        this.arguments = arguments;
        this.symbols = new Symbols(arguments, dynamics);
        this.state = new ModuleState(module);
    }

    /**
     * Records the call of a module with arguments as in Python.
     *
     * @param inputOf makes the input of the module of the arguments by position and by name
     */
    public static Pt2Contents record(
            Module<?, ?> module,
            List<? extends @Nullable Object> args,
            Map<String, ? extends @Nullable Object> kwargs,
            List<String> names,
            List<Dynamic> dynamics,
            BiFunction<List<@Nullable Object>, Map<String, @Nullable Object>, Object> inputOf) {
        return record(module, Arguments.of(module, args, kwargs, names, inputOf), dynamics);
    }

    /** Records the call of a module with its input, a record of its arguments by name. */
    public static Pt2Contents record(Module<?, ?> module, Record input, List<Dynamic> dynamics) {
        return record(module, Arguments.of(module, input), dynamics);
    }

    private static Pt2Contents record(Module<?, ?> module, Arguments arguments, List<Dynamic> dynamics) {
        try (GradMode normal = Autograd.inferenceMode(false);
                GradMode mode = Autograd.enableGrad();
                TensorScope scope = new TensorScope()) {
            return new Recorder(module, arguments, dynamics).record();
        }
    }

    private Pt2Contents record() {
        List<Trace> traces = new ArrayList<>();
        List<@Nullable Object> outputs = new ArrayList<>();
        List<List<Tensor>> changed = new ArrayList<>();
        for (int i = 0; i < symbols.sizes().size(); i++) {
            Recording.Result result = run(symbols.resized(arguments.tensors(), i), false);
            traces.add(result.trace());
            outputs.add(result.output());
            changed.add(buffers);
        }
        ProgramBuilder builder = new ProgramBuilder(module, state, arguments, symbols, traces);
        Program program = builder.build();
        if (symbols.count() == 0) {
            checkOtherValues(traces.get(0));
        }
        Map<String, Tensor> constants = new LinkedHashMap<>(state.tensors(false));
        constants.putAll(builder.constants());
        Pt2Contents contents = new Pt2Contents(program, state.tensors(true), constants, sampleInputs(), Map.of());
        Map<String, Tensor> all = new LinkedHashMap<>(contents.state());
        all.putAll(constants);
        Interpreter interpreter = new Interpreter(program, all);
        compare(interpreter, builder, outputs, changed, 0);
        if (outputs.size() > 1) {
            compare(interpreter, builder, outputs, changed, outputs.size() - 1);
        }
        return contents;
    }

    /** Records one call, and gives the buffers and the generator what they had. */
    private Recording.Result run(List<Tensor> tensors, boolean keepResults) {
        generator.setState(seed);
        try {
            return Recording.of(module, state, tensors, () -> arguments.call(tensors), keepResults);
        } catch (ModuleCallException e) {
            // its message names the module
            throw e.getCause() instanceof ExportException ? new ExportException(String.valueOf(e.getMessage()), e) : e;
        } finally {
            buffers = state.buffers();
            state.restore();
            generator.setState(seed);
        }
    }

    /**
     * Records with the same values in another order, to find numbers and tensors that were computed from values in a way that
     * the recorder cannot see. An input that the module refuses tells nothing.
     */
    private void checkOtherValues(Trace trace) {
        List<Tensor> turned = new ArrayList<>();
        try (GradMode mode = Autograd.noGrad()) {
            for (Tensor tensor : symbols.resized(arguments.tensors(), 0)) {
                Tensor flipped = tensor.layout() == Layout.STRIDED
                        ? tensor.reshape(-1).flip(0).reshape(tensor.shape()).detach()
                        : tensor;
                turned.add(flipped.requiresGrad_(tensor.requiresGrad()));
            }
        }
        Trace other;
        try {
            other = run(turned, false).trace();
        } catch (RuntimeException e) {
            return;
        }
        SameForm.check(List.of(trace, other), symbols);
    }

    private byte[] sampleInputs() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Tensor> tensors = new ArrayList<>();
        try (GradMode mode = Autograd.noGrad()) {
            arguments.tensors().forEach(tensor -> tensors.add(tensor.detach().clone()));
            Tuple root = Tuple.of(new Tuple(arguments.args(tensors)), arguments.kwargs(tensors));
            TorchWriter.write(Channels.newChannel(bytes), "archive", root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    // --- comparison --------------------------------------------------------------------------------------------

    private void compare(
            Interpreter interpreter,
            ProgramBuilder builder,
            List<? extends @Nullable Object> outputs,
            List<List<Tensor>> changed,
            int recording) {
        Object output = replay(interpreter, recording, null);
        List<Tensor> now = buffers;
        String difference = Comparison.difference(output, outputs.get(recording), "the output of the program");
        for (int i = 0; i < now.size() && difference == null; i++) {
            difference = Comparison.difference(
                    now.get(i),
                    changed.get(recording).get(i),
                    "the buffer '" + state.bufferNames().get(i) + "' of the program");
        }
        if (difference != null) {
            throw new ExportException(difference + " after the call for " + symbols.text(recording)
                    + ", as it is in the module. " + firstDifference(interpreter, builder, recording));
        }
    }

    private @Nullable Object replay(Interpreter interpreter, int recording, OpRecorder.@Nullable Listener listener) {
        List<Tensor> tensors = symbols.resized(arguments.tensors(), recording);
        generator.setState(seed);
        try (OpRecorder recorder = listener == null ? null : OpRecorder.start(listener)) {
            return interpreter.run(new Interpreter.Given(arguments.args(tensors), arguments.kwargs(tensors)));
        } finally {
            buffers = state.buffers();
            state.restore();
            generator.setState(seed);
        }
    }

    /** Says which node is the first that has another result in the program. */
    private String firstDifference(Interpreter interpreter, ProgramBuilder builder, int recording) {
        List<Tensor> module =
                run(symbols.resized(arguments.tensors(), recording), true).firstResults();
        List<@Nullable Object> made = new ArrayList<>();
        boolean[] copying = new boolean[1]; // copying a result is an operation, too
        replay(interpreter, recording, op -> {
            if (!copying[0]) {
                copying[0] = true;
                made.add(OpResults.copied(op.result()));
                copying[0] = false;
            }
        });
        List<Node> nodes = builder.nodes();
        Map<Integer, Integer> tapOfNode = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).target().startsWith("torch.ops.")) {
                tapOfNode.put(i, tapOfNode.size());
            }
        }
        for (int i = 0; i < module.size(); i++) {
            Integer node = builder.nodeOfOperation().get(i);
            if (node == null) {
                continue;
            }
            Integer tap = tapOfNode.get(node);
            if (tap != null
                    && tap < made.size()
                    && made.get(tap) instanceof Tensor tensor
                    && !Comparison.same(tensor, module.get(i))) {
                return "The first node that differs is " + nodes.get(node);
            }
        }
        return "All nodes have the same results; the program may depend on a state that the recorder does not see";
    }
}
