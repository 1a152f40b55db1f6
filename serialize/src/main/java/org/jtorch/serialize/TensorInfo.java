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

        /** Those of the same elements without a place in the graph. */
        Traits detached() {
            return new Traits(false, false, conj, neg);
        }
    }

    /**
     * How a file states a tensor that PyTorch has in another form, or has no form for.
     *
     * @param type the file's name for its type; null if that is the dtype
     * @param shape its shape, as the file counts it
     * @param refusal why it cannot be loaded; null if it can
     */
    record Stated(
            @Nullable String type, long[] shape, @Nullable String refusal) {}

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

    /** Set by {@link #stated} alone. */
    private @Nullable Stated stated;

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

    /**
     * Elements that the file states otherwise than a tensor has them.
     *
     * @param dtype what the tensor is of; {@link DType#BITS8} where there is none
     * @param shape the tensor's shape
     */
    static TensorInfo stated(FileStorage storage, DType dtype, long[] shape, Stated stated) {
        TensorInfo info = strided(storage, dtype, 0, shape, Strides.contiguous(shape), Traits.NONE);
        info.stated = stated;
        return info;
    }

    TensorInfo with(Traits traits) {
        return new TensorInfo(dtype, shape, strides, storageOffset, layout, traits, storage, parts, coalesced);
    }

    /** The type of its elements; {@link DType#BITS8} for one that is not {@linkplain #isLoadable loadable}. */
    public DType dtype() {
        return dtype;
    }

    /**
     * The name of its elements' type: PyTorch's, {@code torch.float32}, or what the file calls one that PyTorch does not have,
     * {@code F6_E2M3}.
     */
    public String typeName() {
        Stated known = stated;
        String type = known == null ? null : known.type;
        return type == null ? dtype.toString() : type;
    }

    /**
     * Whether PyTorch has a tensor of this kind. One that is not so is listed with its shape and its bytes; it stays as this
     * description among the values that are loaded with others, and asking for it by its key is an error.
     */
    public boolean isLoadable() {
        return refusal() == null;
    }

    /** Why it cannot be loaded; null if it can. */
    @Nullable
    String refusal() {
        Stated known = stated;
        return known == null ? null : known.refusal;
    }

    /**
     * Its shape as the file counts it, a fresh array. The tensors of {@link DType#FLOAT4_E2M1FN_X2} in a safetensors file count
     * single numbers; loaded, each element holds two, and the last size is half of this.
     */
    public long[] shape() {
        return (stated == null ? shape : stated.shape).clone();
    }

    /** Steps between neighbours in elements, a fresh array; empty for a sparse tensor. */
    public long[] strides() {
        return stated == null ? strides.clone() : Strides.contiguous(stated.shape);
    }

    /** The shape of the tensor that is made of it. */
    long[] tensorShape() {
        return shape.clone();
    }

    /** The strides of the tensor that is made of it. */
    long[] tensorStrides() {
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
        return product(stated == null ? shape : stated.shape);
    }

    private static long product(long[] sizes) {
        long product = 1;
        for (long size : sizes) {
            product *= size;
        }
        return product;
    }

    /** How many bytes its elements take; of a sparse tensor, its indices and values. */
    public long nbytes() {
        return parts.isEmpty()
                ? product(shape) * dtype.itemSize()
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

    /** The name of its storage in the file, which tensors that share memory have in common; null if it has none. */
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
                : typeName() + Arrays.toString(shape()) + (layout == Layout.STRIDED ? "" : " " + layout);
    }
}
