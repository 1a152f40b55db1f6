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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.UntypedStorage;

/** Files that PyTorch 2.14 wrote, and what it says is in them. */
final class Recorded {

    private static final Operator RESOLVE_NEG = Operator.find("aten::resolve_neg", "");

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

    /** The names of all recorded files in a folder, {@code ""} or {@code "more/"}. */
    static List<String> names(String folder) {
        List<String> names = new ArrayList<>();
        json(folder).fieldNames().forEachRemaining(name -> names.add(folder + name));
        return names;
    }

    /** What must be found in the recorded file of that name. */
    static JsonNode expected(String name) {
        String folder = name.startsWith("more/") ? "more/" : "";
        JsonNode expected = json(folder).get(name.substring(folder.length()));
        if (expected == null) {
            throw new IllegalArgumentException("nothing is recorded of " + name);
        }
        return expected;
    }

    private static JsonNode json(String folder) {
        try (InputStream json = Files.newInputStream(file(folder + "expected.json"))) {
            return new ObjectMapper().readTree(json).get("files");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The elements' bytes in row-major order. */
    static byte[] bytes(Tensor tensor) {
        try (TensorScope scope = new TensorScope()) {
            Tensor dense =
                    ((Tensor) RESOLVE_NEG.call(tensor.detach().resolveConj()).get(0)).contiguous();
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
        return sha256(bytes(tensor));
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the number of the storage, which is the same for tensors that share it. */
    static long storageId(Tensor tensor) {
        try (UntypedStorage storage = UntypedStorage.of(tensor)) {
            return storage.id();
        }
    }
}
