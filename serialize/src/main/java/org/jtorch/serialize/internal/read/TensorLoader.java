package org.jtorch.serialize.internal.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.UntypedStorage;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.UninitializedBuffer;
import org.jtorch.nn.UninitializedParameter;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.contents.ContentsWalk;
import org.jtorch.serialize.internal.stored.FileStorage;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.stored.StorageCopies;
import org.jtorch.serialize.internal.stored.StoredTensor;

/**
 * Creates tensors from their descriptions: views of the file's storages, or of converted or moved storages, each opened
 * once.
 */
public final class TensorLoader implements AutoCloseable {

    /**
     * An open storage.
     *
     * @param numberSize the number of bytes of the numbers that were swapped; 0 if none were
     * @param moved its copies on other devices and with other dtypes
     */
    private record Opened(UntypedStorage bytes, int numberSize, Map<List<Object>, Tensor> moved) {}

    private final Reading reading;
    private final Map<FileStorage, Opened> opened = new IdentityHashMap<>();
    private final Map<StoredTensor, Tensor> tensors = new IdentityHashMap<>();

    /** The exception for the last tensor that cannot be loaded; null if there was none. */
    private @Nullable CheckpointException refused;

    /** Whole storages on other devices, which must not belong to the caller's scope. */
    private final List<Tensor> temporary = new ArrayList<>();

    private TensorLoader(Reading reading) {
        this.reading = reading;
    }

    /** Returns the value with tensors in place of descriptions. */
    public static @Nullable Object load(@Nullable Object root, Reading reading) {
        try (TensorLoader loader = new TensorLoader(reading)) {
            Object loaded = ContentsWalk.replace(root, loader::tensor);
            CheckpointException refused = loader.refused;
            if (refused != null && loader.tensors.isEmpty()) {
                throw refused;
            }
            return loaded;
        }
    }

    /**
     * Makes the checks of {@link #load}, and loads only what cannot be checked otherwise: sparse tensors, for their
     * indices, and those of big-endian storages. For other files, the engine is not needed.
     *
     * @throws CheckpointException if a tensor is damaged, or no tensor can be loaded
     */
    public static void check(@Nullable Object root, Reading reading) {
        try (TensorLoader loader = new TensorLoader(reading)) {
            int[] loadable = {0};
            ContentsWalk.replace(root, (path, info) -> {
                if (info.isLoadable()) {
                    loadable[0]++;
                }
                if (!info.isLoadable()) {
                    loader.tensor(path, info);
                } else if (mustBeRead(info)) {
                    try (TensorScope scope = new TensorScope()) {
                        loader.tensor(path, info);
                    }
                }
                return info;
            });
            if (loader.refused != null && loadable[0] == 0) {
                throw loader.refused;
            }
        }
    }

    private static boolean mustBeRead(StoredTensor info) {
        FileStorage storage = info.storage();
        return !info.parts().isEmpty() || storage != null && storage.source().isBigEndian();
    }

    private Object tensor(ContentsWalk.Path path, StoredTensor info) {
        if (!reading.wantsAll() && !reading.wants(path.toString())) {
            return ContentsWalk.NOTHING;
        }
        String refusal = info.refusal();
        if (refusal != null) {
            refused = new CheckpointException("tensor '" + path + "' cannot be loaded: it is " + refusal
                    + "; load other tensors with load(path, o -> o.keys(...))");
            if (reading.wantsAll()) {
                return info;
            }
            throw refused;
        }
        Tensor known = tensors.get(info);
        if (known == null) {
            known = make(info);
            tensors.put(info, known);
        }
        return known;
    }

    private Tensor make(StoredTensor info) {
        StoredTensor.Traits traits = info.traits();
        if (info.isUninitialized()) {
            TensorOptions wanted = TensorOptions.of(reading.converted(info.dtype()))
                    .device(reading.device(info.location()))
                    .requiresGrad(traits.requiresGrad());
            return traits.parameter() ? new UninitializedParameter(wanted) : new UninitializedBuffer(wanted);
        }
        Tensor values = lazily(info.layout() == Layout.STRIDED ? strided(info) : sparse(info), traits);
        if (traits.parameter()) {
            return new Parameter(values, traits.requiresGrad());
        }
        return traits.requiresGrad() ? values.requiresGrad_() : values;
    }

