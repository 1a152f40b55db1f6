package org.jtorch.models.pretrained;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes the JSON files beside a model's weights. */
final class ConfigFiles {

    static final String NAME = "config.json";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ConfigFiles() {}

    /** Reads the file of a folder, or one of another name. */
    static Map<String, @Nullable Object> read(Path path) {
        if (!Files.exists(path) && !path.toString().endsWith(".json")) {
            throw new ConfigException(
                    "there is no folder " + path + "; Hub.download gives the folder of a model on the Hub");
        }
        Path file = Files.isDirectory(path) ? path.resolve(NAME) : path;
        return read(file, "object", new TypeReference<LinkedHashMap<String, @Nullable Object>>() {});
    }

    /** Reads a file with a list of objects. */
    static List<Map<String, @Nullable Object>> readList(Path file) {
        return read(file, "list of objects", new TypeReference<List<Map<String, @Nullable Object>>>() {});
    }

    private static <T> T read(Path file, String what, TypeReference<T> type) {
        try {
            T values = JSON.readValue(Files.readString(file), type);
            if (values == null) {
                throw new ConfigException(file + " contains null, but must contain a JSON " + what);
            }
            return values;
        } catch (NoSuchFileException e) {
            throw new ConfigException(
                    file.toString().endsWith(".json")
                            ? file + " does not exist: give the folder that contains a model's " + file.getFileName()
                            : file + " does not exist: give the folder of a model",
                    e);
        } catch (JsonProcessingException e) {
            String place =
                    e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
            throw new ConfigException(file + " is not a JSON " + what + place + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ConfigException(file + " cannot be read: " + e, e);
        }
    }

    /** Writes an object, or a list of objects. An older file is replaced in one step. */
    static void write(Path file, Object values) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(unfinished, JSON.writeValueAsString(values) + "\n");
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
