package org.jtorch.serialize.internal.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.internal.elements.StorageType;
import org.jtorch.serialize.internal.pickle.Arguments;
import org.jtorch.serialize.internal.pickle.Global;
import org.jtorch.serialize.internal.pickle.Internal;
import org.jtorch.serialize.internal.pickle.NotUnderstoodException;
import org.jtorch.serialize.internal.stored.Bounds;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.internal.torch.TorchEnvironment.StorageReference;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/** Describes the tensors of a pickle, after checking that each is within its storage. */
public final class TensorDescriptions {

    private final Limits limits;

    TensorDescriptions(Limits limits) {
        this.limits = limits;
    }

    void addTo(BiConsumer<String, Function<Arguments, @Nullable Object>> names) {
        names.accept("torch._utils._rebuild_tensor", this::tensor);
        names.accept("torch._utils._rebuild_tensor_v2", this::tensorV2);
        names.accept("torch._utils._rebuild_tensor_v3", this::tensorV3);
        names.accept("torch._utils._rebuild_parameter", TensorDescriptions::parameter);
        names.accept("torch._utils._rebuild_parameter_with_state", TensorDescriptions::parameterWithState);
        names.accept("torch._utils._rebuild_sparse_tensor", this::sparse);
        names.accept("torch._utils._rebuild_meta_tensor_no_storage", this::meta);
        names.accept("torch.nn.parameter.UninitializedParameter", a -> uninitialized(a, true));
        names.accept("torch.nn.parameter.UninitializedBuffer", a -> uninitialized(a, false));
        names.accept("torch._tensor._rebuild_from_type", TensorDescriptions::fromType);
        names.accept("torch._tensor._rebuild_from_type_v2", TensorDescriptions::fromType);
    }

    // --- views of a storage ------------------------------------------------------------------------------------

    /** Returns the result of {@code _rebuild_tensor(storage, offset, size, stride)}. */
    private StoredTensor tensor(Arguments arguments) {
        StorageReference storage = storage(arguments.expect(4, 4));
        return view(arguments, storage, typed(arguments, storage), StoredTensor.Traits.NONE);
    }

    /**
     * Returns the result of {@code _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks, metadata=None)}.
     * The hooks, which are code, are ignored.
     */
    private StoredTensor tensorV2(Arguments arguments) {
        StorageReference storage = storage(arguments.expect(6, 7));
        DType dtype = typed(arguments, storage);
        return view(arguments, storage, dtype, traits(arguments, dtype, arguments.count() == 7 ? 6 : -1));
    }

    /**
     * Returns the result of {@code _rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype,
     * metadata=None)}.
     */
    private StoredTensor tensorV3(Arguments arguments) {
        StorageReference storage = storage(arguments.expect(7, 8));
        DType dtype = arguments.get(6, DType.class);
        return view(arguments, storage, dtype, traits(arguments, dtype, arguments.count() == 8 ? 7 : -1));
    }

    private static StoredTensor.Traits traits(Arguments arguments, DType dtype, int metadata) {
        boolean requiresGrad = arguments.bool(4);
        checkDifferentiable(dtype, requiresGrad);
        if (metadata < 0 || arguments.get(metadata) == null) {
            return StoredTensor.Traits.of(requiresGrad);
        }
        Map<?, ?> bits = arguments.get(metadata, Map.class);
        if (!Set.of("conj", "neg").containsAll(bits.keySet())
                || !bits.values().stream().allMatch(Boolean.class::isInstance)) {
            throw new NotUnderstoodException("a tensor has metadata other than conj and neg");
        }
        boolean conj = Boolean.TRUE.equals(bits.get("conj"));
        if (conj && !dtype.isComplex()) {
            throw new CheckpointException(
                    "a tensor of " + dtype + " is a conjugate view, which only complex ones can be");
        }
        return new StoredTensor.Traits(requiresGrad, false, conj, Boolean.TRUE.equals(bits.get("neg")));
    }

    private static StorageReference storage(Arguments arguments) {
        if (arguments.get(0) instanceof StorageReference storage) {
            return storage;
        }
        throw arguments.wrong(0, "a storage");
    }

    private static DType typed(Arguments arguments, StorageReference storage) {
        DType dtype = storage.dtype();
        if (dtype == null) {
            throw arguments.wrong(0, "a storage with a type");
        }
        return dtype;
    }

    private StoredTensor view(Arguments arguments, StorageReference storage, DType dtype, StoredTensor.Traits traits) {
        if (StorageType.elements(dtype) != dtype) {
            throw new NotUnderstoodException("a tensor of " + dtype + " without its scale");
        }
        long offset = arguments.integer(1);
        long[] size = arguments.integers(2);
        long[] stride = arguments.integers(3);
        long numel = storage.dtype() == null ? storage.numel() / dtype.itemSize() : storage.numel();
        if (storage.dtype() != null && storage.dtype().itemSize() != dtype.itemSize()) {
            throw new NotUnderstoodException("a tensor of " + dtype + " is a view of a storage of " + storage.dtype());
        }
        check(storage, numel, dtype, offset, size, stride);
        // TorchScript has storages of the meta device, which are empty
        return storage.isMeta()
                ? StoredTensor.strided(null, dtype, offset, size, stride, traits)
                : StoredTensor.strided(storage.storage(), dtype, storage.offset() + offset, size, stride, traits);
    }

