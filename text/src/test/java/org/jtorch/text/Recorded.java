package org.jtorch.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** What {@code parity/record/text.py} recorded of Python. */
public final class Recorded {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Recorded() {}

    /** Returns a folder or file of the recordings. */
    public static Path path(String name) {
        try {
            return Path.of(Objects.requireNonNull(Recorded.class.getResource("/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Reads a file of JSON. */
    public static JsonNode json(String name) {
        try {
            return JSON.readTree(path(name).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a file with JSON in each line. */
    public static List<JsonNode> lines(String name) {
        List<JsonNode> rows = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(path(name))) {
                rows.add(JSON.readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    /** Returns a value as Java's own types. */
    public static <T> T as(JsonNode node, Class<T> type) {
        return JSON.convertValue(node, type);
    }

    /** Returns the numbers of a list. */
    public static List<Long> longs(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(JsonNode::asLong)
                .toList();
    }

    /** Returns the texts of a list. */
    public static List<String> texts(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
