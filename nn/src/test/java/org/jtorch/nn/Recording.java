package org.jtorch.nn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;

/** What parity/record/nn.py wrote: texts under their expressions. */
final class Recording {

    private Recording() {}

    /** The entries of one file, in its order. */
    static Map<String, String> read(String name) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (String entry : text(name).split("(?m)^## ")) {
            if (!entry.isEmpty()) {
                int end = entry.indexOf('\n');
                entries.put(entry.substring(0, end), entry.substring(end + 1).replaceFirst("\n$", ""));
            }
        }
        return entries;
    }

    static String text(String name) {
        try (InputStream in = Recording.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no recording " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every element's bits in hexadecimal, in row-major order. */
    static String bits(Tensor tensor) {
        StringJoiner out = new StringJoiner(" ");
        try (TensorScope scope = new TensorScope()) {
            Tensor flat = tensor.detach().flatten();
            for (long i = 0; i < flat.numel(); i++) {
                Tensor element = flat.select(0, i);
                out.add(
                        switch (tensor.dtype()) {
                            case FLOAT64 -> Long.toHexString(Double.doubleToRawLongBits(element.item()));
                            case FLOAT32 -> Integer.toHexString(Float.floatToRawIntBits((float) element.item()));
                            case BFLOAT16 ->
                                Integer.toHexString(Float.floatToRawIntBits((float) element.item()) >>> 16);
                            case INT64 -> Long.toHexString(element.itemLong());
                            default -> throw new IllegalArgumentException("no bits of " + tensor.dtype());
                        });
            }
        }
        return out.toString();
    }
}
