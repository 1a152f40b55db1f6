package org.jtorch.serialize.internal.safetensors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.UntypedStorage;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.internal.elements.SafetensorsTypes;
import org.jtorch.serialize.internal.elements.Strides;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.stored.Contents;
import org.jtorch.serialize.internal.stored.FileStorage;
import org.jtorch.serialize.internal.stored.StorageCopies;
import org.jtorch.serialize.internal.stored.StorageSource;
import org.jtorch.serialize.internal.stored.StoredTensor;

/** Reads the safetensors format: a length of eight bytes, a header in JSON, and the tensors' bytes without gaps. */
public final class SafetensorsReader {

    /** The limit of the format's own library. */
    static final int MAX_HEADER = 100_000_000;

    /** The number of bytes that are read for a checksum in one call. */
    private static final int PIECE = 1 << 20;

    private SafetensorsReader() {}

    /** Returns the contents of the file's header. */
    public static Contents read(MappedFile file) {
        Storages storages = storages(file);
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        storages.header.tensors().forEach((name, entry) -> tensors.put(name, tensor(storages, name, entry)));
        return new Contents(CheckpointFormat.SAFETENSORS, tensors, storages.header.text(), Set.of());
    }

    /**
     * Reads the whole file and compares its checksums.
     *
     * @param progress called after each tensor with its name and its end in the file
     * @return the number of checksums; 0 if the file has none
     * @throws CheckpointException if one differs
     */
    public static int verify(MappedFile file, ObjLongConsumer<String> progress) {
        Storages storages = storages(file);
        int[] checksums = storages.checksums();
        if (checksums == null) {
            return 0;
        }
        storages.header.tensors().forEach((name, entry) -> {
            storages.verify(name);
            progress.accept(name, storages.start + entry.end());
        });
        return checksums.length + 1;
    }

    private static Storages storages(MappedFile file) {
        long length = file.at(0, Long.BYTES).getLong();
        if (length < 2 || length > MAX_HEADER || length > file.size() - Long.BYTES) {
            throw new CheckpointException("the safetensors header claims " + Long.toUnsignedString(length)
                    + " bytes, but must have 2 to " + Math.min(MAX_HEADER, file.size() - Long.BYTES));
        }
        byte[] json = new byte[(int) length];
        file.at(Long.BYTES, json.length).get(0, json);
        SafetensorsHeader header = SafetensorsHeader.parse(json);
        long start = Long.BYTES + length;
        checkPlaces(header, file.size() - start);
        return new Storages(file, start, json, header);
    }

    /** Checks that the tensors fill the file without gaps or overlaps. */
    public static void checkPlaces(SafetensorsHeader header, long available) {
        List<Map.Entry<String, SafetensorsHeader.Entry>> ordered =
                new ArrayList<>(header.tensors().entrySet());
        ordered.sort(Comparator.comparingLong((Map.Entry<String, SafetensorsHeader.Entry> e) ->
                        e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        long end = 0;
        for (Map.Entry<String, SafetensorsHeader.Entry> item : ordered) {
            SafetensorsHeader.Entry entry = item.getValue();
            String what = "tensor '" + item.getKey() + "' at bytes " + entry.begin() + " to " + entry.end();
            if (entry.begin() != end) {
                throw new CheckpointException(
                        what + (entry.begin() < end ? " overlaps another" : " leaves a gap") + ": expected at " + end);
            }
            if (entry.end() < entry.begin() || entry.end() > available) {
                throw new CheckpointException(what + " is not within the " + available
                        + " bytes of the file: the file is truncated; copy or download it again");
            }
            if (!matches(entry)) {
                throw new CheckpointException(what + " does not have the bytes of a " + entry.type() + " of shape "
                        + Arrays.toString(entry.shape()));
            }
            end = entry.end();
        }
        if (end != available) {
            throw new CheckpointException(
                    "the tensors take " + end + " bytes, but " + available + " follow the header");
        }
    }

    private static boolean matches(SafetensorsHeader.Entry entry) {
        try {
            return entry.fits();
        } catch (ArithmeticException e) {
            return false;
        }
    }

    private static StoredTensor tensor(Storages storages, String name, SafetensorsHeader.Entry entry) {
        FileStorage storage = new FileStorage(storages, name, entry.end() - entry.begin(), "cpu");
        DType dtype = SafetensorsTypes.dtype(entry.type());
        if (dtype == null) {
            return unloadable(storage, entry, "of type " + entry.type() + ", which PyTorch has no dtype for");
        }
        long[] shape = SafetensorsTypes.packed(dtype, entry.shape());
        if (shape == null) {
            return unloadable(
                    storage,
                    entry,
                    "of type " + entry.type() + " and of shape " + Arrays.toString(entry.shape()) + ", but " + dtype
                            + " has two numbers in each element, and the last size is not even");
        }
        return dtype == SafetensorsTypes.PAIRS
                ? StoredTensor.stated(storage, dtype, shape, new StoredTensor.Stated(null, entry.shape(), null))
                : StoredTensor.strided(storage, dtype, 0, shape, Strides.contiguous(shape), StoredTensor.Traits.NONE);
    }

    private static StoredTensor unloadable(FileStorage storage, SafetensorsHeader.Entry entry, String why) {
        long[] bytes = {entry.end() - entry.begin()};
        return StoredTensor.stated(
                storage, DType.BITS8, bytes, new StoredTensor.Stated(entry.type(), entry.shape(), why));
    }

    /** A storage for each tensor, with its name. */
    private static final class Storages implements StorageSource {

        private final MappedFile file;
        private final long start;
        private final byte[] json;
        private final SafetensorsHeader header;
        private @Nullable Map<String, Integer> numbers;

        Storages(MappedFile file, long start, byte[] json, SafetensorsHeader header) {
            this.file = file;
            this.start = start;
            this.json = json;
            this.header = header;
        }

        @Override
        public void check(FileStorage storage) {
            if (!header.tensors().containsKey(storage.key())) {
                throw new CheckpointException("there is no tensor '" + storage.key() + "'");
            }
        }

        @Override
        public UntypedStorage open(FileStorage storage, DType dtype, boolean mapped) {
            check(storage);
            long offset = start + entry(storage.key()).begin();
            return mapped && offset % StorageCopies.numberSize(dtype) == 0
                    ? file.slice(offset, storage.nbytes())
                    : file.copy(offset, storage.nbytes());
        }

        private SafetensorsHeader.Entry entry(String name) {
            return Objects.requireNonNull(header.tensors().get(name));
        }

        /** Returns the checksums in the order of the header, after comparing the header with its own. */
        int @Nullable [] checksums() {
            return SafetensorsChecksums.of(
                    json, header.checksums(), header.tensors().size());
        }

        @Override
        public boolean verify(FileStorage storage) {
            return verify(storage.key());
        }

        public boolean verify(String name) {
            Map<String, Integer> expected = numbers;
            if (expected == null) {
                expected = new HashMap<>();
                int[] checksums = checksums();
                if (checksums != null) {
                    int i = 0;
                    for (String each : header.tensors().keySet()) {
                        expected.put(each, checksums[i++]);
                    }
                }
                numbers = expected;
            }
            Integer checksum = expected.get(name);
            if (checksum == null) {
                return false;
            }
            CRC32 crc = new CRC32();
            SafetensorsHeader.Entry entry = entry(name);
            for (long at = entry.begin(); at < entry.end(); at += PIECE) {
                crc.update(file.at(start + at, (int) Math.min(PIECE, entry.end() - at)));
            }
            SafetensorsChecksums.check(name, checksum, crc);
            return true;
        }
    }
}
