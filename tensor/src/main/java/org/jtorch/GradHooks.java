package org.jtorch;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Accumulators;
import org.jtorch.internal.engine.Backward;
import org.jtorch.internal.engine.GradCallback;
import org.jtorch.internal.engine.Lifelines;

/**
 * The hooks of one gradient. One native hook calls the Java hooks in the order of their registration. Java hooks can
 * therefore be added and removed, even while they run, and only the native hook must live as long as the graph ({@link
 * Lifelines}).
 *
 * <p>A gradient arrives at an input of a node. The node is the operation that computed the tensor or, for a leaf, its
 * gradient accumulator. The engine holds accumulators weakly, so the tensor object of a leaf with hooks holds its
 * accumulator ({@link Leaf}).
 */
final class GradHooks implements Backward.Leaf {

    /** By the address of the native node. The address is not used for another node before the lifeline's death notice. */
    private static final Map<Long, NodePlaces> NODES = new HashMap<>();

    private final List<Entry<TensorHook>> before = new CopyOnWriteArrayList<>();
    private final List<Entry<Consumer<Tensor>>> after = new CopyOnWriteArrayList<>();
    private final WeakReference<Tensor> tensor;

    private GradHooks(Tensor tensor) {
        this.tensor = new WeakReference<>(tensor);
    }

    /** One registration. The same hook may be registered twice. */
    private static final class Entry<T> {
        final T hook;

        Entry(T hook) {
            this.hook = hook;
        }
    }

    /** Adds a hook after the existing ones. */
    RemovableHandle add(TensorHook hook) {
        Entry<TensorHook> entry = new Entry<>(hook);
        before.add(entry);
        return new RemovableHandle(() -> before.remove(entry));
    }

    /** Adds a hook that runs when the gradient of a leaf is accumulated. */
    RemovableHandle addPostAccumulate(Consumer<Tensor> hook) {
        Entry<Consumer<Tensor>> entry = new Entry<>(hook);
        after.add(entry);
        return new RemovableHandle(() -> after.remove(entry));
    }

    /** Called when the leaf's gradient was accumulated. */
    @Override
    public void accumulated() {
        Tensor leaf = tensor.get();
        if (leaf == null) {
            return; // the gradient is not reachable any more
        }
        for (Entry<Consumer<Tensor>> entry : after) {
            entry.hook.accept(leaf);
        }
    }

    /** Returns the hooks of a computed tensor. They stay with the node that computed it. */
    static GradHooks ofComputed(Tensor tensor) {
        org.bytedeco.pytorch.Tensor handle = tensor.handle();
        try (Node node = handle.grad_fn()) {
            return NodePlaces.of(node).hooks(handle, () -> new GradHooks(tensor));
        } catch (RuntimeException e) {
            throw Ops.failure("register_hook", e);
        }
    }

    /** What a leaf with hooks keeps reachable. */
    static final class Leaf implements AutoCloseable {
        private final Node accumulator;
        private final GradHooks hooks;

        /** Creates the object for a leaf, and its hooks if it has none yet. */
        Leaf(Tensor leaf) {
            this(leaf, null);
        }

        private Leaf(Tensor leaf, @Nullable GradHooks moved) {
            org.bytedeco.pytorch.Tensor handle = leaf.handle();
            try {
                accumulator = Accumulators.of(handle);
                hooks = NodePlaces.of(accumulator).hooks(handle, () -> moved == null ? new GradHooks(leaf) : moved);
            } catch (RuntimeException e) {
                throw Ops.failure("register_hook", e);
            }
        }

        /** Moves the hooks to the native tensor that {@code leaf} holds now. */
        Leaf movedTo(Tensor leaf) {
            Leaf moved = new Leaf(leaf, hooks);
            close();
            return moved;
        }

        /** Returns the hooks. */
        GradHooks hooks() {
            return hooks;
        }

        @Override
        public void close() {
            accumulator.close();
        }
    }

    /** All native hooks of one node. This is the resource of its lifeline. */
    private static final class NodePlaces implements Lifelines.Resource {
        private final long address;
        private final Map<Long, Place> places = new HashMap<>();

        private NodePlaces(long address) {
            this.address = address;
        }

        static NodePlaces of(Node node) {
            synchronized (NODES) {
                NodePlaces places = NODES.get(node.address());
                if (places == null) {
                    places = new NodePlaces(node.address());
                    NODES.put(node.address(), places);
                    Lifelines.attach(node, places);
                }
                return places;
            }
        }

        /** Returns the hooks of one gradient of the node. The caller's tensor keeps them reachable. */
        synchronized GradHooks hooks(org.bytedeco.pytorch.Tensor handle, Supplier<GradHooks> made) {
            Place place = places.get(handle.output_nr());
            if (place == null) {
                place = new Place();
                places.put(handle.output_nr(), place);
                handle.register_hook(place);
            }
            GradHooks hooks = place.hooks();
            if (hooks == null) {
                hooks = made.get();
                place.hold(hooks);
            }
            return hooks;
        }

        @Override
        public void onDeath() {
            synchronized (NODES) {
                NODES.remove(address);
            }
        }

        @Override
        public synchronized void release() {
            places.values().forEach(Place::close);
            places.clear();
        }
    }

    /**
     * One native hook. The graph keeps it, and with it the Java hooks, as long as another backward pass is possible. After
     * a backward pass that frees the graph, only the tensor objects keep the hooks. Otherwise a hook that refers to its own
     * tensor would keep the graph, and the graph would keep the hook.
     */
    private static final class Place extends GradCallback {
        @SuppressWarnings("UnusedVariable") // only keeps the hooks reachable
        private @Nullable GradHooks kept;

        private WeakReference<GradHooks> hooks = new WeakReference<>(null);

        synchronized void hold(GradHooks held) {
            kept = held;
            hooks = new WeakReference<>(held);
        }

        synchronized @Nullable GradHooks hooks() {
            return hooks.get();
        }

        private synchronized void letGo() {
            kept = null;
        }

        @Override
        protected org.bytedeco.pytorch.@Nullable Tensor onGrad(org.bytedeco.pytorch.Tensor grad) {
            GradHooks current = hooks();
            if (!torch.get_current_graph_task_keep_graph()) {
                letGo();
            }
            if (!grad.defined() || current == null) {
                grad.close();
                return null;
            }
            if (!current.after.isEmpty()) {
                Backward.reached(current);
            }
            if (current.before.isEmpty()) {
                grad.close();
                return null;
            }
            Tensor shown = Ops.own(grad);
            boolean changed = false;
            for (Entry<TensorHook> entry : current.before) {
                Tensor replacement = entry.hook.call(shown);
                if (replacement != null) {
                    shown = replacement;
                    changed = true;
                }
            }
            return changed ? new org.bytedeco.pytorch.Tensor(shown.handle()) : null;
        }
    }
}
