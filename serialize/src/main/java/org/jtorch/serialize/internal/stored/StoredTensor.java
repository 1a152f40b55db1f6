package org.jtorch.serialize.internal.stored;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.serialize.format.TensorInfo;
import org.jtorch.serialize.internal.elements.Strides;

/** A tensor in a file, with the storage of its elements. */
public final class StoredTensor implements TensorInfo {

    /**
     * Properties of a tensor other than its elements.
     *
     * @param conj whether it is a conjugate view of its storage
     * @param neg whether it is a negative view of its storage
     */
    public record Traits(boolean requiresGrad, boolean parameter, boolean conj, boolean neg) {

        public static final Traits NONE = new Traits(false, false, false, false);

        public static Traits of(boolean requiresGrad) {
            return requiresGrad ? new Traits(true, false, false, false) : NONE;
        }

        /** Returns the properties of a tensor with the same elements, detached from its graph. */
        public Traits detached() {
            return new Traits(false, false, conj, neg);
        }
    }

    /**
     * The description of a tensor in a file, if PyTorch has another form for it, or none.
     *
     * @param type the file's name for its type; null if that is the dtype
     * @param shape its shape in the file
     * @param refusal why it cannot be loaded; null if it can
     */
    public record Stated(
            @Nullable String type, long[] shape, @Nullable String refusal) {}

    private final DType dtype;
    private final long[] shape;
    private final long[] strides;
    private final long storageOffset;
    private final Layout layout;
    private final Traits traits;
    private final @Nullable FileStorage storage;
    private final List<StoredTensor> parts;
    private final boolean coalesced;

    /** Set only by {@link #uninitialized}. */
    private boolean uninitialized;

    /** Set only by {@link #stated}. */
    private @Nullable Stated stated;

    private StoredTensor(
            DType dtype,
            long[] shape,
            long[] strides,
            long storageOffset,
            Layout layout,
            Traits traits,
            @Nullable FileStorage storage,
            List<StoredTensor> parts,
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

    /** Returns a view of a storage, which is null for a tensor on the meta device. */
    public static StoredTensor strided(
            @Nullable FileStorage storage, DType dtype, long offset, long[] shape, long[] strides, Traits traits) {
        return new StoredTensor(dtype, shape, strides, offset, Layout.STRIDED, traits, storage, List.of(), false);
    }

    /** Returns a sparse tensor of indices and values. */
    public static StoredTensor sparse(Layout layout, List<StoredTensor> parts, long[] shape, boolean coalesced) {
        DType dtype = parts.get(parts.size() - 1).dtype;
        return new StoredTensor(dtype, shape, new long[0], 0, layout, Traits.NONE, null, parts, coalesced);
    }

    /** Returns a parameter or buffer of a lazy module without a shape. PyTorch does not save its dtype. */
    public static StoredTensor uninitialized(Traits traits) {
        StoredTensor info = strided(null, DType.FLOAT32, 0, new long[] {0}, new long[] {1}, traits);
        info.uninitialized = true;
        return info;
    }

    /**
     * Returns a tensor that has another form in the file.
     *
     * @param dtype the dtype of the tensor; {@link DType#BITS8} if there is none
     * @param shape the shape of the tensor
     */
    public static StoredTensor stated(FileStorage storage, DType dtype, long[] shape, Stated stated) {
        StoredTensor info = strided(storage, dtype, 0, shape, Strides.contiguous(shape), Traits.NONE);
        info.stated = stated;
        return info;
    }

    public StoredTensor with(Traits traits) {
        return new StoredTensor(dtype, shape, strides, storageOffset, layout, traits, storage, parts, coalesced);
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public String typeName() {
        Stated known = stated;
        String type = known == null ? null : known.type;
        return type == null ? dtype.toString() : type;
    }

    @Override
    public boolean isLoadable() {
        return refusal() == null;
    }

    /** Returns why the tensor cannot be loaded, or null if it can. */
    @Nullable
    public String refusal() {
        Stated known = stated;
        return known == null ? null : known.refusal;
    }

    @Override
    public long[] shape() {
        return (stated == null ? shape : stated.shape).clone();
    }

    @Override
    public long[] strides() {
        return stated == null ? strides.clone() : Strides.contiguous(stated.shape);
    }

    /** Returns the shape of the loaded tensor. */
    public long[] tensorShape() {
        return shape.clone();
    }

    /** Returns the strides of the loaded tensor. */
    public long[] tensorStrides() {
        return strides.clone();
    }

    @Override
    public long storageOffset() {
        return storageOffset;
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public boolean requiresGrad() {
        return traits.requiresGrad;
    }

    @Override
    public boolean isParameter() {
        return traits.parameter;
    }

    @Override
    public boolean isUninitialized() {
        return uninitialized;
    }

    @Override
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

    @Override
    public long nbytes() {
        return parts.isEmpty()
                ? product(shape) * dtype.itemSize()
                : parts.stream().mapToLong(StoredTensor::nbytes).sum();
    }

    @Override
    public String location() {
        return storage == null
                ? uninitialized
                        ? "cpu"
                        : parts.isEmpty() ? "meta" : parts.get(0).location()
                : storage.location();
    }

    @Override
    public @Nullable String storageKey() {
        return storage == null ? null : storage.key();
    }

    public Traits traits() {
        return traits;
    }

    @Nullable
    public FileStorage storage() {
        return storage;
    }

    public List<StoredTensor> parts() {
        return parts;
    }

    public boolean coalesced() {
        return coalesced;
    }

    @Override
    public String toString() {
        return uninitialized
                ? dtype + " uninitialized"
                : typeName() + Arrays.toString(shape()) + (layout == Layout.STRIDED ? "" : " " + layout);
    }
}
