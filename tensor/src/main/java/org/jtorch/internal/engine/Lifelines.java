package org.jtorch.internal.engine;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.AnomalyMetadata;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.PointerConsumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Java objects alive exactly as long as a node of a native graph. Native code holds a Java callback weakly: were it
 * collected before the graph, the backward would fail; were it kept in a list for ever, it would leak.
 *
 * <p>A node offers one place that holds a strong reference and that nothing computes with: the parent in its anomaly
 * metadata, which names the node it was made in while anomalies are looked for. There goes the gradient accumulator of an
 * empty leaf whose storage has a Java deleter. When the node goes, the leaf goes, and the deleter tells which node it was.
 *
 * <p>The deleter runs in the midst of native destructors, so it only queues; {@link #drain} frees later, at the next
 * occasion that a tensor is freed, counted, or a backward ends.
 */
public final class Lifelines {

    /** What lives as long as the node. */
    public interface Resource {

        /** The node goes at this moment: forget its address. Called within native destructors, so nothing else. */
        default void onDeath() {}

        /** Frees what is held. Called once, later, on any thread. */
        void release();
    }

    private static final Map<Long, Resource> ALIVE = new ConcurrentHashMap<>();
    private static final Queue<Resource> DEAD = new ConcurrentLinkedQueue<>();
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final ThreadLocal<@Nullable Boolean> DRAINING = new ThreadLocal<>();

    /** Whether {@link #drain} has work; a plain read on the paths that ask, at worst a moment late. */
    private static volatile boolean waiting;

    private static final PointerConsumer DELETER;
    private static final long[] EMPTY = {0};
    private static final TensorOptions LEAF;

    static {
        Engine.load();
        DELETER = new Deleter();
        LEAF = new TensorOptions().requires_grad(new BoolOptional(true));
    }

    private Lifelines() {}

    private static final class Deleter extends PointerConsumer {
        @Override
        public void call(Pointer number) {
            Resource resource = ALIVE.remove(number.address());
            if (resource != null) {
                resource.onDeath();
                DEAD.add(resource);
                waiting = true;
            }
        }
    }

    /** An address that is a number and never read. */
    private static final class Numbered extends Pointer {
        Numbered(long number) {
            address = number;
        }
    }

    /**
     * Holds {@code resource} until {@code node} is destroyed, then releases it. A node has one lifeline: a second would
     * end the first.
     */
    public static void attach(Node node, Resource resource) {
        long number = NUMBERS.incrementAndGet();
        ALIVE.put(number, resource);
        try (Modes.Mode recording = Modes.recording();
                Tensor leaf = torch.from_blob(new Numbered(number), EMPTY, DELETER, LEAF);
                Tensor derived = leaf.clone();
                Node holder = derived.grad_fn()) {
            AnomalyMetadata metadata = node.metadata();
            metadata.assign_parent(holder);
        }
    }

    /** Releases what has died. */
    public static void drain() {
        if (waiting) {
            release();
        }
    }

    private static void release() {
        if (DRAINING.get() != null) {
            return; // releasing frees graphs, whose resources join the queue that is being worked through
        }
        DRAINING.set(Boolean.TRUE);
        try {
            waiting = false;
            Resource dead;
            while ((dead = DEAD.poll()) != null) {
                dead.release();
            }
        } finally {
            DRAINING.remove();
        }
    }

    /** How many resources are held, dead ones that wait for {@link #drain} included. */
    public static int count() {
        return ALIVE.size() + new ArrayDeque<>(DEAD).size();
    }
}
