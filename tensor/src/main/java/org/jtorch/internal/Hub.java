package org.jtorch.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Edge;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.jtorch.TensorScope;
import org.jtorch.TorchException;
import org.jtorch.internal.engine.Anomalies;
import org.jtorch.internal.engine.Engine;
import org.jtorch.internal.engine.EngineErrors;
import org.jtorch.internal.engine.GradCallback;
import org.jtorch.internal.engine.Lifelines;

/**
 * A node of the graph whose backward pass is Java code. The engine's nodes cannot be subclassed in Java, so this node
 * consists of the engine's own nodes and of hooks, which Java can register. Gradients flow from the outputs to the inputs
 * like this:
 *
 * <pre>
 *   output j ─▶ tap j ─┐                ┌─▶ expand i ─▶ port i ─▶ input i
 *   output k ─▶ tap k ─┴▶ junction ─────┴─▶ expand n ─▶ port n ─▶ input n
 * </pre>
 *
 * <ul>
 *   <li>A <em>tap</em> is the last operation of an output and does nothing. Hooks that users register on the output run there.
 *   <li>The <em>junction</em> receives the gradients of all outputs, each at its own input, and runs after the last has
 *       arrived. Its hooks put the gradients aside; the last hook runs the Java backward pass. The junction itself only
 *       computes a zero. <li>An <em>expand</em> (the backward pass of a sum) makes a placeholder of the zero, in the shape
 *       of its input, without memory. <li>The hook of a <em>port</em> replaces the placeholder. It must exist, since a hook
 *       can only replace an existing gradient. To pass on nothing, the placeholder is sent to a second input of the port,
 *       which the port ignores.
 * </ul>
 *
 * <p>Therefore the costs do not depend on the sizes of the tensors. A {@link Lifelines lifeline} of the junction keeps the
 * callbacks.
 *
 * <p>Custom functions are hubs. Anything else that needs the gradients of several tensors together can be one, too.
 */
public final class Hub {

    /** The Java side of a hub. */
    public interface Function {

        /**
         * Computes the gradients of the inputs. Operations are recorded if the engine creates a graph.
         *
         * @param gradOutputs a gradient for each output; null for an output that received none
         * @return a gradient for each input; null for none
         */
        List<? extends org.jtorch.@Nullable Tensor> backward(List<org.jtorch.@Nullable Tensor> gradOutputs);

        /**
         * Returns whether the backward pass runs in its own scope, which frees the gradients and the tensors that it
         * created. Otherwise they belong to the scope of the caller of the engine, or to the collector.
         */
        default boolean ownsScope() {
            return true;
        }

        /**
         * Returns whether the function only reads gradients. The nodes of the outputs then have another name, by which
         * {@link EngineErrors} recognises the cause of an error after a change in place.
         */
        default boolean isTap() {
            return false;
        }

        /** Frees what was saved, because no backward pass can follow or the graph was not kept. May be called twice. */
        void release();
    }

    private final String name;
    private final Function function;
    private final @Nullable Port[] ports;
    private final Anomalies.@Nullable Call call;
    private int outputs;
    private int junctions;
    private boolean freed;

    /**
     * Prepares a hub over {@code inputs} in their present state, before a computation may change them in place.
     *
     * @param name the name of the operation in messages
     * @param inputs all inputs; those that do not require grad receive no gradient
     */
    public Hub(String name, List<? extends org.jtorch.Tensor> inputs, Function function) {
        this.name = name;
        this.function = function;
        call = Anomalies.here(name);
        ports = new Port[inputs.size()];
        for (int i = 0; i < ports.length; i++) {
            Tensor input = Handles.of(inputs.get(i));
            if (input.requires_grad()) {
                ports[i] = new Port(this, i, input);
            }
        }
    }

    /**
     * Gives {@code values}, which were computed without being recorded, this hub as their history. May be called once.
     *
     * @param values the outputs; null for one that is not differentiable
     */
    public void connect(List<? extends org.jtorch.@Nullable Tensor> values) {
        outputs = values.size();
        Tensor[] handles = new Tensor[outputs];
        for (int j = 0; j < outputs; j++) {
            org.jtorch.Tensor value = values.get(j);
            handles[j] = value == null ? null : Handles.of(value);
        }
        new Junction(this, handles).attach();
    }

