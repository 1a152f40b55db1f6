package org.jtorch.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.internal.run.Interpreter;
import org.jtorch.export.internal.tree.Typed;
import org.jtorch.nn.Module;
import org.jtorch.nn.Name;

/**
 * An exported program as a module. Its parameters and buffers have the names that they have in Python, so that its state dict is
 * that of the model that was exported; it has hooks, can be trained, moved, saved and copied as any module.
 *
 * <p><b>Mode.</b> A program is exported either in training mode or in eval mode: dropout and batch normalization are written into
 * the graph in one of them. {@link #train(boolean)} to the other mode is refused if the graph has such operators. A program that
 * was exported in training mode cannot be called by {@link #infer}.
 *
 * <p><b>Devices.</b> {@code to(device)} moves the state. A graph may also name a device for tensors that it creates; that
 * remains.
 *
 * @param <I> the type of the input: {@link Inputs}, {@link Tensor}, a record with the names of the arguments, or a list
 * @param <O> the type of the output: {@code Object} for lists and maps as in Python, {@link Tensor} if there is one, or a record
 */
public final class ExportedModule<I extends @Nullable Object, O extends @Nullable Object> extends Module<I, O> {

    // the names of the fields must leave those of attributes in Python free

    @Name("<interpreter>")
    private final Interpreter interpreter;

    @Name("<output>")
    private final Class<O> output;

    ExportedModule(Interpreter interpreter, Class<O> output) {
        this.interpreter = interpreter;
        this.output = output;
        interpreter.register(this);
        Boolean mode = interpreter.mode();
        if (mode != null) {
            train(mode);
        }
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // converted to the type of the class
    protected O forward(I input) {
        if (Boolean.TRUE.equals(interpreter.mode()) && !isTraining()) {
            throw new ExportException("the program was exported in training mode, so it cannot be called by infer():"
                    + " call it with call(), or export it after model.eval()");
        }
        return (O)
                Typed.fromTree(interpreter.run(this, given(interpreter, input)), output, "the output of the program");
    }

    /** Returns the arguments that an input stands for. */
    static Interpreter.Given given(Interpreter interpreter, @Nullable Object input) {
        Inputs inputs = Inputs.given(input, record -> {
            Interpreter.Given named = interpreter.named(record);
            return new Inputs(named.args(), named.kwargs());
        });
        return given(inputs);
    }

    /** Returns arguments with maps in place of records. */
    static Interpreter.Given given(Inputs inputs) {
        List<@Nullable Object> args = new ArrayList<>();
        inputs.args().forEach(each -> args.add(Typed.toTree(each)));
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        inputs.kwargs().forEach((name, each) -> kwargs.put(name, Typed.toTree(each)));
        return new Interpreter.Given(args, kwargs);
    }

    /**
     * Calls the program with arguments by position.
     *
     * @return the output as lists and maps
     * @throws IllegalArgumentException if the arguments do not fit: another number, another shape, or a size outside of its range
     */
    @SuppressWarnings("unchecked") // refused if the input has another type
    public O call(@Nullable Object first, @Nullable Object second, @Nullable Object... further) {
        Object[] all = new Object[further.length + 2];
        all[0] = first;
        all[1] = second;
        System.arraycopy(further, 0, all, 2, further.length);
        return ((Module<Object, O>) this).call(Inputs.of(all));
    }

    @Override
    protected void checkTrain(boolean mode) {
        Boolean own = interpreter.mode();
        if (own != null && own != mode) {
            throw new IllegalStateException(
                    "the program was exported in " + (own ? "training" : "eval") + " mode, in which '"
                            + interpreter.modeNode() + "' is written into its graph: export it in the other mode to "
                            + (mode ? "train it so" : "use it so"));
        }
    }
}
