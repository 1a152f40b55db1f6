package org.jtorch.data.sources;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;
import org.jtorch.internal.text.JsonText;

/** Reads a file of JSON lines through Jackson. */
final class JsonRecords implements Records {

    /** A longer line is that of another format. */
    private static final int MAX_LINE = 1 << 28;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(MAX_LINE).build())
            .build();

    private final Path path;
    private final RowOptions.Settings settings;
    private final Reader reader;
    private final CharBuffer buffer = CharBuffer.allocate(1 << 13).limit(0);
    private int position;
    private long number;

    JsonRecords(Path path, RowOptions.Settings settings) {
        this.path = path;
        this.settings = settings;
        try {
            reader = TextFiles.open(path, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw TextFiles.failure(path, StandardCharsets.UTF_8, e);
        }
    }

    @Override
    public @Nullable Line next() {
        try {
            for (String text = line(); text != null; text = line()) {
                if (!text.isBlank()) {
                    return parse(text, path + ", line " + number, settings);
                }
            }
            return null;
        } catch (IOException e) {
            throw TextFiles.failure(path, StandardCharsets.UTF_8, e);
        }
    }

    /** Returns the number of the line that was read last, from 1. */
    long number() {
        return number;
    }

    private @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        boolean isOpen = false;
        while (position < buffer.limit() || fill()) {
            isOpen = true;
            int start = position;
            while (position < buffer.limit() && buffer.get(position) != '\n') {
                position++;
            }
            line.append(buffer.array(), start, position - start);
            if (position < buffer.limit()) {
                position++;
                break;
            }
            if (line.length() > MAX_LINE) {
                throw new TorchException(path + ", line " + (number + 1) + ": is longer than " + MAX_LINE
                        + " characters; is this a file with one JSON object a line?");
            }
        }
        number += isOpen ? 1 : 0;
        return isOpen ? line.toString() : null;
    }

    private boolean fill() throws IOException {
        position = 0;
        int read = reader.read(buffer.array());
        buffer.limit(Math.max(read, 0));
        return read > 0;
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw TextFiles.failure(path, e);
        }
    }

    // --- parsing -----------------------------------------------------------------------------------------------

    /** Returns the fields of an object that the settings keep. */
    static Line parse(String text, String place, RowOptions.Settings settings) {
        try (JsonParser json = FACTORY.createParser(text)) {
            JsonToken first = json.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw new TorchException(place + ": is not a JSON object: " + shown(text));
            }
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (settings.keeps(name)) {
                    values.put(name, value(json));
                } else {
                    json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw new TorchException(place + ": has more than one JSON object: " + shown(text));
            }
            return new Line(values, place, text);
        } catch (JsonProcessingException e) {
            // A text that exceeds a limit of the parser has no location.
            String column = e.getLocation() == null
                    ? ""
                    : " at column " + e.getLocation().getColumnNr();
            String problem =
                    JsonText.problem(e.getOriginalMessage()).replace("line: 1, ", ""); // the place has the line
            throw new TorchException(place + ": is not JSON: " + problem + column + ": " + shown(text), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String shown(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }

    private static @Nullable Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> json.getNumberValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case START_ARRAY -> list(json);
            case START_OBJECT -> object(json);
            default -> json.getText();
        };
    }

    private static List<@Nullable Object> list(JsonParser json) throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(json));
        }
        return list;
    }

    private static Map<String, @Nullable Object> object(JsonParser json) throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            object.put(name, value(json));
        }
        return object;
    }

    /** A line with the fields of its object. */
    record Line(Map<String, @Nullable Object> values, String place, String text) implements Fields {
        @Override
        public List<String> names() {
            return new ArrayList<>(values.keySet());
        }

        @Override
        public boolean has(String column) {
            return values.containsKey(column);
        }

        @Override
        public @Nullable Object value(String column) {
            return values.get(column);
        }

        @Override
        public boolean absentIsMissing() {
            return true;
        }
    }
}
