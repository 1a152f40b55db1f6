package org.jtorch.serialize.internal.torch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Operator;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.UntypedStorage;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.contents.StateDicts;
import org.jtorch.serialize.internal.elements.StorageType;
import org.jtorch.serialize.internal.pickle.Pickler;
import org.jtorch.serialize.python.OrderedDict;

/** Writes PyTorch's own values as PyTorch pickles them, and collects the storages to which the tensors refer, each once. */
public final class TensorPickling implements Pickler.Extension, AutoCloseable {

    /**
     * A storage that occurred before.
     *
     * @param key its name in the archive
     * @param dtype the type of its elements according to the first tensor
     */
    private record Met(String key, DType dtype, UntypedStorage storage) {}

    private final NumpyPickling numpy = new NumpyPickling();
    private final List<UntypedStorage> storages = new ArrayList<>();
    private final Map<Long, Met> met = new HashMap<>();

    /** The form of each state dict, which may occur again. */
    private final Map<StateDict, OrderedDict> forms = new IdentityHashMap<>();

    /** Returns the pickle of {@code value}, which refers to {@link #storages}. */
    public ByteBuffer pickle(@Nullable Object value) {
        return Pickler.dump(value instanceof StateDict state ? StateDicts.form(state) : value, this);
    }

    /** Returns the storages in the order of their keys, 0, 1, … */
    public List<UntypedStorage> storages() {
        return storages;
    }

    @Override
    public boolean save(Pickler pickler, Object value) {
        if (value instanceof Tensor tensor && tensor.isUninitialized()) {
            uninitialized(pickler, tensor instanceof Parameter, tensor.requiresGrad());
            pickler.reduce(tensor);
        } else if (value instanceof Parameter parameter) {
            parameter(pickler, parameter);
        } else if (value instanceof Tensor tensor) {
            any(pickler, tensor, tensor.requiresGrad(), tensor);
        } else if (value instanceof Size size) {
            pickler.global("torch", "Size");
            pickler.integers(size.toArray());
            pickler.tupleOf(1);
            pickler.reduce(size);
        } else if (value instanceof DType dtype) {
            pickler.global("torch", dtype.torchName());
        } else if (value instanceof Device device) {
            device(pickler, device);
        } else if (value instanceof Layout layout) {
            pickler.global("torch.serialization", "_get_layout");
            pickler.string(layout.toString());
            pickler.tupleOf(1);
            pickler.reduce(layout);
        } else if (value instanceof StateDict state) {
            pickler.save(forms.computeIfAbsent(state, StateDicts::form));
        } else {
            return numpy.save(pickler, value);
        }
        return true;
    }

    private static void device(Pickler pickler, Device device) {
        pickler.global("torch", "device");
        pickler.string(device.type());
        if (device.index() >= 0) {
            pickler.integer(device.index());
        }
        pickler.tupleOf(device.index() >= 0 ? 2 : 1);
        pickler.reduce(device);
    }

    /**
     * Writes {@code UninitializedParameter(requires_grad)} of a lazy module, without its call. PyTorch does not save its
     * dtype.
     */
    static void uninitialized(Pickler pickler, boolean parameter, boolean requiresGrad) {
        pickler.global("torch.nn.parameter", parameter ? "UninitializedParameter" : "UninitializedBuffer");
        pickler.bool(requiresGrad);
        pickler.tupleOf(1);
    }

    /** Writes {@code _rebuild_parameter(data, requires_grad, hooks)}. */
    private void parameter(Pickler pickler, Parameter parameter) {
        pickler.global("torch._utils", "_rebuild_parameter");
        any(pickler, parameter, false, new Object());
        pickler.bool(parameter.requiresGrad());
        pickler.emptyOrderedDict();
        pickler.tupleOf(3);
        pickler.reduce(parameter);
    }

    /** Writes a tensor of any layout and device, which is {@code made} when it is read. */
    private void any(Pickler pickler, Tensor tensor, boolean requiresGrad, Object made) {
        if (SparsePickling.takes(tensor)) {
            SparsePickling.save(pickler, tensor);
        } else if (tensor.device().equals(Device.META)) {
            meta(pickler, tensor.dtype(), tensor.shape(), tensor.strides(), requiresGrad);
        } else {
            tensor(pickler, tensor, requiresGrad);
        }
        pickler.reduce(made);
    }

