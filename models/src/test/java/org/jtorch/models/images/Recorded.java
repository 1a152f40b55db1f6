package org.jtorch.models.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.serialize.Checkpoint;

/** What {@code parity/record/images.py} recorded. */
final class Recorded {

    static final Path FOLDER = Path.of("src/test/resources/images");

    private Recorded() {}

    static JsonNode python(String key) {
        try {
            return new ObjectMapper()
                    .readTree(Files.readString(FOLDER.resolve("recorded.json")))
                    .get(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the pixels that Python has in a file of tensors. */
    static RgbImage image(String file, String key) {
        return RgbImage.of(Objects.requireNonNull(
                Checkpoint.load(FOLDER.resolve(file)).tensors().get(key)));
    }

    /** Returns the image of noise, and the same turned to the left by 90 degrees. */
    static RgbImage[] noise() {
        RgbImage image = RgbImage.read(FOLDER.resolve("noise.png"));
        return new RgbImage[] {
            image, RgbImage.of(image.toTensor().rot90(1, new long[] {1, 2}).contiguous())
        };
    }

    /** Returns the hash of the bytes of a tensor of uint8 or float32. */
    static String sha256(Tensor tensor) {
        byte[] bytes;
        if (tensor.dtype() == DType.UINT8) {
            bytes = tensor.toByteArray();
        } else {
            float[] values = tensor.toFloatArray();
            ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asFloatBuffer().put(values);
            bytes = buffer.array();
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
