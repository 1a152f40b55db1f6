package org.jtorch.serialize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.UntypedStorage;

/** Files that PyTorch 2.14 wrote, and what it says is in them. */
final class Recorded {

    private Recorded() {}

    /** The recorded file of that name. */
    static Path file(String name) {
        URL url = Recorded.class.getResource("/checkpoints/" + name);
        if (url == null) {
            throw new IllegalArgumentException("no recorded file is called " + name);
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All files in a recorded folder. */
    static List<Path> files(String folder) {
        try (Stream<Path> files = Files.list(file(folder))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What must be found in the recorded file of that name. */
    static JsonNode expected(String name) {
        try (InputStream json = Files.newInputStream(file("expected.json"))) {
            JsonNode expected = new ObjectMapper().readTree(json).get("files").get(name);
            if (expected == null) {
                throw new IllegalArgumentException("nothing is recorded of " + name);
            }
            return expected;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The elements' bytes in row-major order. */
    static byte[] bytes(Tensor tensor) {
        try (TensorScope scope = new TensorScope()) {
            Tensor dense = tensor.detach().contiguous();
            byte[] bytes = new byte[(int) dense.nbytes()];
            try (UntypedStorage storage = UntypedStorage.of(dense)) {
                storage.buffer(dense.storageOffset() * dense.dtype().itemSize(), bytes.length)
                        .get(bytes);
            }
            return bytes;
        }
    }

    /** The SHA-256 of {@link #bytes}. */
    static String sha256(Tensor tensor) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(tensor)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The storage's number: equal where tensors share one. */
    static long storageId(Tensor tensor) {
        try (UntypedStorage storage = UntypedStorage.of(tensor)) {
            return storage.id();
        }
    }
}
