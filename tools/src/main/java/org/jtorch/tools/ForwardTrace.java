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
 * Watches the calls of a model and of all modules below it on this thread, and which ops run in each, until it is closed. The
 * one mechanism of all tools that look into a forward.
 */
final class ForwardTrace implements AutoCloseable {

    /** One call of one module. */
    static final class Call {
        final String path;
        final Module<?, ?> module;
        /** The call that it came from, or null. */
        final @Nullable Call parent;

        final List<List<Long>> inputShapes;
        List<List<Long>> outputShapes = List.of();
        /** Bytes of the tensors that it gave. */
        long outputBytes;
        /** Multiply-adds of its own ops, without those of the modules that it called. */
        long multiplyAdds;
        /** Bytes that its own ops made, without those of the modules that it called. */
        long madeBytes;

        Call(String path, Module<?, ?> module, @Nullable Call parent, List<List<Long>> inputShapes) {
            this.path = path;
            this.module = module;
            this.parent = parent;
            this.inputShapes = inputShapes;
        }

        /**
         * Returns the paths of the modules that this call counts for: its own, those it came from, and those that hold one of
         * them, for a list of modules is not called itself.
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

    /** Is told what happens; the ops it runs itself are not counted. */
    interface Observer {
        /** An op ran in {@code call}. */
        default void onOp(Call call, RecordedOp op) {}

        /** A module gave {@code output}. */
        default void onOutput(Call call, @Nullable Object output) {}
    }

    private final Thread thread = Thread.currentThread();
    private final Observer observer;
    private final List<RemovableHandle> hooks = new ArrayList<>();
    private final OpRecorder recorder;
    private final List<Call> calls = new ArrayList<>();
    private final Deque<Call> running = new ArrayDeque<>();
    private boolean observing;

    /** Watches without an observer. */
    ForwardTrace(Module<?, ?> model) {
        this(model, new Observer() {});
    }

    /** Watches {@code model} from now on. */
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
            return; // another thread's call, or one that failed before it was entered
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

    /** Bytes of those results that do not lie in an argument's memory. */
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

    /** Removes its hooks and stops recording. */
    @Override
    public void close() {
        hooks.forEach(RemovableHandle::close);
        recorder.close();
    }
}