    /**
     * Returns tensors with the data and the history of outputs, for a backward pass that needs outputs and is recorded
     * itself. The tensors of the outputs cannot be used, since the hub must not refer to tensors that refer to the hub.
     *
     * @param values the data of outputs, not recorded; null for those that are not needed
     * @return new handles, at the same indices
     */
    public @Nullable Tensor[] reconnect(@Nullable Tensor[] values) {
        Tensor[] fresh = new Tensor[values.length];
        for (int j = 0; j < values.length; j++) {
            fresh[j] = values[j] == null ? null : values[j].detach();
        }
        new Junction(this, fresh).attach();
        return fresh;
    }

    /** Returns whether the running backward pass needs the gradient of input {@code i}. */
    public boolean needs(int i) {
        Port port = ports[i];
        return port != null && port.expand.task_should_compute_output(0);
    }

    /** Returns whether the running backward pass will reach this hub and compute gradients of inputs. */
    public synchronized boolean isWanted() {
        for (int i = 0; i < ports.length && !freed; i++) {
            if (needs(i)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Prepares a tensor that was changed in place to be an output. Hooks that were registered on it stay with the operation
     * that computed it before; new hooks are not added to them.
     */
    public static void forgetHistory(Tensor changed) {
        if (changed.requires_grad()) {
            changed.scatter_(0, Material.NO_INDEX, Material.ZERO); // recorded; connect replaces this record
        }
    }

    /** Frees a hub that was not connected. */
    public void discard() {
        free();
    }

    private synchronized void free() {
        freed = true;
        for (Port port : ports) {
            if (port != null) {
                port.free();
            }
        }
        function.release();
    }

    /** Called when a junction is freed. The last junction of the graph frees the rest. */
    private synchronized boolean left() {
        return --junctions == 0;
    }

    private synchronized void joined() {
        junctions++;
    }

    private void run(@Nullable Tensor[] stash) {
        boolean kept = torch.get_current_graph_task_keep_graph();
        int task = torch.get_current_graph_task_id();
        try (TensorScope scope = function.ownsScope() ? new TensorScope() : null) {
            List<org.jtorch.@Nullable Tensor> gradOutputs = new ArrayList<>(outputs);
            for (Tensor grad : stash) {
                gradOutputs.add(grad == null ? null : Handles.own(grad));
            }
            List<? extends org.jtorch.@Nullable Tensor> grads =
                    function.backward(Collections.unmodifiableList(gradOutputs));
            if (grads.size() != ports.length) {
                throw new TorchException(
                        "function " + name + "Backward returned an incorrect number of gradients (expected "
                                + ports.length + ", got " + grads.size() + ")");
            }
            for (Port port : ports) {
                if (port != null) {
                    org.jtorch.Tensor grad = grads.get(port.index);
                    port.offer(task, grad == null ? null : Handles.of(grad));
                }
            }
        }
        if (!kept) {
            function.release();
        }
    }

    // --- the parts ---------------------------------------------------------------------------------------------

    /** Leaves that require grad, used to create nodes. They receive no gradients, because their edges are replaced. */
    private static final class Material {
        static final Tensor SCALAR;
        static final Tensor NO_INDEX;
        static final Scalar ZERO;
        private static final Map<Byte, Tensor> METAS = new ConcurrentHashMap<>();
        private static final Map<Byte, Tensor> SCALARS = new ConcurrentHashMap<>();
        private static final Map<Integer, Tensor> VECTORS = new ConcurrentHashMap<>();

        static {
            Engine.load();
            SCALAR = leaf(torch.zeros(new long[0]));
            NO_INDEX = torch.zeros(new long[] {0}, new TensorOptions().dtype(new ScalarTypeOptional(ScalarType.Long)));
            ZERO = new Scalar(0.0);
        }

        private static Tensor leaf(Tensor tensor) {
            tensor.requires_grad_(true);
            return tensor;
        }

        /** Returns a tensor without dimensions and without memory. */
        static Tensor meta(ScalarType type) {
            return METAS.computeIfAbsent(
                    type.value,
                    t -> leaf(torch.empty(
                            new long[0],
                            new TensorOptions()
                                    .dtype(new ScalarTypeOptional(type))
                                    .device(new DeviceOptional(new Device("meta"))),
                            new MemoryFormatOptional())));
        }

        /** Returns a tensor without dimensions on the CPU, which describes the input of a node. */
        static Tensor scalar(ScalarType type) {
            return SCALARS.computeIfAbsent(
                    type.value, t -> torch.zeros(new long[0], new TensorOptions().dtype(new ScalarTypeOptional(type))));
        }

        static Tensor vector(int size) {
            return VECTORS.computeIfAbsent(size, n -> leaf(torch.zeros(new long[] {n})));
        }
    }

    /** Passes a gradient on to an input. */
    private static final class Port extends GradCallback {
        private final Hub hub;
        final int index;
        private final long[] shape;
        private final ScalarType type;
        private final boolean leaf;
        final Node expand;

        /** The edge from {@link #expand} to the port's node; part of {@link #expand}. */
        private final Edge edge;

        private final Map<Integer, Tensor> grads = new ConcurrentHashMap<>(4);

        Port(Hub hub, int index, Tensor input) {
            this.hub = hub;
            this.index = index;
            type = input.scalar_type().intern();
            leaf = input.is_leaf();
            shape = new long[(int) input.dim()];
            for (int d = 0; d < shape.length; d++) {
                shape[d] = input.size(d);
            }
            // the backward pass of a stack removes one dimension, and accepts missing gradients
            try (Tensor like = input.unsqueeze(0);
                    Node unsqueeze = like.grad_fn();
                    Tensor meta = Material.meta(type).expand(shape);
                    TensorVector one = new TensorVector(meta);
                    Tensor stacked = torch.stack(one, 0);
                    Node port = stacked.grad_fn()) {
                port.set_next_edge(0, unsqueeze.next_edge(0));
                port.clear_input_metadata();
                port.add_input_metadata(like);
                port.add_input_metadata(like);
                stacked.register_hook(this);
                try (Tensor summed = stacked.sum()) {
                    expand = summed.grad_fn();
                    expand.clear_input_metadata();
                    if (input.is_cpu()) {
                        expand.add_input_metadata(Material.scalar(type));
                    } else {
                        try (Tensor scalar = input.new_empty(new long[0])) {
                            expand.add_input_metadata(scalar);
                        }
                    }
                    edge = expand.next_edge(0);
                }
            }
        }

        /** Receives a gradient of the running backward pass. Gradients of several junctions are added. */
        void offer(int task, @Nullable Tensor grad) {
            if (!expand.task_should_compute_output(0)) {
                return;
            }
            if (grad != null) {
                Tensor fitted = fit(grad);
                Tensor before = grads.remove(task);
                if (before != null) {
                    Tensor sum = before.add(fitted);
                    before.close();
                    fitted.close();
                    fitted = sum;
                }
                grads.put(task, fitted);
            }
            edge.input_nr(grads.containsKey(task) ? 0 : 1);
        }

        /** Returns the gradient with the shape of the input and an additional leading dimension of size 1. */
        private Tensor fit(Tensor grad) {
            List<Tensor> temporary = new ArrayList<>();
            try {
                Tensor fitted = grad;
                if (!sameShape(fitted)) {
                    if (!torch.is_expandable_to(shape, shapeOf(fitted))) {
                        throw new TorchException(
                                "Function " + hub.name + "Backward returned an invalid gradient at index "
                                        + index + " - got " + Arrays.toString(shapeOf(grad))
                                        + " but expected shape compatible with "
                                        + Arrays.toString(shape));
                    }
                    fitted = fitted.sum_to_size(shape);
                    temporary.add(fitted);
                }
                if (fitted.is_complex() && !torch.isComplexType(type)) {
                    fitted = torch.real(fitted);
                    temporary.add(fitted);
                }
                if (fitted.scalar_type().intern() != type) {
                    fitted = fitted.to(type);
                    temporary.add(fitted);
                }
                return fitted.unsqueeze(0);
            } finally {
                temporary.forEach(Tensor::close);
            }
        }

        private boolean sameShape(Tensor grad) {
            if (grad.dim() != shape.length) {
                return false;
            }
            for (int d = 0; d < shape.length; d++) {
                if (grad.size(d) != shape[d]) {
                    return false;
                }
            }
            return true;
        }

        private static long[] shapeOf(Tensor tensor) {
            long[] sizes = new long[(int) tensor.dim()];
            for (int d = 0; d < sizes.length; d++) {
                sizes[d] = tensor.size(d);
            }
            return sizes;
        }

        @Override
        protected @Nullable Tensor onGrad(Tensor placeholder) {
            boolean wanted = placeholder.defined();
            placeholder.close();
            Tensor grad = wanted ? grads.remove(torch.get_current_graph_task_id()) : null;
            if (Anomalies.isActive()) {
                Anomalies.passing(hub.name, index, hub.call);
            }
            return grad == null ? null : own(grad);
        }

        /**
         * Returns a gradient that a leaf may use. A leaf adds to a gradient in place if nothing else refers to it, but it
         * cannot detect that another tensor shares the memory of this view.
         */
        private Tensor own(Tensor grad) {
            if (!leaf
                    || GradMode.is_enabled()
                    || !grad.has_storage()
                    || grad.storage().use_count() == 1) {
                return grad;
            }
            Tensor copy = grad.clone();
            grad.close();
            return copy;
        }

        void free() {
            expand.close();
            grads.values().forEach(Tensor::close);
            grads.clear();
            close();
        }
    }

    /** The node at which the gradients of outputs meet. */
    private static final class Junction implements Lifelines.Resource {
        private final Hub hub;
        private final Node node;
        private final List<Collector> collectors = new ArrayList<>(2);
        private final Map<Integer, Tensor[]> stashes = new ConcurrentHashMap<>(4);

        Junction(Hub hub, @Nullable Tensor[] values) {
            this.hub = hub;
            node = make(hub.ports);
            for (int j = 0; j < values.length; j++) {
                if (values[j] != null) {
                    collectors.add(new Collector(this, j));
                }
            }
            for (Collector collector : collectors) {
                connect(values[collector.output], collector);
            }
        }

        /** Creates the node, whose own result is a zero for each port. */
        private static Node make(@Nullable Port[] ports) {
            List<Port> wanted = new ArrayList<>(ports.length);
            for (Port port : ports) {
                if (port != null) {
                    wanted.add(port);
                }
            }
            int count = wanted.size();
            // the backward pass of poisson returns zeros for any input, and its forward pass with rate zero draws
            // no random number
            try (Tensor rate = torch.poisson(count == 1 ? Material.SCALAR : Material.vector(count))) {
                Node node = rate.grad_fn();
                if (count == 1) {
                    try (Edge edge = new Edge(wanted.get(0).expand, 0)) {
                        node.set_next_edge(0, edge);
                    }
                    return node;
                }
                try (TensorVector scalars = new TensorVector()) {
                    for (int i = 0; i < count; i++) {
                        scalars.push_back(Material.SCALAR);
                    }
                    try (Tensor stacked = torch.stack(scalars, 0);
                            Node fan = stacked.grad_fn()) {
                        for (int i = 0; i < count; i++) {
                            try (Edge edge = new Edge(wanted.get(i).expand, 0)) {
                                fan.set_next_edge(i, edge);
                            }
                        }
                        try (Edge edge = new Edge(fan, 0)) {
                            node.set_next_edge(0, edge);
                        }
                    }
                }
                return node;
            }
        }

        private void connect(Tensor value, Collector collector) {
            try (Tensor alias = value.detach();
                    Tensor passed = hub.function.isTap() ? Material.SCALAR.clone() : torch.alias(Material.SCALAR);
                    Node tap = passed.grad_fn()) {
                torch.create_gradient_edge(alias, node);
                alias.register_hook(collector);
                try (Edge edge = new Edge(node, (int) alias.output_nr())) {
                    tap.set_next_edge(0, edge);
                }
                tap.clear_input_metadata();
                torch.create_gradient_edge(value, tap);
            }
        }

        /** From here on, only the graph holds the node, and the lifeline of the node holds this object. */
        void attach() {
            hub.joined();
            Lifelines.attach(node, this);
            node.close();
        }

        /** Puts the gradient of one output aside. The collectors run one after the other, in their order. */
        void collect(Collector collector, @Nullable Tensor grad) {
            int task = torch.get_current_graph_task_id();
            Tensor[] stash = stashes.computeIfAbsent(task, t -> new Tensor[hub.outputs]);
            stash[collector.output] = grad;
            if (collector == collectors.get(collectors.size() - 1)) {
                stashes.remove(task);
                hub.run(stash);
            }
        }

        @Override
        public void release() {
            for (Tensor[] stash : stashes.values()) {
                for (Tensor grad : stash) {
                    if (grad != null) {
                        grad.close();
                    }
                }
            }
            collectors.forEach(Collector::close);
            if (hub.left()) {
                hub.free();
            }
        }
    }

    /** Receives the gradient of one output. */
    private static final class Collector extends GradCallback {
        private final Junction junction;
        final int output;

        Collector(Junction junction, int output) {
            this.junction = junction;
            this.output = output;
        }

        @Override
        protected @Nullable Tensor onGrad(Tensor grad) {
            if (grad.defined()) {
                junction.collect(this, grad);
            } else {
                grad.close();
                junction.collect(this, null);
            }
            return null;
        }
    }
}
