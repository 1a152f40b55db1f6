package org.jtorch.internal.engine;

import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.AnomalyMode;
import org.bytedeco.pytorch.Edge;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * What is known while anomalies are looked for: which call of the forward made a node of the graph, and which node a backward has
 * come to.
 *
 * <p>The engine's own mode checks each node's outputs for NaN. It is on during backwards only: in the forward it would collect a
 * C++ backtrace for each node, which takes milliseconds and tells a Java user nothing. Instead each operation leaves the stack
 * trace of its call here, under the addresses of the nodes that it made, and a hook that says when a backward comes to them.
 */
public final class Anomalies {

    private static final Pattern NAN =
            Pattern.compile("Function '([^']+)' returned nan values in its (\\d+)th output\\.");

    /** The engine's number of a node that is made first and run last: a gradient accumulator. */
    private static final long ACCUMULATOR = -1;

    private static final Map<Long, Call> CALLS = new ConcurrentHashMap<>();
    private static final ThreadLocal<@Nullable Watch> CURRENT = new ThreadLocal<>();

    /** The backwards that run now; a device's part of one runs on a thread of the engine's, which has no {@link #CURRENT}. */
    private static final Deque<Watch> RUNNING = new ConcurrentLinkedDeque<>();

    private static volatile boolean active;

    /** How often the search has begun: what is known from before does not count. */
    private static volatile int sessions;

    private static int open; // these three are guarded by the class
    private static int checking;
    private static int backwards;

    private Anomalies() {}

    /** A call of the forward that made nodes. */
    public static final class Call {

        /** Its stack trace is that of the call. */
        private final RuntimeException place;

        private final Set<String> nodes = new HashSet<>();

        private Call(String operator) {
            place = EngineErrors.failures().of("the backward of " + operator + " failed, which was called here", null);
        }
    }

    /** How far one backward has come. */
    public static final class Watch {
        private final @Nullable Watch outer;
        private volatile @Nullable Call call;

        /** Of a function whose backward is Java code: its name and which input's gradient is passed on. */
        private volatile @Nullable String function;

        private volatile int output;

        private Watch(@Nullable Watch outer) {
            this.outer = outer;
        }
    }

    // --- the mode ----------------------------------------------------------------------------------------------

    /** Whether anyone looks for anomalies. */
    public static boolean isActive() {
        return active;
    }

    /** Whether anyone wants NaN to be found. */
    public static synchronized boolean isChecking() {
        return checking > 0;
    }

    /** One more looks for them. */
    public static synchronized void enter(boolean checkNan) {
        open++;
        checking += checkNan ? 1 : 0;
        change();
        if (open == 1) {
            sessions++;
            Taps.change(true);
        }
        LastNode.make();
    }

    /** One fewer does. */
    public static synchronized void exit(boolean checkNan) {
        open--;
        checking -= checkNan ? 1 : 0;
        change();
        if (open == 0) {
            Taps.change(false);
            CALLS.clear();
        }
    }

    private static void change() {
        active = open > 0;
        if (backwards > 0) {
            AnomalyMode.set_enabled(active, checking > 0);
        }
    }

    // --- the forward -------------------------------------------------------------------------------------------

    /** An operation gave {@code results}, of the tensors among its arguments. */
    public static void made(String operator, List<Tensor> results, List<Tensor> arguments) {
        long last = LastNode.ofThisThread();
        long newest = last;
        Call call = null;
        for (Tensor handle : results) {
            if (!handle.requires_grad() || handle.is_leaf()) {
                continue;
            }
            try (Node node = handle.grad_fn()) {
                long number = node.sequence_nr();
                if (last != LastNode.UNKNOWN && number <= last) {
                    continue; // the operation has only looked at it
                }
                newest = Math.max(newest, number);
                call = call == null ? new Call(operator) : call;
                CALLS.put(node.address(), call);
                handle.register_hook(Entered.INSTANCE);
                call.nodes.add(nameOf(node));
                if (last != LastNode.UNKNOWN) {
                    Set<Long> seen = nodesOf(arguments);
                    seen.remove(node.address()); // an operation in place gives its argument
                    collect(call, node, last, seen);
                }
            }
        }
        LastNode.set(newest);
    }

    private static Set<Long> nodesOf(List<Tensor> arguments) {
        Set<Long> nodes = new HashSet<>();
        for (Tensor argument : arguments) {
            if (argument.requires_grad() && !argument.is_leaf()) {
                try (Node node = argument.grad_fn()) {
                    nodes.add(node.address());
                }
            }
        }
        return nodes;
    }

