package org.jtorch.tools;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.OpRecorder;
import org.jtorch.OpRecorder.RecordedOp;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.TensorTree;

/**
 * Records the calls of a model and of all modules below it on the current thread, and the ops that run in each, until it is
 * closed. All tools that observe a forward use it.
 */
final class ForwardTrace implements AutoCloseable {

    /** A call of a module. */
    static final class Call {
        final String path;
        final Module<?, ?> module;
        /** The call that made this call, or null. */
        final @Nullable Call parent;

        final List<List<Long>> inputShapes;
        List<List<Long>> outputShapes = List.of();
        /** The size of the output's tensors in bytes. */
        long outputBytes;
        /** The multiply-adds of the module's own ops, not counting those of the modules that it called. */
        long multiplyAdds;
        /** The bytes that the module's own ops allocated, not counting those of the modules that it called. */
        long madeBytes;

        Call(String path, Module<?, ?> module, @Nullable Call parent, List<List<Long>> inputShapes) {
            this.path = path;
            this.module = module;
            this.parent = parent;
            this.inputShapes = inputShapes;
        }

        /**
         * Returns the paths of the modules for which this call counts: its own, those of the calls that led to it, and those of
         * modules that hold one of these, because a list of modules is not called itself.
         */
        Set<String> within() {
            Set<String> paths = new HashSet<>();
            for (Call call = this; call != null; call = call.parent) {
                paths.add("");
                for (int end = call.path.length(); end > 0; end = call.path.lastIndexOf('.', end - 1)) {
                    paths.add(call.path.substring(0, end));
                }
            }
            return paths;
        }
    }

    /** Receives events. The ops that it runs itself are not counted. */
    interface Observer {
        /** Called after an op ran in {@code call}. */
        default void onOp(Call call, RecordedOp op) {}

        /** Called after a module returned {@code output}. */
        default void onOutput(Call call, @Nullable Object output) {}
    }

    private final Thread thread = Thread.currentThread();
    private final Observer observer;
    private final List<RemovableHandle> hooks = new ArrayList<>();
    private final OpRecorder recorder;
    private final List<Call> calls = new ArrayList<>();
    private final Deque<Call> running = new ArrayDeque<>();
    private boolean observing;

    /** Starts recording without an observer. */
    ForwardTrace(Module<?, ?> model) {
        this(model, new Observer() {});
    }

    /** Starts recording {@code model}. */
    ForwardTrace(Module<?, ?> model, Observer observer) {
        this.observer = observer;
        List<Named<Module<?, ?>>> modules = model.namedModules();
        recorder = OpRecorder.start(this::onOp);
        for (Named<Module<?, ?>> named : modules) {
            watch(named.name(), named.value());
        }
    }

    /** Returns the calls, in the order in which they began. */
    List<Call> calls() {
        return Collections.unmodifiableList(calls);
    }

    /** Returns the innermost module that has been entered and not left, or null. */
    @Nullable
    Call current() {
        return running.peek();
    }

    private <I extends @Nullable Object, O extends @Nullable Object> void watch(String path, Module<I, O> module) {
        hooks.add(module.registerForwardPreHook((m, input) -> {
            enter(path, m, input);
            return null;
        }));
        hooks.add(module.registerForwardHook(
                (m, input, output) -> {
                    leave(m, output);
                    return null;
                },
                o -> o.alwaysCall(true)));
    }

    private void enter(String path, Module<?, ?> module, @Nullable Object input) {
        if (Thread.currentThread() == thread) {
            Call call = new Call(path, module, running.peek(), shapes(input));
            calls.add(call);
            running.push(call);
        }
    }

    private void leave(Module<?, ?> module, @Nullable Object output) {
        Call call = running.peek();
        if (Thread.currentThread() != thread || call == null || call.module != module) {
            return; // A call on another thread, or one that failed before it was entered.
        }
        running.pop();
        call.outputShapes = shapes(output);
        TensorTree.forEach(output, t -> call.outputBytes += t.nbytes());
        observe(() -> observer.onOutput(call, output));
    }

    private void onOp(RecordedOp op) {
        Call call = running.peek();
        if (call != null && !observing) {
            call.multiplyAdds += MultiplyAdds.of(op);
            call.madeBytes += madeBytes(op);
            observe(() -> observer.onOp(call, op));
        }
    }

    private void observe(Runnable observation) {
        observing = true;
        try {
            observation.run();
        } finally {
            observing = false;
        }
    }

    /** Returns the size in bytes of those results that do not share an argument's memory. */
    private static long madeBytes(RecordedOp op) {
        List<Tensor> arguments = new ArrayList<>();
        TensorTree.forEach(op.arguments(), arguments::add);
        long[] sum = {0};
        TensorTree.forEach(op.result(), result -> {
            if (arguments.stream().noneMatch(a -> !a.isClosed() && a.isAliasOf(result))) {
                sum[0] += result.nbytes();
            }
        });
        return sum[0];
    }

    private static List<List<Long>> shapes(@Nullable Object tree) {
        List<List<Long>> shapes = new ArrayList<>();
        TensorTree.forEach(tree, t -> {
            List<Long> shape = new ArrayList<>();
            for (long size : t.shape()) {
                shape.add(size);
            }
            shapes.add(List.copyOf(shape));
        });
        return List.copyOf(shapes);
    }

    /** Removes the hooks and stops recording. */
    @Override
    public void close() {
        hooks.forEach(RemovableHandle::close);
        recorder.close();
    }
}
