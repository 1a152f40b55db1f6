package org.jtorch.serialize;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;

/** A tensor as a file describes it: what it is, and where its elements are, which were not read. */
public final class TensorInfo {

    /**
     * What a tensor may be beyond its elements.
     *
     * @param conj whether it is a conjugate view of its storage
     * @param neg whether it is a negative view of its storage
     */
    record Traits(boolean requiresGrad, boolean parameter, boolean conj, boolean neg) {

        static final Traits NONE = new Traits(false, false, false, false);

        static Traits of(boolean requiresGrad) {
            return requiresGrad ? new Traits(true, false, false, false) : NONE;
        }
    }

    private final DType dtype;
    private final long[] shape;
    private final long[] strides;
    private final long storageOffset;
    private final Layout layout;
    private final Traits traits;
    private final @Nullable FileStorage storage;
    private final List<TensorInfo> parts;
    private final boolean coalesced;

    /** Set by {@link #uninitialized} alone. */
    private boolean uninitialized;

    private TensorInfo(
            DType dtype,
            long[] shape,
            long[] strides,
            long storageOffset,
            Layout layout,
            Traits traits,
            @Nullable FileStorage storage,
            List<TensorInfo> parts,
            boolean coalesced) {
        this.dtype = dtype;
        this.shape = shape;
        this.strides = strides;
        this.storageOffset = storageOffset;
        this.layout = layout;
        this.traits = traits;
        this.storage = storage;
        this.parts = parts;
        this.coalesced = coalesced;
    }

    /** A view of a storage; null for one of the meta device, which has none. */
    static TensorInfo strided(
            @Nullable FileStorage storage, DType dtype, long offset, long[] shape, long[] strides, Traits traits) {
        return new TensorInfo(dtype, shape, strides, offset, Layout.STRIDED, traits, storage, List.of(), false);
    }

    /** A sparse tensor made of indices and values. */
    static TensorInfo sparse(Layout layout, List<TensorInfo> parts, long[] shape, boolean coalesced) {
        DType dtype = parts.get(parts.size() - 1).dtype;
        return new TensorInfo(dtype, shape, new long[0], 0, layout, Traits.NONE, null, parts, coalesced);
    }

    /** A parameter or buffer of a lazy module, which has no shape yet; PyTorch does not say of which dtype it is. */
    static TensorInfo uninitialized(Traits traits) {
        TensorInfo info = strided(null, DType.FLOAT32, 0, new long[] {0}, new long[] {1}, traits);
        info.uninitialized = true;
        return info;
    }

    TensorInfo with(Traits traits) {
        return new TensorInfo(dtype, shape, strides, storageOffset, layout, traits, storage, parts, coalesced);
    }

    /** The type of its elements. */
    public DType dtype() {
        return dtype;
    }

    /** Its shape, a fresh array. */
    public long[] shape() {
        return shape.clone();
    }

    /** Steps between neighbours in elements, a fresh array; empty for a sparse tensor. */
    public long[] strides() {
        return strides.clone();
    }

    /** Where its first element is in its storage, in elements. */
    public long storageOffset() {
        return storageOffset;
    }

    /** How its elements lie. */
    public Layout layout() {
        return layout;
    }

    /** Whether it was saved as one that requires grad. */
    public boolean requiresGrad() {
        return traits.requiresGrad;
    }

    /** Whether it is a {@code torch.nn.Parameter}. */
    public boolean isParameter() {
        return traits.parameter;
    }

    /** Whether it is a parameter or buffer of a lazy module that has no shape yet; {@link #shape} is {@code [0]} then. */
    public boolean isUninitialized() {
        return uninitialized;
    }

    /** How many elements it has. */
    public long numel() {
        long numel = 1;
        for (long size : shape) {
            numel *= size;
        }
        return numel;
    }

    /** How many bytes its elements take; of a sparse tensor, its indices and values. */
    public long nbytes() {
        return parts.isEmpty()
                ? numel() * dtype.itemSize()
                : parts.stream().mapToLong(TensorInfo::nbytes).sum();
    }

    /** Where it was when it was saved, as PyTorch says it: {@code "cpu"}, {@code "cuda:0"}, {@code "meta"}. */
    public String location() {
        return storage == null
                ? uninitialized
                        ? "cpu"
                        : parts.isEmpty() ? "meta" : parts.get(0).location()
                : storage.location();
    }

    /** The name of its storage in the file, which tensors that share memory have in common; null where it has none. */
    public @Nullable String storageKey() {
        return storage == null ? null : storage.key();
    }

    Traits traits() {
        return traits;
    }

    @Nullable
    FileStorage storage() {
        return storage;
    }

    List<TensorInfo> parts() {
        return parts;
    }

    boolean coalesced() {
        return coalesced;
    }

    @Override
    public String toString() {
        return uninitialized
                ? dtype + " uninitialized"
                : dtype + Arrays.toString(shape) + (layout == Layout.STRIDED ? "" : " " + layout);
    }
}
