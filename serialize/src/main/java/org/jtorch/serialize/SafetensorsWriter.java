package org.jtorch.serialize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.UntypedStorage;
import org.jtorch.nn.StateDict;
import org.jtorch.serialize.zip.ByteSink;

/** Writes the safetensors format in the order of its library: wider dtypes first, then by name, so that all stay aligned. */
final class SafetensorsWriter {

    private static final int PIECE = 1 << 26;

    private SafetensorsWriter() {}

    private record Item(String name, Tensor tensor, DType dtype) {}

    static void write(WritableByteChannel channel, Map<String, ? extends Tensor> tensors, Map<String, String> text)
            throws IOException {
        if (tensors instanceof StateDict state && state.entries().size() > state.size()) {
            String key = state.entries().keySet().stream()
                    .filter(k -> !state.containsKey(k))
                    .findFirst()
                    .orElseThrow();
            throw new CheckpointException(
                    "'" + key + "' is no tensor, and a safetensors file holds nothing else: use save, "
                            + "or leave it out by filter");
        }
        List<Item> items = new ArrayList<>();
        tensors.forEach((name, tensor) -> items.add(new Item(name, tensor, checked(name, tensor))));
        items.sort(Comparator.comparingInt((Item item) -> -SafetensorsTypes.rank(item.dtype))
                .thenComparing(Item::name, SafetensorsWriter::compareCodePoints));
        Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
        long at = 0;
        for (Item item : items) {
            long end = at + item.tensor.numel() * item.dtype.itemSize();
            entries.put(item.name, new SafetensorsHeader.Entry(item.dtype, item.tensor.shape(), at, end));
            at = end;
        }
        byte[] json = new SafetensorsHeader(text, entries).toJson();
        if (json.length > SafetensorsReader.MAX_HEADER) {
            throw new CheckpointException("the names take a header of " + json.length + " bytes; the format allows "
                    + SafetensorsReader.MAX_HEADER);
        }
        ByteSink sink = new ByteSink(channel);
        sink.write(
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, json.length));
        sink.write(ByteBuffer.wrap(json));
        for (Item item : items) {
            write(sink, item);
        }
        sink.flush();
    }

    private static DType checked(String name, Tensor tensor) {
        DType dtype = tensor.dtype();
        if (name.equals("__metadata__")) {
            throw new CheckpointException("a tensor cannot be called '__metadata__' in a safetensors file: rename it");
        }
        if (SafetensorsTypes.name(dtype) == null) {
            throw new CheckpointException("tensor '" + name + "' is of " + dtype
                    + ", which the safetensors format has no name for: convert it, or use save");
        }
        if (!tensor.device().equals(Device.CPU)) {
            throw new CheckpointException(
                    "tensor '" + name + "' is on " + tensor.device() + ": move it to the processor first");
        }
        return dtype;
    }

    /** The library's order, which is that of UTF-8; Java's own would put surrogates before U+E000. */
    private static int compareCodePoints(String a, String b) {
        int[] left = a.codePoints().toArray();
        int[] right = b.codePoints().toArray();
        return java.util.Arrays.compare(left, right);
    }

    private static void write(ByteSink sink, Item item) throws IOException {
        try (TensorScope scope = new TensorScope()) {
            Tensor dense = item.tensor.detach().contiguous();
            try (UntypedStorage storage = UntypedStorage.of(dense)) {
                long start = dense.storageOffset() * item.dtype.itemSize();
                long length = dense.numel() * item.dtype.itemSize();
                for (long done = 0; done < length; done += PIECE) {
                    sink.write(storage.buffer(start + done, (int) Math.min(PIECE, length - done)));
                }
            }
        }
    }
}
