package org.jtorch.serialize.internal.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jtorch.Tensor;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.elements.SafetensorsTypes;
import org.jtorch.serialize.internal.file.DurableChannel;
import org.jtorch.serialize.internal.file.Outgoing;
import org.jtorch.serialize.internal.zip.ByteSink;

/**
 * Writes the safetensors format in the order of its library: wider dtypes first, then by name, so that all tensors are
 * aligned.
 */
public final class SafetensorsWriter {

    private SafetensorsWriter() {}

    /** Returns the tensors of {@code tensors}, ready to be written. */
    public static List<Outgoing> outgoing(Map<String, ? extends Tensor> tensors) {
        if (tensors instanceof StateDict state && state.entries().size() > state.size()) {
            String key = state.entries().keySet().stream()
                    .filter(k -> !state.containsKey(k))
                    .findFirst()
                    .orElseThrow();
            throw new CheckpointException(
                    "'" + key + "' is not a tensor, and a safetensors file can only contain tensors: use save, "
                            + "or remove it with filter");
        }
        List<Outgoing> items = new ArrayList<>();
        tensors.forEach((name, tensor) -> items.add(Outgoing.of(name, tensor)));
        return items;
    }

    public static void write(DurableChannel channel, List<Outgoing> tensors, Map<String, String> text)
            throws IOException {
        List<Outgoing> items = new ArrayList<>(tensors);
        items.forEach(SafetensorsWriter::check);
        items.sort(Comparator.comparingInt((Outgoing item) -> -SafetensorsTypes.rank(item.dtype()))
                .thenComparing(Outgoing::name, SafetensorsWriter::compareCodePoints));
        Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
        long at = 0;
        for (Outgoing item : items) {
            long end = at + item.nbytes();
            String type = Objects.requireNonNull(SafetensorsTypes.name(item.dtype()));
            long[] shape = SafetensorsTypes.stated(item.dtype(), item.shape());
            entries.put(item.name(), new SafetensorsHeader.Entry(type, shape, at, end));
            at = end;
        }
        text.forEach((key, value) -> {
            checkText(key, "the header's key, ");
            checkText(value, "the header's text, ");
        });
        Map<String, String> metadata = new LinkedHashMap<>(text);
        metadata.remove(SafetensorsChecksums.KEY);
        if (metadata.isEmpty()) {
            // transformers refuses a file whose metadata does not have this entry
            metadata.put("format", "pt");
        }
        byte[] json = new SafetensorsHeader(metadata, SafetensorsChecksums.placeholder(items.size()), entries).toJson();
        if (json.length > SafetensorsReader.MAX_HEADER) {
            throw new CheckpointException("the names need a header of " + json.length + " bytes; the format allows "
                    + SafetensorsReader.MAX_HEADER);
        }
        ByteSink sink = new ByteSink(channel);
        sink.write(
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, json.length));
        sink.write(ByteBuffer.wrap(json));
        int[] checksums = new int[items.size()];
        for (int i = 0; i < checksums.length; i++) {
            CRC32 crc = new CRC32();
            sink.count(crc);
            items.get(i).body().write(sink);
            checksums[i] = (int) crc.getValue();
        }
        sink.flush();
        channel.overwrite(
                Long.BYTES + SafetensorsChecksums.position(),
                ByteBuffer.wrap(SafetensorsChecksums.value(json, checksums)));
    }

    /** Refuses what the format cannot represent. */
    static void check(Outgoing item) {
        checkText(item.name(), "the name of a tensor, ");
        if (item.name().equals("__metadata__")) {
            throw new CheckpointException("a tensor cannot be called '__metadata__' in a safetensors file: rename it");
        }
        if (SafetensorsTypes.name(item.dtype()) == null) {
            throw new CheckpointException("tensor '" + item.name() + "' is of " + item.dtype()
                    + ", for which the safetensors format has no name: convert it, or write a .pt file");
        }
        if (item.dtype() == SafetensorsTypes.PAIRS && item.shape().length == 0) {
            throw new CheckpointException("tensor '" + item.name() + "' is of " + item.dtype()
                    + " and has no sizes, which the safetensors format cannot represent: give it the shape [1]");
        }
    }

    /** Checks a text. JSON is UTF-8, which cannot represent half of a surrogate pair. */
    private static void checkText(String text, String what) {
        int half = 0;
        while (half < text.length() && !isHalf(text.codePointAt(half))) {
            half += Character.charCount(text.codePointAt(half));
        }
        if (half < text.length()) {
            String shown = text.substring(Math.max(0, half - 50), half)
                    + String.format(Locale.ROOT, "\\u%04x", (int) text.charAt(half));
            throw new CheckpointException(
                    what + "'" + shown + "', contains half of a surrogate pair, which is not text: remove it");
        }
    }

    private static boolean isHalf(int codePoint) {
        return codePoint <= Character.MAX_VALUE && Character.isSurrogate((char) codePoint);
    }

    /** Compares names in the library's order, which is that of UTF-8. Java's own order has surrogates before U+E000. */
    private static int compareCodePoints(String a, String b) {
        int[] left = a.codePoints().toArray();
        int[] right = b.codePoints().toArray();
        return java.util.Arrays.compare(left, right);
    }
}
