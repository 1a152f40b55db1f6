package org.jtorch.serialize.internal.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.text.JsonText;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.elements.SafetensorsTypes;

/**
 * The JSON at the beginning of a safetensors file.
 *
 * @param text the entries of {@code __metadata__}, without the checksums
 * @param checksums the text of the checksums, see {@link SafetensorsChecksums}; null for none
 * @param tensors the position of each tensor, in the order of the file
 */
public record SafetensorsHeader(
        Map<String, String> text, @Nullable String checksums, Map<String, Entry> tensors) {

    private static final String METADATA = "__metadata__";

    /** The greatest number of sizes of a shape. */
    private static final int MAX_DIMENSIONS = 64;

    /** The names of types that are accepted even if the type is not known. */
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.]{1,64}");

    static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    // the limits are those of the file: 100 MB for a header, 256 MiB for an index
                    StreamReadConstraints.builder()
                            .maxNestingDepth(128)
                            .maxNameLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
            .build();

    /**
     * The position of a tensor.
     *
     * @param type the format's name for its type, which need not be known
     * @param shape its shape in the format
     * @param begin the position of its first byte after the header
     * @param end the position after its last byte
     */
    public record Entry(String type, long[] shape, long begin, long end) {

        /** Returns whether the number of bytes fits the shape. If the type is not known, any number does. */
        boolean fits() {
            int bits = SafetensorsTypes.bits(type);
            return bits == 0 || nbits(bits) == Math.multiplyExact(Byte.SIZE, end - begin);
        }

        /** Returns the number of bits of the shape, with checks for overflow. */
        private long nbits(int bits) {
            long count = bits;
            boolean empty = false;
            for (long size : shape) {
                empty |= size == 0;
                count = Math.multiplyExact(count, Math.max(size, 1));
            }
            return empty ? 0 : count;
        }
    }

    // --- reading -----------------------------------------------------------------------------------------------

    /**
     * Reads a header.
     *
     * @throws CheckpointException if the JSON does not have the required form
     */
    public static SafetensorsHeader parse(byte[] json) {
        Map<String, String> text = new LinkedHashMap<>();
        Map<String, Entry> tensors = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals(METADATA)) {
                    // null means none, as in the format's own library
                    text = parser.currentToken() == JsonToken.VALUE_NULL ? text : text(parser);
                } else {
                    tensors.put(name, entry(parser, name));
                }
            }
            if (parser.nextToken() != null) {
                throw new CheckpointException("the header continues after its JSON");
            }
        } catch (StreamReadException e) {
            throw new CheckpointException("the header is damaged: " + JsonText.problem(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new CheckpointException("the header is not JSON: " + e.getMessage(), e);
        }
        String checksums = text.remove(SafetensorsChecksums.KEY);
        return new SafetensorsHeader(text, checksums, tensors);
    }

    private static Map<String, String> text(JsonParser parser) throws IOException {
        expect(parser.currentToken(), JsonToken.START_OBJECT, METADATA);
        Map<String, String> text = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            expect(parser.nextToken(), JsonToken.VALUE_STRING, METADATA + "'s " + key);
            text.put(key, parser.getText());
        }
        return text;
    }

    private static Entry entry(JsonParser parser, String name) throws IOException {
        expect(parser.currentToken(), JsonToken.START_OBJECT, "tensor '" + name + "'");
        String type = null;
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "dtype" -> type = type(parser, name);
                case "shape" -> shape = integers(parser, name, key);
                case "data_offsets" -> offsets = integers(parser, name, key);
                default -> parser.skipChildren();
            }
        }
        if (type == null || shape == null || offsets == null || offsets.length != 2) {
            throw new CheckpointException("tensor '" + name + "' does not have a dtype, a shape and two data_offsets");
        }
        return new Entry(type, shape, offsets[0], offsets[1]);
    }

    private static String type(JsonParser parser, String name) throws IOException {
        expect(parser.currentToken(), JsonToken.VALUE_STRING, "the dtype of '" + name + "'");
        String type = parser.getText();
        if (!TYPE.matcher(type).matches()) {
            throw new CheckpointException(
                    "tensor '" + name + "' is of dtype '" + type + "', which is not the name of a dtype");
        }
        return type;
    }

    private static long[] integers(JsonParser parser, String name, String key) throws IOException {
        expect(parser.currentToken(), JsonToken.START_ARRAY, key + " of '" + name + "'");
        List<Long> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, key + " of '" + name + "'");
            long value = parser.getLongValue();
            if (value < 0) {
                throw new CheckpointException("tensor '" + name + "' has " + key + " " + value + ", which is negative");
            }
            if (values.size() == MAX_DIMENSIONS) {
                throw new CheckpointException("tensor '" + name + "' has more than " + MAX_DIMENSIONS + " " + key);
            }
            values.add(value);
        }
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static void expect(@Nullable JsonToken token, JsonToken expected, String what) {
        if (token != expected) {
            throw new CheckpointException(what + " must be " + expected + ", not " + token);
        }
    }

    // --- writing -----------------------------------------------------------------------------------------------

    /** Returns the JSON, padded with spaces so that the bytes after it begin at a multiple of eight. */
    byte[] toJson() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!text.isEmpty() || checksums != null) {
                json.writeObjectFieldStart(METADATA);
                if (checksums != null) {
                    json.writeStringField(SafetensorsChecksums.KEY, checksums);
                }
                for (Map.Entry<String, String> item : text.entrySet()) {
                    json.writeStringField(item.getKey(), item.getValue());
                }
                json.writeEndObject();
            }
            for (Map.Entry<String, Entry> item : tensors.entrySet()) {
                Entry entry = item.getValue();
                json.writeObjectFieldStart(item.getKey());
                json.writeStringField("dtype", entry.type);
                json.writeFieldName("shape");
                json.writeArray(entry.shape, 0, entry.shape.length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {entry.begin, entry.end}, 0, 2);
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        byte[] unpadded = bytes.toByteArray();
        byte[] padded = Arrays.copyOf(unpadded, (unpadded.length + 7) / 8 * 8);
        Arrays.fill(padded, unpadded.length, padded.length, (byte) ' ');
        return padded;
    }
}
