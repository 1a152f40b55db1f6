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
 * Keeps Java objects alive exactly as long as a node of a native graph. Native code refers to a Java callback weakly. If
 * the callback were collected before the graph, the backward pass would fail; if it were kept in a list forever, it would
 * leak.
 *
 * <p>A node has one field that holds a strong reference and is not used in computations: the parent in its anomaly
 * metadata, which names the node in which it was created while the engine detects anomalies. This class sets it to the
 * gradient accumulator of an empty leaf whose storage has a Java deleter. When the node is destroyed, the leaf is
 * destroyed, and the deleter reports which node it was.
 *
 * <p>The deleter runs inside of native destructors, so it only adds to a queue. {@link #drain} releases later: when a
 * tensor is freed or counted, or a backward pass ends.
 */
public final class Lifelines {

    /** A resource that lives as long as the node. */
    public interface Resource {

        /**
         * Called when the node is destroyed, to forget its address. It runs inside of native destructors and must do
         * nothing else.
         */
        default void onDeath() {}

        /** Frees the resource. Called once, later, on any thread. */
        void release();
    }

    private static final Map<Long, Resource> ALIVE = new ConcurrentHashMap<>();
    private static final Queue<Resource> DEAD = new ConcurrentLinkedQueue<>();
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final ThreadLocal<@Nullable Boolean> DRAINING = new ThreadLocal<>();

    /** Whether {@link #drain} has work. A plain read may be a moment late. */
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

    /** An address that is a number and is never read. */
    private static final class Numbered extends Pointer {
        Numbered(long number) {
            address = number;
        }
    }

    /**
     * Holds {@code resource} until {@code node} is destroyed, and then releases it. A node has only one lifeline; a second
     * one would end the first.
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

    /** Releases the resources of destroyed nodes. */
    public static void drain() {
        if (waiting) {
            release();
        }
    }

    private static void release() {
        if (DRAINING.get() != null) {
            return; // releasing frees graphs, whose resources are added to the same queue
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

    /** Returns the number of held resources, including those that wait for {@link #drain}. */
    public static int count() {
        return ALIVE.size() + new ArrayDeque<>(DEAD).size();
    }
}