    private static Tensor lazily(Tensor values, StoredTensor.Traits traits) {
        Tensor conjugated = traits.conj() ? values.conj() : values;
        return traits.neg()
                ? (Tensor) Operator.find("aten::_neg_view", "").call(conjugated).get(0)
                : conjugated;
    }

    /** Returns a strided tensor over the bytes of its storage. */
    public static Tensor view(UntypedStorage bytes, StoredTensor info) {
        return lazily(
                bytes.tensor(info.dtype(), info.storageOffset(), info.tensorShape(), info.tensorStrides()),
                info.traits());
    }

    private Tensor strided(StoredTensor info) {
        DType dtype = reading.converted(info.dtype());
        FileStorage file = info.storage();
        if (file == null) {
            return Torch.emptyStrided(
                    info.tensorShape(),
                    info.tensorStrides(),
                    TensorOptions.of(dtype).device(Device.META));
        }
        Opened storage = opened(file, info.dtype());
        Device device = reading.device(file.location());
        if (device.equals(Device.CPU) && dtype == info.dtype()) {
            return storage.bytes.tensor(dtype, info.storageOffset(), info.tensorShape(), info.tensorStrides());
        }
        Tensor whole = storage.moved.computeIfAbsent(
                List.of(info.dtype(), dtype, device), key -> moved(storage.bytes, info.dtype(), dtype, device));
        return whole.asStrided(info.tensorShape(), info.tensorStrides(), info.storageOffset());
    }

    private Tensor onProcessor(StoredTensor part) {
        FileStorage file = Objects.requireNonNull(part.storage());
        return opened(file, part.dtype())
                .bytes
                .tensor(part.dtype(), part.storageOffset(), part.shape(), part.strides());
    }

    private Opened opened(FileStorage file, DType dtype) {
        Opened known = opened.get(file);
        int numberSize = file.source().isBigEndian() ? StorageCopies.numberSize(dtype) : 0;
        if (known == null) {
            if (reading.isVerified() && !file.source().verify(file)) {
                throw new CheckpointException(
                        "the " + file + " has no checksum to verify: load the file without verify, or save"
                                + " it again, which adds checksums");
            }
            known = new Opened(file.source().open(file, dtype, reading.isMapped()), numberSize, new HashMap<>());
            opened.put(file, known);
        }
        if (known.numberSize != numberSize) {
            throw new CheckpointException(
                    file + " of a big-endian file is used for numbers of different sizes, which is not read");
        }
        return known;
    }

    /** Returns a whole storage on another device, or with another type. Views of it then share memory as before. */
    private Tensor moved(UntypedStorage bytes, DType from, DType to, Device device) {
        try (TensorScope scope = new TensorScope()) {
            Tensor all = bytes.tensor(from, 0, new long[] {bytes.nbytes() / from.itemSize()}, new long[] {1});
            Tensor moved = scope.keep(all.to(device, to, false, true));
            temporary.add(moved);
            return moved;
        }
    }

    private Tensor sparse(StoredTensor info) {
        List<Tensor> indices = new ArrayList<>();
        List<Tensor> parts = new ArrayList<>();
        try {
            for (StoredTensor part : info.parts().subList(0, info.parts().size() - 1)) {
                indices.add(onProcessor(part));
            }
            SparseIndices.check(info, indices);
            for (StoredTensor part : info.parts()) {
                parts.add(strided(part));
            }
            return SparseTensors.make(info, parts);
        } catch (CheckpointException e) {
            throw e;
        } catch (TorchException e) {
            throw new CheckpointException("a sparse tensor is damaged: " + e.getMessage(), e);
        } finally {
            indices.forEach(Tensor::close);
            parts.forEach(Tensor::close);
        }
    }

    /** Closes the storages. Tensors over them stay valid. */
    @Override
    public void close() {
        opened.values().forEach(storage -> storage.bytes.close());
        temporary.forEach(Tensor::close);
    }
}
