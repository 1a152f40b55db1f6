package org.jtorch.serialize.internal.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.text.JsonText;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.stored.Contents;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.stored.StoredTensor;

/** Reads an index, {@code {"metadata": {...}, "weight_map": {"key": "file", ...}}}, and the files that it names. */
public final class ShardedReader {

    private static final int MAX_INDEX = 1 << 28;

    /**
     * The contents of an index.
     *
     * @param files the file of each key
     */
    public record Index(Map<String, String> metadata, Map<String, String> files) {}

    private final Reading reading;
    private final Function<String, Contents> shards;

    /**
     * Creates a reader of an index.
     *
     * @param shards reads the file with the given name next to the index
     */
    public ShardedReader(Reading reading, Function<String, Contents> shards) {
        this.reading = reading;
        this.shards = shards;
    }

    public Contents read(MappedFile file) {
        if (file.size() > MAX_INDEX) {
            throw new CheckpointException(
                    "the index has " + file.size() + " bytes; at most " + MAX_INDEX + " are read");
        }
        byte[] json = new byte[(int) file.size()];
        file.at(0, json.length).get(0, json);
        Index index = parse(json);
        index.files.values().stream().distinct().forEach(ShardedReader::checkName);
        Map<String, Map<?, ?>> read = new HashMap<>();
        Set<String> names = new LinkedHashSet<>();
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        index.files.forEach((key, name) -> {
            // a shard without requested tensors is not opened
            if (reading.wants(key)) {
                tensors.put(key, tensor(key, name, read.computeIfAbsent(name, shard -> shard(shard, names))));
            }
        });
        return new Contents(CheckpointFormat.SHARDED, tensors, index.metadata, names);
    }

    private Map<?, ?> shard(String name, Set<String> names) {
        try {
            Contents contents = shards.apply(name);
            names.addAll(contents.names());
            Object root = contents.root();
            if (root instanceof Map<?, ?> map) {
                return map;
            }
        } catch (CheckpointException e) {
            throw e.in("shard " + name);
        }
        throw new CheckpointException("shard " + name + ": is not a dict of tensors");
    }

    private static StoredTensor tensor(String key, String name, Map<?, ?> shard) {
        if (shard.get(key) instanceof StoredTensor tensor) {
            return tensor;
        }
        throw new CheckpointException("shard " + name + ": has no tensor '" + key + "', which the index says it has");
    }

    /** Checks that a shard is next to its index: its name must not be a path. */
    public static void checkName(String name) {
        boolean plain = !name.isBlank()
                && name.length() <= 255
                && name.chars().allMatch(c -> c >= ' ' && c != '/' && c != '\\' && c != ':' && c != 127)
                && !name.equals(".")
                && !name.equals("..");
        if (!plain) {
            String shown = name.substring(0, Math.min(60, name.length())).replaceAll("[^ -~]", "?");
            throw new CheckpointException(
                    "the index refers to the shard '" + shown + "', which is not the name of a file in its folder");
        }
    }

    // --- the index's JSON --------------------------------------------------------------------------------------

    public static Index parse(byte[] json) {
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, String> files = null;
        try (JsonParser parser = SafetensorsHeader.JSON.createParser(json)) {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "the index");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("weight_map")) {
                    files = files(parser);
                } else if (name.equals("metadata") && parser.currentToken() == JsonToken.START_OBJECT) {
                    readMetadata(parser, metadata);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw new CheckpointException("the index continues after its JSON");
            }
        } catch (StreamReadException e) {
            throw new CheckpointException("the index is damaged: " + JsonText.problem(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new CheckpointException("the index is not JSON: " + e.getMessage(), e);
        }
        if (files == null) {
            throw new CheckpointException(
                    "is JSON without a weight_map, so it is not the index of a sharded checkpoint: name the"
                            + " checkpoint itself, or its *.index.json");
        }
        return new Index(metadata, files);
    }

    private static Map<String, String> files(JsonParser parser) throws IOException {
        expect(parser.currentToken(), JsonToken.START_OBJECT, "weight_map");
        Map<String, String> files = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            expect(parser.nextToken(), JsonToken.VALUE_STRING, "the file of a key");
            files.put(key, parser.getText());
        }
        return files;
    }

    private static void readMetadata(JsonParser parser, Map<String, String> metadata) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token.isScalarValue()) {
                metadata.put(key, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
    }

    private static void expect(@Nullable JsonToken token, JsonToken expected, String what) {
        if (token != expected) {
            throw new CheckpointException(what + " must be " + expected + ", not " + token);
        }
    }
}
