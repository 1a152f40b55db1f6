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
 * A multi-dimensional array on a device, with what autograd needs to differentiate what is computed from it.
 *
 * <p>Operations are in the interfaces it implements, one a kind; {@link Torch} has the factories and the same operations as
 * static functions. Broadcasting, dtype promotion and negative dimensions are PyTorch's.
 *
 * <p><b>Memory.</b> A tensor is freed by {@link #close}, by the end of the {@link TensorScope} it was made in, or by the
 * garbage collector, whichever comes first. Use after that is an {@link IllegalStateException}.
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

    /** The hooks on the operation that computed it, which live as long as this object even after the graph was freed. */
    @SuppressWarnings("UnusedVariable") // held, not read
    private @Nullable GradHooks computedHooks;

    private String freedBy = "another thread";
    private boolean uninitialized;

    /** What it stands for while it has no handle itself; stays when it has one again, for whoever saw that there was none. */
    private @Nullable StandIn standIn;

    /** Who frees it; null for the collector. */
    @Nullable
    TensorScope owner;

    /** What {@link NativeMemory} has counted for it, and when. */
    long counted;

    int window;

    /** The engine's optional of a handle; only valid as long as that is the tensor's. */
    private record Optional(org.bytedeco.pytorch.Tensor handle, TensorOptional value) {}

    Tensor(org.bytedeco.pytorch.Tensor handle) {
        this.handle = handle;
    }

    /**
     * A tensor object over the same data as {@code data}, detached from its graph; owned by no scope. For subclasses such as
     * parameters.
     *
     * @param data the values, shared
     * @param requiresGrad whether autograd records what is computed from it
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
     * A tensor object that holds nothing itself: each use is a use of what {@code standIn} gives to the using thread.
     *
     * @param standIn asked at every use
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

    /** This object, or what it stands for. */
    final Tensor current() {
        if (handle == null) {
            VarHandle.acquireFence(); // pairs with lend: whoever sees no handle sees a stand-in
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

    /** Whether it stands for another now. */
    final boolean hasStandIn() {
        return handle == null && standIn != null;
    }

    /** Hands what it holds to an object of its own, and stands for what {@code source} says until {@link #takeBack}. */
    final Tensor lend(Function<Tensor, StandIn> source) {
        share(); // whoever uses it now uses another object
        Tensor lent = new Tensor(handle());
        lent.share();
        standIn = source.apply(lent);
        VarHandle.releaseFence();
        handle = null;
        return lent;
    }

    /** Ends what {@link #lend} began, given what that gave: it stands for itself again. */
    final void takeBack(Tensor lent) {
        handle = lent.handle;
    }

    /** The handle, also while {@link #isUninitialized}: then it has a dtype, a device and no elements. */
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

    /** Whether its shape is not known yet: it can be moved and converted, and nothing else. */
    public final boolean isUninitialized() {
        return uninitialized;
    }

    /**
     * For subclasses whose shape becomes known later: while {@code newUninitialized}, every use but moving, converting and
     * {@link #setData} throws.
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

    /** Frees it, and says whether it was not freed before: of two threads, one does it. */
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

    /** Puts {@code next} in the place of the handle, and returns what was there. It may be freed only if {@link #isMine}. */
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
     * Frees this tensor's hold on its memory; the memory itself goes when nothing else, a view or a graph, holds it.
     *
     * @throws IllegalStateException if it was freed already
     */
    @Override
    public void close() {
        if (hasStandIn()) {
            throw new IllegalStateException("this object stands for another tensor and holds nothing to free");
        }
        if (!release("close()")) {
            throw new IllegalStateException("this tensor was freed by " + freedBy + " before");
        }
        Lifelines.drain();
    }

    /** Whether it was freed. */
    public final boolean isClosed() {
        return handle == null && standIn == null;
    }

    /**
     * Moves this tensor out of every scope: {@link #close} or the collector frees it then. For tensors that live in an
     * object, such as buffers.
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
     * The same data outside of every graph and scope (PyTorch's {@code tensor.data}): one object, kept, until {@link #setData}
     * replaces it or it is closed.
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
     * Makes this object hold {@code data} in place of what it held (PyTorch's {@code tensor.data = data}). The object, whether
     * it requires grad, and its gradient stay. A backward through what was computed before brings its gradient here too, in the
     * dtype that this tensor had then.
     *
     * @param data what to hold; shared, not copied
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

    /** Number of dimensions. */
    public final int dim() {
        checkShape();
        return (int) handle().dim();
    }

    /** Size of dimension {@code dim}; negative counts from the last. */
    public final long size(long dim) {
        try {
            return handle().size(dim);
        } catch (RuntimeException e) {
            throw Ops.failure("size", e);
        }
    }

    /** The sizes of all dimensions as a value that can be compared and printed: {@code [2, 3]}. */
    public final Size size() {
        return Size.ofOwned(shape());
    }

    /** The sizes of all dimensions, a fresh array. */
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

    /** Step in memory, in elements, between neighbours along dimension {@code dim}. */
    public final long stride(long dim) {
        try {
            return handle().stride(dim);
        } catch (RuntimeException e) {
            throw Ops.failure("stride", e);
        }
    }

    /** The strides of all dimensions, a fresh array. */
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

    /** Number of elements. */
    public final long numel() {
        try {
            return handle().numel();
        } catch (RuntimeException e) {
            throw Ops.failure("numel", e);
        }
    }

    /** Bytes that its elements take. */
    public final long nbytes() {
        try {
            return handle().nbytes();
        } catch (RuntimeException e) {
            throw Ops.failure("nbytes", e);
        }
    }

    /** Where its first element stands in its storage, in elements. */
    public final long storageOffset() {
        try {
            return handle().storage_offset();
        } catch (RuntimeException e) {
            throw Ops.failure("storage_offset", e);
        }
    }

    /** The elements' type. */
    public final DType dtype() {
        return DType.of(anyHandle().scalar_type());
    }

    /** Where it lives. */
    public final Device device() {
        try (var device = anyHandle().device()) {
            return Device.of(device);
        }
    }

    /** How it lies in memory. */
    public final Layout layout() {
        try {
            return Layout.of(handle().layout());
        } catch (RuntimeException e) {
            throw Ops.failure("layout", e);
        }
    }

    /** Whether it is dense and row-major. */
    public final boolean isContiguous() {
        try {
            return handle().is_contiguous();
        } catch (RuntimeException e) {
            throw Ops.failure("is_contiguous", e);
        }
    }

    /** Whether it is dense in that order. */
    public final boolean isContiguous(MemoryFormat format) {
        try {
            return handle().is_contiguous(format.handle);
        } catch (RuntimeException e) {
            throw Ops.failure("is_contiguous", e);
        }
    }

    /** Whether it lives on the CPU. */
    public final boolean isCpu() {
        return handle().is_cpu();
    }

    /** Whether {@code other} has the same dtype, device type and layout. */
    public final boolean sameKind(Tensor other) {
        org.bytedeco.pytorch.Tensor a = handle();
        org.bytedeco.pytorch.Tensor b = other.handle();
        return a.scalar_type().value == b.scalar_type().value
                && a.is_cpu() == b.is_cpu()
                && a.is_sparse() == b.is_sparse();
    }

    /** Whether its elements are of a real floating-point type. */
    public final boolean isFloatingPoint() {
        return anyHandle().is_floating_point();
    }

    /** Whether its elements are complex. */
    public final boolean isComplex() {
        return anyHandle().is_complex();
    }

    /** Whether it is a batch of tensors of different shapes in one, whose sizes cannot be asked for. */
    public final boolean isNested() {
        return handle().is_nested();
    }

    /** Whether it is a lazy conjugate of what its storage holds. */
    public final boolean isConj() {
        return handle().is_conj();
    }

    /** Whether it is a lazy negative of what its storage holds. */
    public final boolean isNeg() {
        return handle().is_neg();
    }

    /** Whether it has a shape and no values: it lies on {@link Device#META}. */
    public final boolean isMeta() {
        return handle().is_meta();
    }

    /** Whether its storage is {@code other}'s. */
    public final boolean isAliasOf(Tensor other) {
        try {
            return handle().is_alias_of(other.handle());
        } catch (RuntimeException e) {
            throw Ops.failure("is_alias_of", e);
        }
    }

    /**
     * A number that two tensors share where their storage is the same, as {@link #isAliasOf} tells; its storage's own while that
     * lives. On the meta device too.
     *
     * @throws TorchException if it has no storage, as a sparse tensor
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
     * The one element as a double.
     *
     * @throws TorchException if there is not exactly one
     */
    public final double item() {
        try {
            return handle().item_double();
        } catch (RuntimeException e) {
            throw Ops.failure("item", e);
        }
    }

    /**
     * The one element as a long.
     *
     * @throws TorchException if there is not exactly one
     */
    public final long itemLong() {
        try {
            return handle().item_long();
        } catch (RuntimeException e) {
            throw Ops.failure("item", e);
        }
    }

    // --- autograd ----------------------------------------------------------------------------------------------

    /** Whether autograd records what is computed from it. */
    public final boolean requiresGrad() {
        return anyHandle().requires_grad();
    }

    /**
     * Switches autograd's recording on or off.
     *
     * @return this tensor
     * @throws TorchException if it is no leaf, or its dtype has no gradients
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

    /** {@link #requiresGrad_(boolean)} with true. */
    public Tensor requiresGrad_() {
        return requiresGrad_(true);
    }

    /** Whether it was made by the user and not computed from tensors that require grad. */
    public final boolean isLeaf() {
        return anyHandle().is_leaf();
    }

    /** The accumulated gradient, or null. A new object over the same data at every call. */
    public final @Nullable Tensor grad() {
        try {
            org.bytedeco.pytorch.Tensor current = anyHandle();
            RetiredLeaves.collect(this, current);
            // the engine hands out its own slot: what is in it now has to be copied
            org.bytedeco.pytorch.Tensor grad = new org.bytedeco.pytorch.Tensor(current.grad());
            if (!grad.defined()) {
                grad.close();
                return null;
            }
            return Ops.own(grad); // it holds the bytes when the tensor has dropped or replaced it
        } catch (RuntimeException e) {
            throw Ops.failure("grad", e);
        }
    }

    /**
     * Replaces the accumulated gradient; null removes it.
     *
     * @param grad of this tensor's shape, dtype and device, strided as this tensor is or sparse COO; shared, not copied
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

    /** Whether it was made in inference mode, so that autograd can never record what is computed from it. */
    public final boolean isInference() {
        return anyHandle().is_inference();
    }

    /** Keeps the gradient of a tensor that is no leaf, so that {@link #grad} has it after the backward. */
    public final void retainGrad() {
        try {
            handle().retain_grad();
        } catch (RuntimeException e) {
            throw Ops.failure("retain_grad", e);
        }
    }

    /** Whether {@link #retainGrad} was called on this tensor, and it is no leaf. */
    public final boolean retainsGrad() {
        try {
            return handle().retains_grad();
        } catch (RuntimeException e) {
            throw Ops.failure("retains_grad", e);
        }
    }

    /**
     * Computes the gradients of this scalar and adds them to the leaves' {@link #grad}; the graph is freed.
     *
     * @throws TorchException if this is no scalar, or requires no grad; or where a hook or custom function failed, with
     *     what it threw as the cause
     */
    public final void backward() {
        backward(null, false, false);
    }

    /**
     * As {@link #backward()}, for any shape.
     *
     * @param gradient the gradient of what is differentiated with respect to this tensor, shaped as it; null for 1
     */
    public final void backward(@Nullable Tensor gradient) {
        backward(gradient, false, false);
    }

    /**
     * As {@link #backward(Tensor)}.
     *
     * @param gradient the gradient of what is differentiated with respect to this tensor, shaped as it; null for 1
     * @param retainGraph whether the graph is kept for another backward
     * @param createGraph whether the gradients are themselves recorded, for higher derivatives; it keeps the graph too
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
     * Calls {@code hook} with the gradient of this tensor in every backward that computes it, after the hooks registered
     * before. On a tensor that was computed, it belongs to that computation and lives as long as a graph with it; on a
     * leaf, until it is removed or the tensor is freed.
     *
     * <p>A hook that refers to its own tensor, or to others of the graph, keeps them from the collector until a backward that
     * frees the graph has run, or the hook is removed.
     *
     * @param hook sees the gradient, and may replace it
     * @return takes it off again
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
     * Calls {@code hook} with this leaf after a {@link #backward()} has accumulated its {@link #grad}: at the end of that
     * backward, where PyTorch calls it between two steps of it. {@link org.jtorch.autograd.Autograd#grad} accumulates nothing and calls none.
     *
     * @param hook sees this tensor with its gradient
     * @return takes it off again
     * @throws TorchException if this tensor is no leaf, or does not require grad
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

    /** Counts the in-place changes of its data. */
    public final long version() {
        try {
            return handle()._version();
        } catch (RuntimeException e) {
            throw Ops.failure("_version", e);
        }
    }

    /** A copy with its own memory; autograd passes through. Operator: {@code aten::clone}. */
    @Override
    public Tensor clone() {
        return ShapeOps.super.clone();
    }

    /** The values, and what is not the default, letter for letter as Python prints the tensor. */
    @Override
    public String toString() {
        return TensorPrinter.repr(this, PrintOptions.current);
    }
}
