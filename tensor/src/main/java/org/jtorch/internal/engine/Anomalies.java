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
 * Records during the detection of anomalies which forward call created a node of the graph, and which node a backward pass
 * has reached.
 *
 * <p>The engine's own mode checks the outputs of each node for NaN. It is only on during backward passes. In the forward
 * pass it would collect a C++ backtrace for each node, which takes milliseconds and does not help a Java user. Instead,
 * each operation records the stack trace of its call here, under the addresses of the nodes that it created, and registers
 * a hook that runs when a backward pass reaches them.
 */
public final class Anomalies {

    private static final Pattern NAN =
            Pattern.compile("Function '([^']+)' returned nan values in its (\\d+)th output\\.");

    /** The sequence number that the engine gives to gradient accumulators, which are created first and run last. */
    private static final long ACCUMULATOR = -1;

    private static final Map<Long, Call> CALLS = new ConcurrentHashMap<>();
    private static final ThreadLocal<@Nullable Watch> CURRENT = new ThreadLocal<>();

    /**
     * The running backward passes. A part of one may run on a thread of the engine for another device, which has no {@link
     * #CURRENT}.
     */
    private static final Deque<Watch> RUNNING = new ConcurrentLinkedDeque<>();

    private static volatile boolean active;

    /** The number of times that the detection was started. Records of earlier detections are ignored. */
    private static volatile int sessions;

    private static int open; // guarded by the class, as the next two
    private static int checking;
    private static int backwards;

    private Anomalies() {}

    /** A forward call that created nodes. */
    public static final class Call {

        /** Its stack trace is that of the call. */
        private final RuntimeException place;

        private final Set<String> nodes = new HashSet<>();

        private Call(String operator) {
            place = EngineErrors.failures().of("the backward of " + operator + " failed; it was called here", null);
        }
    }

    /** The progress of one backward pass. */
    public static final class Watch {
        private final @Nullable Watch outer;
        private volatile @Nullable Call call;

        /**
         * For a function whose backward pass is Java code, its name and the index of the input whose gradient is passed on.
         */
        private volatile @Nullable String function;

        private volatile int output;

        private Watch(@Nullable Watch outer) {
            this.outer = outer;
        }
    }

    // --- the mode ----------------------------------------------------------------------------------------------

    /** Returns whether any thread detects anomalies. */
    public static boolean isActive() {
        return active;
    }

    /** Returns whether any thread checks for NaN. */
    public static synchronized boolean isChecking() {
        return checking > 0;
    }

    /** Starts one detection. */
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

    /** Ends one detection. */
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

    /** Records that an operation computed {@code results} from the tensors among its arguments. */
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
                    continue; // the operation did not compute it
                }
                newest = Math.max(newest, number);
                call = call == null ? new Call(operator) : call;
                CALLS.put(node.address(), call);
                handle.register_hook(Entered.INSTANCE);
                call.nodes.add(nameOf(node));
                if (last != LastNode.UNKNOWN) {
                    Set<Long> seen = nodesOf(arguments);
                    seen.remove(node.address()); // an in-place operation returns its argument
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

    /** Records the other nodes that an operation created: those that follow {@code node} and are newer than {@code last}. */
    private static void collect(Call call, Node node, long last, Set<Long> seen) {
        long number = node.sequence_nr();
        if (number == ACCUMULATOR || number <= last || !seen.add(node.address())) {
            return;
        }
        call.nodes.add(nameOf(node));
        for (long i = 0; i < node.num_outputs(); i++) {
            Edge edge = node.next_edge(i); // owned by the node
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
     * The sequence number of the newest node that a thread has created. The engine counts nodes for each native thread.
     * Therefore the number is not known on a virtual thread, and not before the first recorded operation of a thread.
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

        /** Creates a node, so that nodes that this thread creates later are newer. */
        static void make() {
            try (Modes.Mode recording = Modes.recording();
                    Tensor leaf = torch.zeros(new long[0]);
                    Tensor copy = leaf.requires_grad_(true).clone();
                    Node node = copy.grad_fn()) {
                set(node.sequence_nr());
            }
        }
    }

    /**
     * Returns a record of the current call of a function whose backward pass is Java code, or null if nobody detects
     * anomalies.
     */
    public static @Nullable Call here(String function) {
        return active ? new Call(function) : null;
    }

    // --- the backward ------------------------------------------------------------------------------------------

    /** Begins a backward pass on the current thread. Returns null if nobody detects anomalies. */
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

    /** Ends a backward pass. */
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

    /** Records that the running backward pass has reached a node. The hook does not change the gradient. */
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

    /** Records that the running backward pass passes on the gradient of input {@code output} of a Java function. */
    public static void passing(String function, int output, @Nullable Call call) {
        Watch watch = watch();
        if (watch != null) {
            watch.call = call;
            watch.function = function + "Backward";
            watch.output = output;
        }
    }

    /** Returns the failure {@code e} of a backward pass, with the forward call as its cause if it is known. */
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
                call = null; // a node of a call that was not recorded
            }
        }
        if (call != null) {
            explained.initCause(call.place);
        }
        return explained;
    }
}
