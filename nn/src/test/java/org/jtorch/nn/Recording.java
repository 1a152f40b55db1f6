package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;

/** What a script of parity/record wrote: texts by their expressions. */
public final class Recording {

    private Recording() {}

    /** Returns the entries of one of the files of {@code nn.py}, in order. */
    public static Map<String, String> read(String name) {
        return read(Recording.class, name);
    }

    /** Returns the entries of a file next to a class, in order. */
    public static Map<String, String> read(Class<?> beside, String name) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (String entry : text(beside, name).split("(?m)^## ")) {
            if (!entry.isEmpty()) {
                int end = entry.indexOf('\n');
                entries.put(entry.substring(0, end), entry.substring(end + 1).replaceFirst("\n$", ""));
            }
        }
        return entries;
    }

    static String text(String name) {
        return text(Recording.class, name);
    }

    private static String text(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no recording " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails unless a tensor has the shape and, within 1e-5, the values of a recorded text: {@code [2, 2] 1.0 2.0 3.0 4.0}. */
    public static void assertClose(String expected, Tensor tensor) {
        int end = expected.indexOf(']') + 1;
        assertEquals(expected.substring(0, end), Arrays.toString(tensor.shape()));
        String[] values = expected.substring(end).strip().split(" ");
        try (TensorScope scope = new TensorScope()) {
            Tensor flat = tensor.detach().to(DType.FLOAT64).flatten();
            for (int i = 0; i < flat.numel(); i++) {
                double value = Double.parseDouble(values[i]);
                double actual = flat.select(0, i).item();
                assertEquals(value, actual, 1e-5 * Math.max(1, Math.abs(value)), () -> expected + " but " + tensor);
            }
        }
    }

    /** Returns the bits of every element in hexadecimal, in row-major order. */
    public static String bits(Tensor tensor) {
        ByteBuffer bytes = bytes(tensor);
        StringJoiner out = new StringJoiner(" ");
        while (bytes.hasRemaining()) {
            out.add(
                    switch (tensor.dtype().itemSize()) {
                        case 8 -> Long.toHexString(bytes.getLong());
                        case 4 -> Integer.toHexString(bytes.getInt());
                        case 2 -> Integer.toHexString(bytes.getShort() & 0xffff);
                        default -> throw new IllegalArgumentException("no bits of " + tensor.dtype());
                    });
        }
        return out.toString();
    }

    /** Returns the bytes of every element, the lowest first, in row-major order. */
    public static ByteBuffer bytes(Tensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(tensor.nbytes())).order(ByteOrder.LITTLE_ENDIAN);
        tensor.copyTo(bytes);
        return bytes.flip();
    }
}
