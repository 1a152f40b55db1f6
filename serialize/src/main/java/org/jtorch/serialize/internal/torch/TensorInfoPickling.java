package org.jtorch.serialize.internal.torch;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.LentBytes;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.elements.StorageType;
import org.jtorch.serialize.internal.pickle.Pickler;
import org.jtorch.serialize.internal.stored.FileStorage;
import org.jtorch.serialize.internal.stored.OpenStorage;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.internal.zip.ZipWriter;

/** Pickles tensors that are still in a file. Their storages are read, and converted, when they are written. */
public final class TensorInfoPickling implements Pickler.Extension, AutoCloseable {

    /**
     * A storage that occurred before.
     *
     * @param from the type of its elements
     * @param to the type to which they are converted
     */
    private record Met(String key, FileStorage file, DType from, DType to) {

        long nbytes() {
            return from == to ? file.nbytes() : file.nbytes() / from.itemSize() * to.itemSize();
        }
    }

    private final UnaryOperator<DType> converted;
    private final Consumer<FileStorage> opening;
    private final TensorPickling others = new TensorPickling();
    private final Map<FileStorage, Met> met = new IdentityHashMap<>();
    private final List<Met> storages = new ArrayList<>();
    private final OpenStorage open;

    /** The scope of the converted piece that the writer is using. */
    private @Nullable TensorScope piece;

    /**
     * Creates an empty pickling.
     *
     * @param verified whether bytes that are read are compared with their checksums
     * @param converted returns the dtype to which a tensor of a dtype is converted
     * @param opening called for each storage that is read
     */
    public TensorInfoPickling(boolean verified, UnaryOperator<DType> converted, Consumer<FileStorage> opening) {
        this.converted = converted;
        this.opening = opening;
        this.open = new OpenStorage(verified);
    }

    @Override
    public boolean save(Pickler pickler, Object value) {
        if (!(value instanceof StoredTensor info)) {
            return others.save(pickler, value);
        }
        if (info.refusal() != null) {
            throw new CheckpointException(
                    "a tensor is " + info.refusal() + ": leave it out with load(o -> o.keys(...))");
        }
        if (info.isUninitialized()) {
            TensorPickling.uninitialized(pickler, info.isParameter(), info.requiresGrad());
        } else if (info.isParameter()) {
            pickler.global("torch._utils", "_rebuild_parameter");
            any(pickler, info, false);
            pickler.reduce(new Object());
            pickler.bool(info.requiresGrad());
            pickler.emptyOrderedDict();
            pickler.tupleOf(3);
        } else {
            any(pickler, info, info.requiresGrad());
        }
        pickler.reduce(info);
        return true;
    }

    /** Writes a tensor of any layout and device, without the call that creates it. */
    private void any(Pickler pickler, StoredTensor info, boolean requiresGrad) {
        FileStorage file = info.storage();
        if (info.layout() != Layout.STRIDED) {
            SparsePickling.form(pickler, info.layout(), info.parts(), info.shape(), info.coalesced());
        } else if (file == null) {
            TensorPickling.meta(pickler, converted.apply(info.dtype()), info.shape(), info.strides(), requiresGrad);
        } else {
            tensor(pickler, info, file, requiresGrad);
        }
    }

    private void tensor(Pickler pickler, StoredTensor info, FileStorage file, boolean requiresGrad) {
        Met known = met.computeIfAbsent(file, f -> {
            Met first = new Met(String.valueOf(storages.size()), f, info.dtype(), converted.apply(info.dtype()));
            storages.add(first);
            return first;
        });
        if (known.from != info.dtype()) {
            throw new CheckpointException("two tensors take the " + file + " for " + known.from + " and " + info.dtype()
                    + ", which torch.save cannot write");
        }
        if (StorageType.name(known.to) == null && !StorageType.isUntyped(known.to)) {
            throw new CheckpointException("a tensor is of " + known.to + ", which torch.save cannot write here");
        }
        TensorPickling.form(
                pickler,
                new TensorPickling.Place(
                        known.key,
                        known.nbytes(),
                        known.to,
                        info.storageOffset(),
                        info.traits().conj(),
                        info.traits().neg()),
                info.tensorShape(),
                info.tensorStrides(),
                requiresGrad);
    }

    /** Returns the storages in the order of their keys. */
    public List<TorchWriter.Stored> storages() {
        List<TorchWriter.Stored> all = new ArrayList<>();
        storages.forEach(storage -> all.add(new TorchWriter.Stored(storage.nbytes(), content(storage))));
        return all;
    }

    private ZipWriter.Content content(Met storage) {
        return (offset, length) -> {
            closePiece();
            if (offset == 0) {
                opening.accept(storage.file);
            }
            // earlier pieces are written; each piece is requested once
            UntypedStorage bytes = open.of(storage.file, storage.from);
            if (storage.from == storage.to) {
                if (offset > 0) {
                    bytes.unload(0, offset);
                }
                return LentBytes.of(bytes, offset, length);
            }
            long first = offset / storage.to.itemSize();
            long count = length / storage.to.itemSize();
            if (first > 0) {
                bytes.unload(0, first * storage.from.itemSize());
            }
            TensorScope scope = new TensorScope();
            piece = scope;
            Tensor converted = bytes.tensor(storage.from, first, new long[] {count}, new long[] {1})
                    .to(storage.to);
            try (UntypedStorage result = UntypedStorage.of(converted)) {
                return LentBytes.of(result, 0, length); // the converted tensor lives until the next piece
            }
        };
    }

    private void closePiece() {
        TensorScope current = piece;
        if (current != null) {
            current.close();
            piece = null;
        }
    }

    @Override
    public void close() {
        closePiece();
        open.close();
        others.close();
    }
}
