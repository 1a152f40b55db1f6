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
 * A node of the graph whose backward is Java code. The engine's nodes cannot be subclassed from Java; this is one made of
 * its own nodes and of hooks, which Java may register. Gradients flow from the outputs to the inputs so:
 *
 * <pre>
 *   output j ─▶ tap j ─┐                ┌─▶ expand i ─▶ port i ─▶ input i
 *   output k ─▶ tap k ─┴▶ junction ─────┴─▶ expand n ─▶ port n ─▶ input n
 * </pre>
 *
 * <ul>
 *   <li>A <em>tap</em> is the last operation of an output and does nothing: hooks that users put on the output run there.
 *   <li>The <em>junction</em> takes all outputs' gradients, each at an input of its own, and runs when the last has come. Its
 *       hooks take the gradients aside; the last of them runs the Java backward. What it computes itself is one zero.
 *   <li>An <em>expand</em> (a sum's backward) makes of the zero a placeholder shaped as its input, which takes no memory.
 *   <li>A <em>port</em>'s hook replaces the placeholder, which has to be there since hooks only replace what is there. To pass
 *       nothing on, the placeholder is sent to a second input of the port, to which it does not look.
 * </ul>
 *
 * <p>So the costs do not depend on the tensors' sizes. A {@link Lifelines lifeline} of the junction keeps the callbacks.
 *
 * <p>Custom functions are hubs, and so can be everything else that has to see gradients of several tensors at once.
 */
public final class Hub {

    /** The Java side of a hub. */
    public interface Function {

        /**
         * Computes the inputs' gradients. Recorded where the engine creates a graph.
         *
         * @param gradOutputs one for each output, null where none came
         * @return one for each input, null for none
         */
        List<? extends org.jtorch.@Nullable Tensor> backward(List<org.jtorch.@Nullable Tensor> gradOutputs);

        /**
         * Whether the backward runs in a scope of its own, which frees the gradients and what it made. Else they belong to the
         * scope of whoever called the engine, or to the collector.
         */
        default boolean ownsScope() {
            return true;
        }

        /**
         * Whether it only looks at gradients. The nodes that outputs get have another name then, by which {@link EngineErrors}
         * knows what a change in place has met.
         */
        default boolean isTap() {
            return false;
        }

        /** No backward comes any more, or the graph was not kept: frees what was saved. May be called twice. */
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
     * Prepares a hub over {@code inputs} as they are now, before a computation may change them in place.
     *
     * @param name of what it does, for messages
     * @param inputs all inputs; those that require no grad get none
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
     * Gives {@code values}, computed without being recorded, their history: this hub. To be called once.
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
     * Tensors with the data of outputs, and their history: for a backward that needs outputs and is recorded itself. The
     * outputs' own tensors would not do: what the hub holds must not hold the hub.
     *
     * @param values data of outputs, not recorded; null for those that are not wanted
     * @return new handles, in the same places
     */
    public @Nullable Tensor[] reconnect(@Nullable Tensor[] values) {
        Tensor[] fresh = new Tensor[values.length];
        for (int j = 0; j < values.length; j++) {
            fresh[j] = values[j] == null ? null : values[j].detach();
        }
        new Junction(this, fresh).attach();
        return fresh;
    }

    /** Whether the running backward wants the gradient of input {@code i}. */
    public boolean needs(int i) {
        Port port = ports[i];
        return port != null && port.expand.task_should_compute_output(0);
    }

    /** Whether the running backward will come here, to gradients of inputs. */
    public synchronized boolean isWanted() {
        for (int i = 0; i < ports.length && !freed; i++) {
            if (needs(i)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Prepares a tensor that was changed in place to be an output: hooks registered on it until now stay with the operation
     * that computed it before, and new ones will not join them.
     */
    public static void forgetHistory(Tensor changed) {
        if (changed.requires_grad()) {
            changed.scatter_(0, Material.NO_INDEX, Material.ZERO); // recorded, and its record replaced by connect
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

    /** The last of the graph's junctions frees the rest. */
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

    /** Leaves that require grad, to make nodes of; they get no gradients, for their edges are replaced. */
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

        /** Of no dimensions and no memory. */
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

        /** Of no dimensions, on the CPU: what a node's input looks like. */
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

        /** From {@link #expand} to the port's node: part of the former. */
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
            // a stack's backward takes one dimension off, and is content where nothing came
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

        /** Takes a gradient of the running backward; several junctions' are added. */
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

        /** As the input's, with a dimension of size 1 in front. */
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
         * A leaf takes what only it can see as its gradient, to add to it in place; it would not know that the memory behind
         * this view is also another's.
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

    /** Where outputs' gradients come together. */
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

        /** The node, whose own output is a zero for each port. */
        private static Node make(@Nullable Port[] ports) {
            List<Port> wanted = new ArrayList<>(ports.length);
            for (Port port : ports) {
                if (port != null) {
                    wanted.add(port);
                }
            }
            int count = wanted.size();
            // the backward of poisson gives zeros, whatever comes; its forward at rate zero draws no random number
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

        /** From here on only the graph holds the node, and the node's lifeline this. */
        void attach() {
            hub.joined();
            Lifelines.attach(node, this);
            node.close();
        }

        /** Takes one output's gradient aside. They come one after the other, in the order of the collectors. */
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

    /** Sees the gradient of one output. */
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
