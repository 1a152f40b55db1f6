package org.jtorch.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.export.internal.run.Interpreter;
import org.jtorch.internal.text.Warnings;
import org.jtorch.nn.TensorTree;

/**
 * Runs a copy of a module, which is recorded and rewritten for each {@link InputSignature} that it meets, up to a limit. After that
 * the copy runs as it is for further ones.
 *
 * @param <I> the type of the input
 * @param <O> the type of the output
 */
final class ModuleCalls<I extends @Nullable Object, O extends @Nullable Object> implements Calls<I, O> {

    /**
     * How a module is called.
     *
     * @param given returns the arguments that an input stands for
     * @param record records the module with an input
     * @param call runs the module as it is
     * @param output returns what makes the output of the program's one, for an example output of the module
     */
    record Form<I extends @Nullable Object, O extends @Nullable Object>(
            Function<I, Interpreter.Given> given,
            Function<I, ExportedProgram> record,
            Function<I, O> call,
            Function<O, Function<@Nullable Object, O>> output) {}

    /** The program for one signature. */
    private record Entry<O extends @Nullable Object>(Rewritten program, Function<@Nullable Object, O> output) {}

    /** Stands for all signatures if dimensions are dynamic: the program itself checks its inputs. */
    private static final InputSignature ANY = new InputSignature(List.of(), Map.of());

    private final OwnCopy<?> own;
    private final Form<I, O> form;
    private final Compiled.Options options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<InputSignature, Entry<O>> entries = new ConcurrentHashMap<>();

    /** The same entries in the order in which they were made; guarded by the lock. */
    private final Map<String, Rewritten> programs = new LinkedHashMap<>();

    /** Compiles a module for a first input. */
    ModuleCalls(OwnCopy<?> own, Form<I, O> form, Compiled.Options options, I example) {
        this.own = own;
        this.form = form;
        this.options = options;
        Interpreter.Given given = form.given.apply(example);
        compile(signature(given), example);
    }

    private InputSignature signature(Interpreter.Given given) {
        return options.isDynamic() ? ANY : InputSignature.of(given);
    }

    @Override
    public O call(I input) {
        Interpreter.Given given = form.given.apply(input);
        InputSignature signature = signature(given);
        Entry<O> entry = entries.get(signature);
        if (entry == null) {
            entry = later(signature, input);
        }
        if (entry == null) {
            return form.call.apply(input);
        }
        try (GradMode mode = Autograd.inferenceMode()) {
            return entry.output.apply(entry.program.run(given));
        }
    }

    /** Returns the program for another signature, or null if there are as many as are allowed. Others wait for it. */
    private @Nullable Entry<O> later(InputSignature signature, I input) {
        RuntimeException obstacle = own.obstacle();
        if (obstacle != null) {
            throw new IllegalArgumentException(
                    "the input is " + signature + ", but the module was compiled for " + entries.keySet()
                            + " only: declare sizes that differ with dynamic(input, dim, size). It cannot be recorded again, since"
                            + " it could not be copied: " + obstacle.getMessage(),
                    obstacle);
        }
        if (entries.size() < options.limit()) {
            lock.lock();
            try {
                Entry<O> made = entries.get(signature);
                if (made != null || entries.size() < options.limit()) {
                    return made == null ? compile(signature, input) : made;
                }
            } finally {
                lock.unlock();
            }
        }
        Warnings.once(
                Compiled.class,
                "Compiled: " + own.module().className() + " was compiled for " + options.limit()
                        + " signatures of inputs, so inputs of others run as the plain module: declare sizes that differ"
                        + " with dynamic(input, dim, size), or allow more with recompileLimit(limit)");
        return null;
    }

    private Entry<O> compile(InputSignature signature, I input) {
        // what is created here stays, and must be usable even if this call is made in inference mode
        try (GradMode normal = Autograd.inferenceMode(false);
                GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            return compiled(
                    signature, TensorTree.map(input, tensor -> tensor.detach().clone()));
        }
    }

    private Entry<O> compiled(InputSignature signature, I example) {
        ExportedProgram program = form.record.apply(example);
        Inputs inputs = program.exampleInputs();
        if (inputs == null) {
            throw new AssertionError("a program that was recorded has the inputs");
        }
        Rewritten rewritten =
                Rewritten.of(program, own.obstacle() == null, inputs, options.tolerance(), options.further());
        Entry<O> entry = new Entry<>(rewritten, form.output.apply(plain(example)));
        programs.put(signature.toString(), rewritten);
        entries.put(signature, entry);
        return entry;
    }

    /** Returns the output of the module, without changing what later random numbers are. */
    private O plain(I example) {
        Generator generator = Generator.defaultGenerator();
        Tensor seed = generator.getState();
        try {
            return form.call.apply(example);
        } finally {
            generator.setState(seed);
        }
    }

    @Override
    public Map<String, Rewritten> programs() {
        lock.lock();
        try {
            return Collections.unmodifiableMap(new LinkedHashMap<>(programs));
        } finally {
            lock.unlock();
        }
    }

    // --- outputs -----------------------------------------------------------------------------------------------

    /**
     * Returns what puts the tensors of a program's output into an object like the module's. Its
     * numbers are those of the example.
     */
    static <O extends @Nullable Object> Function<@Nullable Object, O> like(O output) {
        Tensor place = Torch.zeros(0).unscoped();
        O template = TensorTree.map(output, tensor -> place);
        return tree -> {
            List<Tensor> tensors = new ArrayList<>();
            TensorTree.forEach(tree, tensors::add);
            Iterator<Tensor> next = tensors.iterator();
            return TensorTree.map(template, tensor -> next.next());
        };
    }
}