    private void check(
            @Nullable StorageReference storage, long numel, DType dtype, long offset, long[] size, long[] stride) {
        Bounds.check(storage == null ? null : storage.storage(), numel, dtype, offset, size, stride, limits);
    }

    private static void checkDifferentiable(DType dtype, boolean requiresGrad) {
        if (requiresGrad && !dtype.isFloatingPoint() && !dtype.isComplex()) {
            throw new CheckpointException(
                    "a tensor of " + dtype + " requires grad, which only floating-point and complex tensors can");
        }
    }

    // --- tensors made of tensors -------------------------------------------------------------------------------

    /** Returns the result of {@code _rebuild_parameter(data, requires_grad, hooks)}. */
    private static StoredTensor parameter(Arguments arguments) {
        StoredTensor data = arguments.expect(3, 3).get(0, StoredTensor.class);
        boolean requiresGrad = arguments.bool(1);
        checkDifferentiable(data.dtype(), requiresGrad);
        StoredTensor.Traits traits = data.traits();
        return data.with(new StoredTensor.Traits(requiresGrad, true, traits.conj(), traits.neg()));
    }

    /**
     * Returns the result of {@code _rebuild_parameter_with_state(data, requires_grad, hooks, state)}, without Python's own
     * attributes.
     */
    private static StoredTensor parameterWithState(Arguments arguments) {
        List<@Nullable Object> values = arguments.expect(4, 4).values();
        return parameter(new Arguments(arguments.callee(), values.subList(0, 3)));
    }

    /**
     * Returns the result of {@code _rebuild_from_type_v2(function, type, arguments, state)}: a tensor of a subclass. If it
     * has its own elements, it becomes a plain tensor; Python's own attributes and classes are ignored. If it wraps other
     * tensors, as a quantized or a distributed tensor does, it becomes a record of its class, whose state contains these
     * tensors.
     */
    private static Object fromType(Arguments arguments) {
        Tuple values = arguments.expect(4, 4).get(2, Tuple.class);
        if (arguments.get(0) instanceof Global function && function.name().startsWith("torch._utils._rebuild_")) {
            Object tensor = function.builder().apply(new Arguments(function.name(), values.values()));
            if (tensor instanceof StoredTensor) {
                return tensor;
            }
        }
        Object type = arguments.get(1) instanceof Internal internal ? internal.record() : arguments.get(1);
        if (!(type instanceof PythonGlobal subclass)) {
            throw arguments.wrong(1, "a class");
        }
        PythonObject wrapper = new PythonObject(subclass.name(), values, Map.of());
        wrapper.setState(arguments.get(3));
        return wrapper;
    }

    /**
     * Returns the result of {@code _rebuild_sparse_tensor(layout, parts)}: indices and values, or compressed and plain
     * indices and values.
     */
    private StoredTensor sparse(Arguments arguments) {
        if (arguments.count() != 2) {
            throw new NotUnderstoodException("a sparse tensor of another form");
        }
        Layout layout = arguments.get(0, Layout.class);
        Arguments data =
                new Arguments(arguments.callee(), arguments.get(1, Tuple.class).values());
        int count =
                switch (layout) {
                    case SPARSE_COO -> 2;
                    case SPARSE_CSR, SPARSE_CSC, SPARSE_BSR, SPARSE_BSC -> 3;
                    default -> throw new NotUnderstoodException("a sparse tensor of the layout " + layout);
                };
        data.expect(count + 1, layout == Layout.SPARSE_COO ? count + 2 : count + 1);
        List<StoredTensor> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StoredTensor part = data.get(i, StoredTensor.class);
            if (part.layout() != Layout.STRIDED || part.storage() == null) {
                throw new NotUnderstoodException("a sparse tensor of parts that are not dense");
            }
            if (count == 3 && i == 0 && part.shape().length > 1) {
                throw new NotUnderstoodException("a batch of compressed sparse tensors");
            }
            if (i < count - 1 && part.dtype() != DType.INT64 && part.dtype() != DType.INT32) {
                throw new CheckpointException("the indices of a sparse tensor are of " + part.dtype());
            }
            parts.add(part.with(part.traits().detached()));
        }
        long[] size = data.integers(count);
        // it has no storage, so only the number of elements is limited
        check(null, Long.MAX_VALUE, parts.get(count - 1).dtype(), 0, size, new long[size.length]);
        boolean coalesced = data.count() == count + 2 && data.get(count + 1) != null && data.bool(count + 1);
        return StoredTensor.sparse(layout, parts, size, coalesced);
    }

    /** Returns the result of {@code _rebuild_meta_tensor_no_storage(dtype, size, stride, requires_grad)}. */
    private StoredTensor meta(Arguments arguments) {
        DType dtype = arguments.expect(4, 4).get(0, DType.class);
        long[] size = arguments.integers(1);
        long[] stride = arguments.integers(2);
        boolean requiresGrad = arguments.bool(3);
        checkDifferentiable(dtype, requiresGrad);
        check(null, limits.numel(), dtype, 0, size, stride);
        return StoredTensor.strided(null, dtype, 0, size, stride, StoredTensor.Traits.of(requiresGrad));
    }

    /** Returns the result of {@code UninitializedParameter(requires_grad)} or {@code UninitializedBuffer(requires_grad)}. */
    private static StoredTensor uninitialized(Arguments arguments, boolean parameter) {
        boolean requiresGrad = arguments.expect(1, 1).bool(0);
        return StoredTensor.uninitialized(new StoredTensor.Traits(requiresGrad, parameter, false, false));
    }
}