    /** The nodes that an operation of several made: those after {@code node} that are newer than {@code last}. */
    private static void collect(Call call, Node node, long last, Set<Long> seen) {
        long number = node.sequence_nr();
        if (number == ACCUMULATOR || number <= last || !seen.add(node.address())) {
            return;
        }
        call.nodes.add(nameOf(node));
        for (long i = 0; i < node.num_outputs(); i++) {
            Edge edge = node.next_edge(i); // part of the node
            if (edge.is_valid()) {
                try (Node next = edge.function()) {
                    collect(call, next, last, seen);
                }
            }
        }
    }

    private static String nameOf(Node node) {
        try (var name = node.name()) {
            return name.getString();
        }
    }

    /**
     * The number of the newest node that a thread has made: the engine counts them, on each native thread by itself. So it is not
     * known on a virtual thread, nor before an operation was seen on a thread.
     */
    private static final class LastNode {

        static final long UNKNOWN = -2;

        private static final ThreadLocal<@Nullable LastNode> CURRENT = new ThreadLocal<>();

        private final int session;
        private final long number;

        private LastNode(int session, long number) {
            this.session = session;
            this.number = number;
        }

        static long ofThisThread() {
            LastNode last = CURRENT.get();
            return last != null && last.session == sessions && !Modes.onVirtualThread() ? last.number : UNKNOWN;
        }

        static void set(long number) {
            CURRENT.set(new LastNode(sessions, number));
        }

        /** Makes one, so that what this thread makes later is newer. */
        static void make() {
            try (Modes.Mode recording = Modes.recording();
                    Tensor leaf = torch.zeros(new long[0]);
                    Tensor copy = leaf.requires_grad_(true).clone();
                    Node node = copy.grad_fn()) {
                set(node.sequence_nr());
            }
        }
    }

    /** A function whose backward is Java code was called: the place, or null if no one wants to know. */
    public static @Nullable Call here(String function) {
        return active ? new Call(function) : null;
    }

    // --- the backward ------------------------------------------------------------------------------------------

    /** A backward begins on this thread; null if no one looks for anomalies. */
    static @Nullable Watch begin() {
        if (!active) {
            return null;
        }
        Watch watch = new Watch(CURRENT.get());
        synchronized (Anomalies.class) {
            backwards++;
            AnomalyMode.set_enabled(active, checking > 0);
        }
        CURRENT.set(watch);
        RUNNING.add(watch);
        return watch;
    }

    /** It has ended. */
    static void end(@Nullable Watch watch) {
        if (watch == null) {
            return;
        }
        RUNNING.remove(watch);
        if (watch.outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(watch.outer);
        }
        synchronized (Anomalies.class) {
            if (--backwards == 0) {
                AnomalyMode.set_enabled(false, true);
            }
        }
    }

    private static @Nullable Watch watch() {
        Watch watch = CURRENT.get();
        return watch == null ? RUNNING.peekLast() : watch;
    }

    /** The running backward has come to a node; the hook does not change its gradient. */
    private static final class Entered extends GradCallback {

        static final Entered INSTANCE = new Entered();

        @Override
        protected @Nullable Tensor onGrad(Tensor grad) {
            grad.close();
            Watch watch = watch();
            if (watch != null) {
                try (Node node = torch.get_current_node()) {
                    watch.call = CALLS.get(node.address());
                    watch.function = null;
                }
            }
            return null;
        }
    }

    /** The running backward passes on the gradient of input {@code output} of a function whose backward is Java code. */
    public static void passing(String function, int output, @Nullable Call call) {
        Watch watch = watch();
        if (watch != null) {
            watch.call = call;
            watch.function = function + "Backward";
            watch.output = output;
        }
    }

    /** The failure {@code e} of a backward with the call of the forward as its cause, if it is known. */
    static RuntimeException explained(@Nullable Watch watch, RuntimeException e) {
        if (watch == null || !EngineErrors.failures().isOurs(e) || e.getCause() != null) {
            return e;
        }
        Call call = watch.call;
        RuntimeException explained = e;
        Matcher nan = NAN.matcher(String.valueOf(e.getMessage()));
        if (nan.matches()) {
            String function = watch.function;
            if (function != null) {
                explained = EngineErrors.failures()
                        .of(
                                "Function '" + function + "' returned nan values in its " + watch.output + "th output.",
                                null);
                explained.setStackTrace(e.getStackTrace());
            } else if (call != null && !call.nodes.contains(nan.group(1))) {
                call = null; // a node of a call that was not seen
            }
        }
        if (call != null) {
            explained.initCause(call.place);
        }
        return explained;
    }
}
