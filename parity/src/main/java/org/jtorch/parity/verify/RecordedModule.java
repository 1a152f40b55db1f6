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
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.nn.spec.SpecJson;
import org.jtorch.serialize.Checkpoint;

/**
 * The cases of one module: {@code NAME.json}, and their tensors in {@code NAME.safetensors}.
 *
 * <p>A case is the module's constructor arguments, its state, an input, and what PyTorch gave for it: text, outputs, gradients
 * and buffers.
 */
public final class RecordedModule {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final List<RecordedCase> cases = new ArrayList<>();
    private final Map<String, Tensor> tensors;

    private RecordedModule(String name, JsonNode cases, Map<String, Tensor> tensors) {
        this.name = name;
        this.tensors = tensors;
        cases.forEach(c -> this.cases.add(new RecordedCase(this, c)));
    }

    /**
     * Returns the recordings of a folder.
     *
     * @return the files {@code *.json}, by name
     * @throws IllegalArgumentException if it is no folder, or has none
     */
    public static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> recordings = files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
            if (recordings.isEmpty()) {
                throw new IllegalArgumentException(folder + ": there are no recordings (*.json) in it");
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
     * @throws IllegalArgumentException if it is broken
     */
    public static RecordedModule read(Path json) {
        try {
            JsonNode root = JSON.readTree(json.toFile());
            if (!root.path("module").isTextual() || !root.path("cases").isArray()) {
                throw new IllegalArgumentException(json + ": no recording: it has no 'module' or no 'cases'");
            }
            Path tensors = Path.of(json.toString().replaceFirst("json$", "safetensors"));
            return new RecordedModule(
                    root.get("module").asText(),
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

    /** Returns its cases. */
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

    /** Returns the tensors that an object's entries name. */
    Map<String, Tensor> tensorsOf(@Nullable JsonNode node) {
        Map<String, Tensor> result = new LinkedHashMap<>();
        if (node != null) {
            node.fields().forEachRemaining(e -> result.put(e.getKey(), tensor(e.getValue())));
        }
        return result;
    }

    /** Returns the values of an array; a tensor is a fresh copy on {@code device}, requiring grad if the recording says so. */
    List<@Nullable Object> values(@Nullable JsonNode array, Device device) {
        return array == null ? new ArrayList<>() : SpecJson.args(array.toString(), name -> copy(name, device));
    }

    /** Returns the values of an object's entries, likewise. */
    Map<String, @Nullable Object> valuesOf(@Nullable JsonNode object, Device device) {
        return object == null ? new LinkedHashMap<>() : SpecJson.kwargs(object.toString(), name -> copy(name, device));
    }

    private Tensor copy(String name, Device device) {
        return tensor(name).to(device, false, true);
    }
}
