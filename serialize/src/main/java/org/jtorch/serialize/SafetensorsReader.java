package org.jtorch.serialize;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jtorch.DType;
import org.jtorch.UntypedStorage;

/** Reads the safetensors format: eight bytes of length, a header in JSON, and the tensors' bytes without a gap. */
final class SafetensorsReader {

    /** What the format's own library allows. */
    static final int MAX_HEADER = 100_000_000;

    private SafetensorsReader() {}

    /** What the file's header says. */
    static Contents read(MappedFile file) {
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
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        Storages storages = new Storages(file, start, header.tensors());
        header.tensors().forEach((name, entry) -> tensors.put(name, tensor(storages, name, entry)));
        return new Contents(CheckpointFormat.SAFETENSORS, tensors, header.text());
    }

    /** The tensors must fill the file: no holes, no overlaps, nothing left. */
    static void checkPlaces(SafetensorsHeader header, long available) {
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
                        what + (entry.begin() < end ? " overlaps another" : " leaves a hole") + ": expected at " + end);
            }
            if (entry.end() < entry.begin() || entry.end() > available) {
                throw new CheckpointException(what + " is not inside of the " + available + " bytes there are");
            }
            if (!matches(entry)) {
                throw new CheckpointException(what + " has as many bytes as its shape and dtype do not");
            }
            end = entry.end();
        }
        if (end != available) {
            throw new CheckpointException(
                    "the tensors take " + end + " bytes, but " + available + " stand behind the header");
        }
    }

    private static boolean matches(SafetensorsHeader.Entry entry) {
        try {
            return entry.nbytes() == entry.end() - entry.begin();
        } catch (ArithmeticException e) {
            return false;
        }
    }

    private static TensorInfo tensor(Storages storages, String name, SafetensorsHeader.Entry entry) {
        FileStorage storage = new FileStorage(storages, name, entry.end() - entry.begin(), "cpu");
        long[] strides = Strides.contiguous(entry.shape());
        return TensorInfo.strided(storage, entry.dtype(), 0, entry.shape(), strides, TensorInfo.Traits.NONE);
    }

    /** A storage for each tensor, called by its name. */
    private record Storages(MappedFile file, long start, Map<String, SafetensorsHeader.Entry> entries)
            implements StorageSource {

        @Override
        public void check(FileStorage storage) {
            if (!entries.containsKey(storage.key())) {
                throw new CheckpointException("there is no tensor '" + storage.key() + "'");
            }
        }

        @Override
        public UntypedStorage open(FileStorage storage, DType dtype, boolean mapped) {
            check(storage);
            long offset =
                    start + Objects.requireNonNull(entries.get(storage.key())).begin();
            return mapped && offset % StorageCopies.numberSize(dtype) == 0
                    ? file.slice(offset, storage.nbytes())
                    : StorageCopies.copy(file, offset, storage.nbytes());
        }
    }
}
