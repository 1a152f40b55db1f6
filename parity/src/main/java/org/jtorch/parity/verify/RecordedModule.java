package org.jtorch.parity.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.nn.spec.SpecJson;
import org.jtorch.serialize.Checkpoint;

/**
 * The cases of one module: {@code NAME.json}, and their tensors in {@code NAME.safetensors}.
 *
 * <p>A case consists of the module's constructor arguments, its state, an input, and PyTorch's results: text, outputs,
 * gradients and buffers.
 */
public final class RecordedModule {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final List<RecordedCase> cases = new ArrayList<>();
    private final Map<String, Tensor> tensors;
    private final DType dtype;

    private RecordedModule(String name, DType dtype, JsonNode cases, Map<String, Tensor> tensors) {
        this.name = name;
        this.dtype = dtype;
        this.tensors = tensors;
        cases.forEach(c -> this.cases.add(new RecordedCase(this, c)));
    }

    /** Returns whether a folder has recordings of modules. */
    static boolean isIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".json"));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Returns the recordings of a folder.
     *
     * @return the files {@code *.json}, sorted by name
     * @throws IllegalArgumentException if {@code folder} is not a folder, or has no recordings
     */
    public static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> recordings = files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
            if (recordings.isEmpty()) {
                throw new IllegalArgumentException(folder + ": there are no recordings (*.json or *.pt2) in it");
            }
            return recordings;
        } catch (NotDirectoryException | NoSuchFileException e) {
            throw new IllegalArgumentException(folder + ": no such folder", e);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be read", e);
        }
    }

    /**
     * Reads a recording.
     *
     * @throws IllegalArgumentException if the recording is damaged
     */
    public static RecordedModule read(Path json) {
        try {
            JsonNode root = JSON.readTree(json.toFile());
            if (!root.path("module").isTextual() || !root.path("cases").isArray()) {
                throw new IllegalArgumentException(json + ": not a recording: it has no 'module' or no 'cases'");
            }
            Path tensors = Path.of(json.toString().replaceFirst("json$", "safetensors"));
            return new RecordedModule(
                    root.get("module").asText(),
                    DType.of(root.path("dtype").asText("float64")),
                    root.get("cases"),
                    Files.exists(tensors) ? Checkpoint.load(tensors).stateDict() : Map.of());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json + ": no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(json + ": cannot be read", e);
        }
    }

    /** Returns the module's name in PyTorch. */
    public String name() {
        return name;
    }

    /** Returns the dtype of the modules' floating-point tensors. */
    DType dtype() {
        return dtype;
    }

    /** Returns the cases of this module. */
    public List<RecordedCase> cases() {
        return Collections.unmodifiableList(cases);
    }

    /** Returns the tensor that a node names. */
    Tensor tensor(JsonNode name) {
        return tensor(name.asText());
    }

    private Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no tensor \"" + name + "\"");
        }
        return tensor;
    }

    /** Returns the tensors named by the entries of an object. */
    Map<String, Tensor> tensorsOf(@Nullable JsonNode node) {
        Map<String, Tensor> result = new LinkedHashMap<>();
        if (node != null) {
            node.fields().forEachRemaining(e -> result.put(e.getKey(), tensor(e.getValue())));
        }
        return result;
    }

    /**
     * Returns the values of an array. A tensor is a new copy on {@code device}, which requires grad if the recording says so.
     */
    List<@Nullable Object> values(@Nullable JsonNode array, Device device) {
        return array == null ? new ArrayList<>() : SpecJson.args(array.toString(), name -> copy(name, device));
    }

    /** Returns the values of the entries of an object, in the same form. */
    Map<String, @Nullable Object> valuesOf(@Nullable JsonNode object, Device device) {
        return object == null ? new LinkedHashMap<>() : SpecJson.kwargs(object.toString(), name -> copy(name, device));
    }

    private Tensor copy(String name, Device device) {
        return tensor(name).to(device, false, true);
    }
}