    /** Writes {@code _rebuild_meta_tensor_no_storage(dtype, size, stride, requires_grad)}, without its call. */
    static void meta(Pickler pickler, DType dtype, long[] shape, long[] strides, boolean requiresGrad) {
        pickler.global("torch._utils", "_rebuild_meta_tensor_no_storage");
        pickler.mark();
        pickler.save(dtype);
        pickler.integers(shape);
        pickler.integers(strides);
        pickler.bool(requiresGrad);
        pickler.tupleFromMark();
    }

    /**
     * Writes {@code _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)}, without its call; v3 adds a
     * dtype.
     */
    private void tensor(Pickler pickler, Tensor tensor, boolean requiresGrad) {
        DType dtype = tensor.dtype();
        String storageType = StorageType.name(dtype);
        if (storageType == null && !StorageType.isUntyped(dtype)) {
            throw new CheckpointException(
                    "a tensor is of " + dtype + ", which torch.save cannot write here: convert it first");
        }
        Met storage = storage(plain(tensor), dtype);
        form(
                pickler,
                new Place(
                        storage.key,
                        storage.storage.nbytes(),
                        dtype,
                        tensor.storageOffset(),
                        tensor.isConj(),
                        tensor.isNeg()),
                tensor.shape(),
                tensor.strides(),
                requiresGrad);
    }

    /**
     * The position of a tensor's elements.
     *
     * @param key the name of the storage in the archive
     * @param nbytes the size of the storage
     * @param offset the index of the first element, in elements
     * @param conj whether the tensor is a lazy conjugate of the elements
     * @param neg whether the tensor is a lazy negative of the elements
     */
    record Place(String key, long nbytes, DType dtype, long offset, boolean conj, boolean neg) {}

    /** Writes a tensor as a view of a storage of the archive, without the call that creates it. */
    static void form(Pickler pickler, Place place, long[] shape, long[] strides, boolean requiresGrad) {
        String storageType = StorageType.name(place.dtype);
        pickler.global("torch._utils", storageType == null ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2");
        pickler.mark();
        persistentId(pickler, place, storageType);
        pickler.integer(place.offset);
        pickler.integers(shape);
        pickler.integers(strides);
        pickler.bool(requiresGrad);
        pickler.emptyOrderedDict();
        if (storageType == null) {
            pickler.save(place.dtype);
        }
        Map<String, Object> bits = new LinkedHashMap<>();
        if (place.conj) {
            bits.put("conj", true);
        }
        if (place.neg) {
            bits.put("neg", true);
        }
        if (!bits.isEmpty()) {
            pickler.save(bits);
        }
        pickler.tupleFromMark();
    }

    /** Returns the elements in the storage, without a lazy conjugation or negation. */
    private static Tensor plain(Tensor tensor) {
        Tensor values = tensor.isConj() ? tensor.conj() : tensor;
        return values.isNeg()
                ? (Tensor) Operator.find("aten::_neg_view", "").call(values).get(0)
                : values;
    }

    private static void persistentId(Pickler pickler, Place place, @Nullable String storageType) {
        pickler.mark();
        pickler.string("storage");
        pickler.global(
                storageType == null ? "torch.storage" : "torch",
                storageType == null ? StorageType.UNTYPED : storageType);
        pickler.string(place.key);
        pickler.string("cpu");
        pickler.integer(storageType == null ? place.nbytes : place.nbytes / place.dtype.itemSize());
        pickler.tupleFromMark();
        pickler.persistentId();
    }

    private Met storage(Tensor tensor, DType dtype) {
        UntypedStorage storage = UntypedStorage.of(tensor);
        // neighbouring storages differ in only a few middle bits: spread these over the hash
        Long id = storage.id() * 0x9e3779b97f4a7c15L;
        Met known = met.get(id);
        if (known != null) {
            storage.close();
            if (known.dtype != dtype) {
                throw new CheckpointException("two tensors take the same storage for " + known.dtype + " and " + dtype
                        + ", which torch.save cannot write: clone() one of them");
            }
            return known;
        }
        if (!storage.device().equals(Device.CPU)) {
            Device device = storage.device();
            storage.close();
            throw new CheckpointException("a tensor is on " + device + ": move it to the CPU first");
        }
        Met first = new Met(String.valueOf(storages.size()), dtype, storage);
        storages.add(storage);
        met.put(id, first);
        return first;
    }

    @Override
    public void close() {
        storages.forEach(UntypedStorage::close);
    }
}
