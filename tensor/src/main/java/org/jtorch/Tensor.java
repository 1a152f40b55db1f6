package org.jtorch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Backward;
import org.jtorch.internal.engine.Doors;
import org.jtorch.internal.engine.Lifelines;
import org.jtorch.internal.engine.Modes;

/**
 * A multi-dimensional array on a device, with the information that autograd needs to compute gradients.
 *
 * <p>The operations are in the interfaces that this class implements, one for each kind; {@link Torch} has the factories,
 * and the same operations as static methods. Broadcasting, dtype promotion and negative dimensions work as in PyTorch.
 *
 * <p><b>Memory.</b> A tensor is freed by {@link #close}, by the end of the {@link TensorScope} in which it was made, or by
 * the garbage collector, whichever comes first. Using it after that throws an {@link IllegalStateException}.
 *
 * <p><b>Threads.</b> Several threads may use one tensor at the same time. A thread may free or replace it while others use it:
 * their running operations finish with the old value, and later ones throw or see the new value. The memory of a tensor that
 * more than one thread has used is freed by the collector. Changing a tensor's values or shape in place while another thread
 * uses it is a data race, as in PyTorch.
 */
public non-sealed class Tensor extends Confined
        implements AutoCloseable,
                PointwiseOps,
                ReductionOps,
                ShapeOps,
                IndexingOps,
                LinearAlgebraOps,
                NeuralOps,
                RandomOps,
                HostOps,
                SubscriptOps {

    private static final VarHandle HANDLE;

    static {
        try {
            HANDLE = MethodHandles.lookup().findVarHandle(Tensor.class, "handle", org.bytedeco.pytorch.Tensor.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
        Ops.load();
        Doors.open(Tensor.class, new Doors.Tensors<Tensor>() {
            @Override
            public org.bytedeco.pytorch.Tensor handle(Tensor tensor) {
                return tensor.handle();
            }

            @Override
            public Tensor own(org.bytedeco.pytorch.Tensor handle) {
                return Ops.own(handle);
            }

            @Override
            public void handOver(Tensor tensor) {
                tensor.handOver();
            }

            @Override
            public void adopt(Tensor tensor) {
                tensor.adopt();
            }

            @Override
            public org.bytedeco.pytorch.@Nullable Tensor gradient(Tensor tensor) {
                return tensor.gradient();
            }

            @Override
            public void checkGradients(
                    Iterable<? extends Tensor> tensors, Iterable<? extends @Nullable Tensor> gradients) {
                GradientCheck.checkOutputs(tensors, gradients);
            }
        });
    }

    private org.bytedeco.pytorch.@Nullable Tensor handle;
    private @Nullable Optional optional;
    private @Nullable Tensor data;
    private GradHooks.@Nullable Leaf leafHooks;

    /**
     * The hooks on the operation that computed this tensor. They live as long as this object, even after the graph was
     * freed.
     */
    @SuppressWarnings("UnusedVariable") // only keeps the hooks reachable
    private @Nullable GradHooks computedHooks;

    private String freedBy = "another thread";
    private boolean uninitialized;

    /** What this tensor stands for while it has no handle. Not cleared when the handle returns, for threads that saw none. */
    private @Nullable StandIn standIn;

    /** The scope that frees this tensor, or null for the collector. */
    @Nullable
    TensorScope owner;

    /** What {@link NativeMemory} has counted for this tensor, and when. */
    long counted;

    int window;

    /** The engine's optional of a handle, valid only while the tensor has that handle. */
    private record Optional(org.bytedeco.pytorch.Tensor handle, TensorOptional value) {}

    Tensor(org.bytedeco.pytorch.Tensor handle) {
        this.handle = handle;
    }

    /**
     * Creates a tensor over the same data as {@code data}, detached from its graph and not owned by a scope. For subclasses
     * such as parameters.
     *
     * @param data the values, shared
     * @param requiresGrad whether autograd records operations on the tensor
     */
    protected Tensor(Tensor data, boolean requiresGrad) {
        org.bytedeco.pytorch.Tensor source = data.anyHandle();
        Modes.apply();
        try {
            org.bytedeco.pytorch.Tensor alias = source.detach();
            if (requiresGrad) {
                alias.requires_grad_(true);
            }
            this.handle = alias;
            NativeMemory.track(this, Ops.bytes(alias));
        } catch (RuntimeException e) {
            throw Ops.failure("detach", e);
        }
    }

    /**
     * Creates a tensor that holds nothing itself. Each use is a use of the tensor that {@code standIn} gives to the current
     * thread.
     *
     * @param standIn called at every use
     */
    protected Tensor(StandIn standIn) {
        this.standIn = standIn;
    }

    // --- the handle --------------------------------------------------------------------------------------------

    final org.bytedeco.pytorch.Tensor handle() {
        use();
        org.bytedeco.pytorch.Tensor current = handle;
        return current == null || uninitialized ? current().handle() : current;
    }

    /** Returns this object, or the tensor that it stands for. */
    final Tensor current() {
        if (handle == null) {
            VarHandle.acquireFence(); // pairs with lend: a thread that sees no handle sees a stand-in
            StandIn source = standIn;
            if (source != null) {
                return source.current();
            }
        }
        if (handle == null || uninitialized) {
            throw noHandle();
        }
        return this;
    }

    /** Returns whether this object stands for another tensor now. */
    final boolean hasStandIn() {
        return handle == null && standIn != null;
    }

    /** Moves the handle to a new object, and stands for what {@code source} returns until {@link #takeBack}. */
    final Tensor lend(Function<Tensor, StandIn> source) {
        share(); // threads that use this one now use another object
        Tensor lent = new Tensor(handle());
        lent.share();
        standIn = source.apply(lent);
        VarHandle.releaseFence();
        handle = null;
        return lent;
    }

    /** Ends {@link #lend}, given the tensor that it returned. This object stands for itself again. */
    final void takeBack(Tensor lent) {
        handle = lent.handle;
    }

    /** Returns the handle, even if {@link #isUninitialized}. It then has a dtype and a device, but no elements. */
    private org.bytedeco.pytorch.Tensor anyHandle() {
        use();
        org.bytedeco.pytorch.Tensor current = handle;
        return current == null ? current().anyHandle() : current;
    }

    private IllegalStateException noHandle() {
        return new IllegalStateException(
                handle == null
                        ? "this tensor was freed by " + freedBy
                        : "Attempted to use an uninitialized parameter. This error happens when you are using a `LazyModule`"
                                + " or explicitly manipulating `torch.nn.parameter.UninitializedParameter` objects. When using"
                                + " LazyModules Call `forward` with a dummy batch to initialize the parameters before calling"
                                + " torch functions");
    }

    /** Returns whether the shape is not known yet. The tensor can then only be moved and converted. */
    public final boolean isUninitialized() {
        return uninitialized;
    }

    /**
     * Sets whether the shape is not known yet, for subclasses whose shape becomes known later. While it is not, every use
     * except moving, converting and {@link #setData} throws an {@link IllegalStateException}.
     */
    protected final void setUninitialized(boolean newUninitialized) {
        uninitialized = newUninitialized;
    }

    final TensorOptional optionalHandle() {
        org.bytedeco.pytorch.Tensor current = handle();
        Optional kept = optional;
        if (kept == null || kept.handle() != current) {
            kept = new Optional(current, new TensorOptional(current));
            optional = kept;
        }
        return kept.value();
    }

    /** Frees this tensor and returns whether it was not freed before. Of two threads, only one gets true. */
    final boolean release(String by) {
        org.bytedeco.pytorch.Tensor current = exchange(null);
        if (current == null) {
            return false;
        }
        freedBy = by;
        standIn = null;
        owner = null;
        if (leafHooks != null) {
            leafHooks.close();
            leafHooks = null;
        }
        if (isMine()) {
            if (counted != 0) {
                NativeMemory.untrack(this);
            }
            current.close();
        } else if (counted == 0) {
            NativeMemory.count(Ops.bytes(current));
        }
        return true;
    }

    /** Replaces the handle by {@code next} and returns the old one, which may be freed only if {@link #isMine}. */
    private org.bytedeco.pytorch.@Nullable Tensor exchange(org.bytedeco.pytorch.@Nullable Tensor next) {
        org.bytedeco.pytorch.Tensor current = (org.bytedeco.pytorch.Tensor) HANDLE.getAndSet(this, next);
        Optional kept = optional;
        optional = null;
        if (kept != null && isMine()) {
            kept.value().close();
        }
        return current;
    }

    /**
     * Frees this tensor. The memory is released if no other tensor, view or graph uses it.
     *
     * @throws IllegalStateException if this tensor was already freed
     */
    @Override
    public void close() {
        if (hasStandIn()) {
            throw new IllegalStateException("this object stands for another tensor and holds nothing to free");
        }
        if (!release("close()")) {
            throw new IllegalStateException("this tensor was freed by " + freedBy);
        }
        Lifelines.drain();
    }

    /** Returns whether this tensor was freed. */
    public final boolean isClosed() {
        return handle == null && standIn == null;
    }

    /**
     * Moves this tensor out of every scope. It is then freed by {@link #close} or by the collector. For tensors that are
     * kept in an object, such as buffers.
     *
     * @return this tensor
     */
    public final Tensor unscoped() {
        if (hasStandIn()) {
            return this;
        }
        org.bytedeco.pytorch.Tensor current = anyHandle();
        if (owner != null) {
            NativeMemory.track(this, Ops.bytes(current));
        }
        return this;
    }

    /**
     * Returns a tensor over the same data that belongs to no graph and no scope (PyTorch's {@code tensor.data}). The same
     * object is returned each time, until {@link #setData} replaces the data or the returned tensor is closed.
     */
    public final Tensor data() {
        if (hasStandIn()) {
            return current().data();
        }
        Tensor current = data;
        if (current == null || current.isClosed()) {
            current = new Tensor(this, false);
            data = current;
        }
        return current;
    }

    /**
     * Replaces the data of this tensor by {@code data} (PyTorch's {@code tensor.data = data}). The object, its gradient,
     * and whether it requires grad stay. A backward pass through an earlier computation still adds its gradient here, in
     * the dtype that this tensor had then.
     *
     * @param data the new data; shared, not copied
     * @throws TorchException if this tensor is not a leaf
     */
    public final void setData(Tensor data) {
        if (hasStandIn()) {
            throw new IllegalStateException(
                    "this object stands for another tensor: what it holds cannot be replaced now");
        }
        org.bytedeco.pytorch.Tensor current = anyHandle();
        boolean requiresGrad = current.requires_grad();
        boolean leaf = current.is_leaf();
        if (!leaf) {
            throw new TorchException(
                    "setData replaces what a leaf holds; this tensor was computed from others: detach() first");
        }
        org.bytedeco.pytorch.Tensor source = data.anyHandle();
        Modes.apply();
        try {
            org.bytedeco.pytorch.Tensor alias = source.detach();
            if (requiresGrad) {
                alias.requires_grad_(true);
            }
            org.bytedeco.pytorch.Tensor old = exchange(alias);
            this.data = null;
            boolean mine = isMine();
            if (counted != 0) {
                if (mine) {
                    NativeMemory.untrack(this);
                }
                NativeMemory.track(this, Ops.bytes(alias));
            }
            if (leafHooks != null) {
                leafHooks = leafHooks.movedTo(this);
            }
            if (requiresGrad && old != null) {
                RetiredLeaves.replace(this, old, alias);
            }
            if (mine && old != null) {
                old.close();
            }
        } catch (RuntimeException e) {
            throw Ops.failure("set_data", e);
        }
    }

    // --- what it is --------------------------------------------------------------------------------------------

    /** Returns the number of dimensions. */
    public final int dim() {
        checkShape();
        return (int) handle().dim();
    }

    /** Returns the size of dimension {@code dim}; a negative number counts from the last dimension. */
    public final long size(long dim) {
        try {
            return handle().size(dim);
        } catch (RuntimeException e) {
            throw Ops.failure("size", e);
        }
    }

    /** Returns the sizes of all dimensions as a value that can be compared and printed: {@code [2, 3]}. */
    public final Size size() {
        return Size.ofOwned(shape());
    }

    /** Returns the sizes of all dimensions in a new array. */
    public final long[] shape() {
        checkShape();
        try {
            org.bytedeco.pytorch.Tensor current = handle();
            long[] shape = new long[(int) current.dim()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = current.size(i);
            }
            return shape;
        } catch (RuntimeException e) {
            throw Ops.failure("shape", e);
        }
    }

    /** Returns the distance in memory, in elements, between neighbours along dimension {@code dim}. */
    public final long stride(long dim) {
        try {
            return handle().stride(dim);
        } catch (RuntimeException e) {
            throw Ops.failure("stride", e);
        }
    }

    /** Returns the strides of all dimensions in a new array. */
    public final long[] strides() {
        try {
            org.bytedeco.pytorch.Tensor current = handle();
            long[] strides = new long[(int) current.dim()];
            for (int i = 0; i < strides.length; i++) {
                strides[i] = current.stride(i);
            }
            return strides;
        } catch (RuntimeException e) {
            throw Ops.failure("strides", e);
        }
    }

    /** Returns the number of elements. */
    public final long numel() {
        try {
            return handle().numel();
        } catch (RuntimeException e) {
            throw Ops.failure("numel", e);
        }
    }

    /** Returns the number of bytes that the elements take. */
    public final long nbytes() {
        try {
            return handle().nbytes();
        } catch (RuntimeException e) {
            throw Ops.failure("nbytes", e);
        }
    }

    /** Returns the index of the first element in the storage. */
    public final long storageOffset() {
        try {
            return handle().storage_offset();
        } catch (RuntimeException e) {
            throw Ops.failure("storage_offset", e);
        }
    }

    /** Returns the type of the elements. */
    public final DType dtype() {
        return DType.of(anyHandle().scalar_type());
    }

    /** Returns the device that holds this tensor. */
    public final Device device() {
        org.bytedeco.pytorch.Tensor handle = anyHandle();
        if (handle.is_cpu()) {
            return Device.CPU; // without the engine's object
        }
        try (var device = handle.device()) {
            return Device.of(device);
        }
    }

    /** Returns the layout in memory. */
    public final Layout layout() {
        try {
            return Layout.of(handle().layout());
        } catch (RuntimeException e) {
            throw Ops.failure("layout", e);
        }
    }

    /** Returns whether this tensor is dense and row-major. */
    public final boolean isContiguous() {
        try {
            return handle().is_contiguous();
        } catch (RuntimeException e) {
            throw Ops.failure("is_contiguous", e);
        }
    }

    /** Returns whether this tensor is dense in the given memory format. */
    public final boolean isContiguous(MemoryFormat format) {
        try {
            return handle().is_contiguous(format.handle);
        } catch (RuntimeException e) {
            throw Ops.failure("is_contiguous", e);
        }
    }

    /** Returns whether this tensor is on the CPU. */
    public final boolean isCpu() {
        return handle().is_cpu();
    }

    /** Returns whether {@code other} has the same dtype, device type and layout. */
    public final boolean sameKind(Tensor other) {
        org.bytedeco.pytorch.Tensor a = handle();
        org.bytedeco.pytorch.Tensor b = other.handle();
        return a.scalar_type().value == b.scalar_type().value
                && a.is_cpu() == b.is_cpu()
                && a.is_sparse() == b.is_sparse();
    }

    /** Returns whether the elements are real floating-point numbers. */
    public final boolean isFloatingPoint() {
        return anyHandle().is_floating_point();
    }

    /** Returns whether the elements are complex numbers. */
    public final boolean isComplex() {
        return anyHandle().is_complex();
    }

    /** Returns whether this is a nested tensor: a batch of tensors of different shapes. Its sizes cannot be queried. */
    public final boolean isNested() {
        return handle().is_nested();
    }

    /** Returns whether this tensor is a lazy conjugate of its storage. */
    public final boolean isConj() {
        return handle().is_conj();
    }

    /** Returns whether this tensor is a lazy negative of its storage. */
    public final boolean isNeg() {
        return handle().is_neg();
    }

    /** Returns whether this tensor has a shape but no values, that is, whether it is on {@link Device#META}. */
    public final boolean isMeta() {
        return handle().is_meta();
    }

    /** Returns whether this tensor shares its storage with {@code other}. */
    public final boolean isAliasOf(Tensor other) {
        try {
            return handle().is_alias_of(other.handle());
        } catch (RuntimeException e) {
            throw Ops.failure("is_alias_of", e);
        }
    }

    /**
     * Returns a number that identifies the storage as long as the storage lives. Two tensors have the same number if they
     * share their storage, as {@link #isAliasOf} determines. Works on the meta device, too.
     *
     * @throws TorchException if this tensor has no storage, for example because it is sparse
     */
    public final long storageId() {
        try (var storage = handle().storage();
                var impl = storage.unsafeGetStorageImpl()) {
            return impl.address();
        } catch (RuntimeException e) {
            throw Ops.failure("storage", e);
        }
    }

    private void checkShape() {
        if (uninitialized) {
            throw new IllegalStateException("Can't access the shape of an uninitialized parameter or buffer. "
                    + "This error usually happens in `load_state_dict` when trying to load "
                    + "an uninitialized parameter into an initialized one. "
                    + "Call `forward` to initialize the parameters before accessing their attributes.");
        }
    }

    // --- values ------------------------------------------------------------------------------------------------

    /**
     * Returns the only element as a double.
     *
     * @throws TorchException if the number of elements is not one
     */
    public final double item() {
        Ops.tapRead(this);
        try {
            return handle().item_double();
        } catch (RuntimeException e) {
            throw Ops.failure("item", e);
        }
    }

    /**
     * Returns the only element as a long.
     *
     * @throws TorchException if the number of elements is not one
     */
    public final long itemLong() {
        Ops.tapRead(this);
        try {
            return handle().item_long();
        } catch (RuntimeException e) {
            throw Ops.failure("item", e);
        }
    }

    // --- autograd ----------------------------------------------------------------------------------------------

    /** Returns whether autograd records operations on this tensor. */
    public final boolean requiresGrad() {
        return anyHandle().requires_grad();
    }

    /**
     * Sets whether autograd records operations on this tensor.
     *
     * @return this tensor
     * @throws TorchException if this tensor is not a leaf, or its dtype does not support gradients
     */
    public Tensor requiresGrad_(boolean requiresGrad) {
        Modes.apply();
        try {
            anyHandle().requires_grad_(requiresGrad);
        } catch (RuntimeException e) {
            throw Ops.failure("requires_grad_", e);
        }
        return this;
    }

    /** Makes autograd record operations on this tensor, as {@link #requiresGrad_(boolean)} with true. */
    public Tensor requiresGrad_() {
        return requiresGrad_(true);
    }

    /** Returns whether this tensor was not computed from tensors that require grad. */
    public final boolean isLeaf() {
        return anyHandle().is_leaf();
    }

    /** Returns the accumulated gradient, or null. Each call returns a new object over the same data. */
    public final @Nullable Tensor grad() {
        try {
            org.bytedeco.pytorch.Tensor slot = gradient();
            // the copy keeps the memory if the tensor drops or replaces its gradient
            return slot == null ? null : Ops.own(new org.bytedeco.pytorch.Tensor(slot));
        } catch (RuntimeException e) {
            throw Ops.failure("grad", e);
        }
    }

    /** Returns the engine's own reference to the gradient, whose content can be replaced, or null if there is none. */
    private org.bytedeco.pytorch.@Nullable Tensor gradient() {
        org.bytedeco.pytorch.Tensor current = anyHandle();
        RetiredLeaves.collect(this, current);
        org.bytedeco.pytorch.Tensor slot = current.grad();
        return slot.defined() ? slot : null;
    }

    /**
     * Replaces the accumulated gradient; null removes the gradient.
     *
     * @param grad a tensor with this tensor's shape, dtype and device, either strided or sparse COO; shared, not copied
     * @throws TorchException if {@code grad} is this tensor itself, or its shape, dtype, device or layout does not fit
     */
    public final void setGrad(@Nullable Tensor grad) {
        if (grad != null) {
            GradientCheck.check(this, grad);
        }
        try {
            RetiredLeaves.clear(this);
            anyHandle().mutable_grad().put(grad == null ? Ops.UNDEFINED : grad.handle());
        } catch (RuntimeException e) {
            throw Ops.failure("grad", e);
        }
    }

    /** Returns whether this tensor was made in inference mode. Autograd can never record operations on such a tensor. */
    public final boolean isInference() {
        return anyHandle().is_inference();
    }

    /** Keeps the gradient of a tensor that is not a leaf, so that {@link #grad} returns it after the backward pass. */
    public final void retainGrad() {
        try {
            handle().retain_grad();
        } catch (RuntimeException e) {
            throw Ops.failure("retain_grad", e);
        }
    }

    /** Returns whether {@link #retainGrad} was called on this tensor and it is not a leaf. */
    public final boolean retainsGrad() {
        try {
            return handle().retains_grad();
        } catch (RuntimeException e) {
            throw Ops.failure("retains_grad", e);
        }
    }

    /**
     * Computes the gradients of this scalar and adds them to {@link #grad} of the leaves. The graph is freed.
     *
     * @throws TorchException if this tensor is not a scalar or does not require grad, or if a hook or a custom function
     *     failed; the cause is then what it threw
     */
    public final void backward() {
        backward(null, false, false);
    }

    /**
     * Computes the gradients of this tensor, which may have any shape, as {@link #backward()} does.
     *
     * @param gradient the gradient with respect to this tensor, in its shape; null for 1
     */
    public final void backward(@Nullable Tensor gradient) {
        backward(gradient, false, false);
    }

    /**
     * Computes the gradients of this tensor as {@link #backward(Tensor)} does.
     *
     * @param gradient the gradient with respect to this tensor, in its shape; null for 1
     * @param retainGraph whether the graph is kept for another backward pass
     * @param createGraph whether the gradients are recorded themselves, for higher derivatives; this also keeps the graph
     */
    public final void backward(@Nullable Tensor gradient, boolean retainGraph, boolean createGraph) {
        GradientCheck.checkOutputs(List.of(this), Collections.singletonList(gradient));
        try (TensorVector of = new TensorVector(handle());
                TensorVector with = new TensorVector(gradient == null ? Ops.UNDEFINED : gradient.handle());
                TensorVector all = new TensorVector()) {
            Backward.accumulate(of, with, retainGraph || createGraph, createGraph, all);
        }
    }

    /**
     * Registers a hook that is called with the gradient of this tensor in every backward pass that computes it. Hooks are
     * called in the order in which they were registered. A hook on a computed tensor belongs to the computation and lives
     * as long as its graph; a hook on a leaf lives until it is removed or the tensor is freed.
     *
     * <p>A hook that refers to its own tensor, or to others of the graph, keeps them reachable until a backward pass that
     * frees the graph has run, or the hook is removed.
     *
     * @param hook receives the gradient and may replace it
     * @return a handle that removes the hook
     * @throws TorchException if this tensor does not require grad
     */
    public final RemovableHandle registerHook(TensorHook hook) {
        if (hasStandIn()) {
            return current().registerHook(hook);
        }
        if (!requiresGrad()) {
            throw new TorchException("cannot register a hook on a tensor that doesn't require gradient");
        }
        if (isLeaf()) {
            return leafHooks().add(hook);
        }
        GradHooks hooks = GradHooks.ofComputed(this);
        computedHooks = hooks;
        return hooks.add(hook);
    }

    /**
     * Registers a hook that is called with this leaf after a {@link #backward()} has accumulated its {@link #grad}, while the
     * pass computes the gradients of other leaves. PyTorch calls it at once; here it is called when the pass reaches the next leaf
     * with such a hook, and for the last one at the end. {@link org.jtorch.autograd.Autograd#grad} does not accumulate gradients
     * and does not call it.
     *
     * @param hook receives this tensor with its gradient
     * @return a handle that removes the hook
     * @throws TorchException if this tensor is not a leaf, or does not require grad
     */
    public final RemovableHandle registerPostAccumulateGradHook(Consumer<Tensor> hook) {
        if (hasStandIn()) {
            return current().registerPostAccumulateGradHook(hook);
        }
        if (!requiresGrad()) {
            throw new TorchException("cannot register a hook on a tensor that doesn't require gradient");
        }
        if (!isLeaf()) {
            throw new TorchException("post accumulate grad hooks cannot be registered on non-leaf tensors");
        }
        return leafHooks().addPostAccumulate(hook);
    }

    private GradHooks leafHooks() {
        GradHooks.Leaf leaf = leafHooks;
        if (leaf == null) {
            leaf = new GradHooks.Leaf(this);
            leafHooks = leaf;
        }
        return leaf.hooks();
    }

    /** Returns the number of in-place changes of the data. */
    public final long version() {
        try {
            return handle()._version();
        } catch (RuntimeException e) {
            throw Ops.failure("_version", e);
        }
    }

    /** Returns a copy with its own memory; autograd records it. Operator: {@code aten::clone}. */
    @Override
    public Tensor clone() {
        return ShapeOps.super.clone();
    }

    /** Returns the values, and the attributes that are not the default, exactly as Python prints the tensor. */
    @Override
    public String toString() {
        return TensorPrinter.repr(this, PrintOptions.current);
    }
}
