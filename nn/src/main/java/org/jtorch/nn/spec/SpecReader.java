package org.jtorch.nn.spec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.text.JsonText;

/** Reads values in the format of {@link SpecJson}. Each method begins at the first token of its value and ends at the last. */
final class SpecReader {

    static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(SpecJson.MAX_NESTING)
                    .build())
            .build();

    /** The keys allowed together with each tag. The first tag of an object determines its type. */
    private static final Map<String, Set<String>> BESIDE = beside();

    private static Map<String, Set<String>> beside() {
        Map<String, Set<String>> beside = new LinkedHashMap<>();
        beside.put("module", Set.of("args", "kwargs"));
        beside.put("tensor", Set.of("dtype", "requires_grad"));
        for (String alone : List.of("dict", "tuple", "float", "function", "device", "dtype")) {
            beside.put(alone, Set.of());
        }
        return beside;
    }

    private final JsonParser in;
    private final Function<String, Tensor> tensors;

    SpecReader(JsonParser in, Function<String, Tensor> tensors) {
        this.in = in;
        this.tensors = tensors;
    }

    // --- the document ------------------------------------------------------------------------------------------

    void begin() throws IOException {
        if (in.nextToken() == null) {
            throw new IllegalArgumentException(
                    "the document is empty: a model is {\"module\": \"Linear\", \"args\": [3, 4]}");
        }
    }

    void end() throws IOException {
        if (in.nextToken() != null) {
            throw refusal("there is something after the end of the document: a document is one value");
        }
    }

    ModuleSpec spec() throws IOException {
        if (in.currentToken() == JsonToken.START_OBJECT) {
            String where = where(in.currentTokenLocation());
            Object read = object();
            if (read instanceof ModuleSpec spec) {
                return spec;
            }
            String has =
                    read instanceof Map<?, ?> map ? "has " + shown(String.join(", ", keys(map))) : "is " + shown(read);
            throw new IllegalArgumentException(where + ": there is no \"module\", the object " + has
                    + ": a model is {\"module\": \"Linear\", \"args\": [3, 4]}");
        }
        throw refusal(token() + " is not an object: a model is {\"module\": \"Linear\", \"args\": [3, 4]}");
    }

    private static List<String> keys(Map<?, ?> map) {
        return map.isEmpty()
                ? List.of("no keys")
                : map.keySet().stream().map(key -> "'" + key + "'").toList();
    }

    /** Returns the exception for text that is not valid JSON. */
    IllegalArgumentException broken(JsonProcessingException e) {
        JsonLocation at = e.getLocation() == null ? in.currentLocation() : e.getLocation();
        String message = e.getOriginalMessage();
        if (message.startsWith("Non-standard token")) {
            message =
                    "NaN and infinities are not JSON: write {\"float\": \"nan\"}, {\"float\": \"inf\"} or {\"float\": \"-inf\"}";
        }
        return new IllegalArgumentException(where(at) + ": broken JSON: " + JsonText.problem(message), e);
    }

    // --- values ------------------------------------------------------------------------------------------------

    private @Nullable Object value() throws IOException {
        return switch (in.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> real();
            case START_ARRAY -> args();
            case START_OBJECT -> object();
            default -> throw refusal(in.currentToken() + " is not a value");
        };
    }

    private Long integer() throws IOException {
        if (in.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw refusal(shown(in.getText()) + " does not fit into 64 bits");
        }
        return in.getLongValue();
    }

    private Double real() throws IOException {
        double value = in.getDoubleValue();
        if (Double.isInfinite(value)) {
            throw refusal(
                    shown(in.getText()) + " is beyond the range of a float: write {\"float\": \"inf\"} for infinity");
        }
        return value;
    }

    List<@Nullable Object> args() throws IOException {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            throw refusal(token() + " is not a list: write [..]");
        }
        List<@Nullable Object> values = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            values.add(value());
        }
        return values;
    }

    Map<String, @Nullable Object> kwargs() throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw refusal(token() + " is not an object: write {\"name\": value, ..}");
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String key = in.currentName();
            in.nextToken();
            values.put(key, value());
        }
        return values;
    }

    private @Nullable Object object() throws IOException {
        JsonLocation start = in.currentTokenLocation();
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String key = in.currentName();
            in.nextToken();
            values.put(key, SpecJson.TAGS.contains(key) ? tagged(key) : value());
        }
        if (values.keySet().stream().noneMatch(SpecJson.TAGS::contains)) {
            return values;
        }
        String where = where(start);
        String tag = BESIDE.keySet().stream()
                .filter(values::containsKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(where + ": there is "
                        + shown(String.join(", ", keys(values))) + " without a "
                        + (values.containsKey("requires_grad") ? "\"tensor\"" : "\"module\", the class's name")));
        Set<String> beside = BESIDE.getOrDefault(tag, Set.of());
        for (String key : values.keySet()) {
            if (!key.equals(tag) && !beside.contains(key)) {
                throw new IllegalArgumentException(where + ": " + shown(key) + " is unknown: beside \"" + tag
                        + "\" may stand "
                        + (beside.isEmpty()
                                ? "nothing"
                                : String.join(" and ", beside.stream().sorted().toList()))
                        + "; a dict with a key \"" + tag + "\" is written {\"dict\": {..}}");
            }
        }
        return checked(where, () -> made(tag, values));
    }

    /** Returns the value of a key with a special meaning. */
    private Object tagged(String key) throws IOException {
        return switch (key) {
            case "args", "tuple" -> args();
            case "kwargs", "dict" -> kwargs();
            case "tensor" -> in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : present(value());
            case "requires_grad" -> {
                if (!in.currentToken().isBoolean()) {
                    throw refusal(token() + " is neither true nor false");
                }
                yield in.getBooleanValue();
            }
            default -> {
                if (in.currentToken() != JsonToken.VALUE_STRING) {
                    throw refusal(token() + " is not a string, as \"" + key + "\" has; a dict with a key \"" + key
                            + "\" is written {\"dict\": {..}}");
                }
                yield in.getText();
            }
        };
    }

    private Object present(@Nullable Object values) {
        if (values == null) {
            throw refusal("null is not a tensor: write its values, [1.0, 2.0]");
        }
        return values;
    }

    @SuppressWarnings("unchecked") // As tagged reads them.
    private @Nullable Object made(String tag, Map<String, @Nullable Object> values) {
        Object value = values.get(tag);
        String text = String.valueOf(value);
        return switch (tag) {
            case "module" ->
                module(text, (List<@Nullable Object>) values.getOrDefault("args", List.of()), (Map<
                                String, @Nullable Object>)
                        values.getOrDefault("kwargs", Map.of()));
            case "tensor" -> tensor(present(value), (String) values.get("dtype"), values.get("requires_grad"));
            case "float" ->
                switch (text) {
                    case "inf" -> Double.POSITIVE_INFINITY;
                    case "-inf" -> Double.NEGATIVE_INFINITY;
                    case "nan" -> Double.NaN;
                    default ->
                        throw new IllegalArgumentException(
                                "no float " + shown(text) + ": write a number, or \"inf\", \"-inf\" or \"nan\"");
                };
            case "function" -> {
                FunctionSpec function = new FunctionSpec(text);
                function.build();
                yield function;
            }
            case "device" -> Device.of(text);
            case "dtype" -> DType.of(text);
            default -> value; // A tuple or a dict.
        };
    }

    /** Returns the spec of a module, after checking that the module is known and accepts these arguments. */
    private static ModuleSpec module(String name, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {
        Catalog.instance().entry(name).signature().bind(args, kwargs);
        return new ModuleSpec(name, args, kwargs);
    }

    private Tensor tensor(Object values, @Nullable String dtype, @Nullable Object requiresGrad) {
        Tensor tensor;
        if (!(values instanceof String name)) {
            tensor = TensorValues.tensor(values, dtype == null ? null : DType.of(dtype));
        } else if (dtype == null) {
            tensor = tensors.apply(name);
        } else {
            throw new IllegalArgumentException("a tensor that is given by a name, '" + name + "', has its own dtype");
        }
        return Boolean.TRUE.equals(requiresGrad) ? tensor.requiresGrad_() : tensor;
    }

    // --- what is refused ---------------------------------------------------------------------------------------

    private static <T extends @Nullable Object> T checked(String where, Supplier<T> making) {
        try {
            return making.get();
        } catch (IllegalArgumentException | TorchException e) {
            throw new IllegalArgumentException(where + ": " + shown(e.getMessage()), e);
        }
    }

    private IllegalArgumentException refusal(String what) {
        return new IllegalArgumentException(where(in.currentTokenLocation()) + ": " + what);
    }

    /** Returns a description of the current token. */
    private String token() throws IOException {
        return switch (in.currentToken()) {
            case START_OBJECT -> "{..}";
            case START_ARRAY -> "[..]";
            case VALUE_STRING -> shown("\"" + in.getText() + "\"");
            default -> shown(in.getText());
        };
    }

    /** Returns the position in the form {@code args[0].kwargs.stride (line 4, column 12)}. */
    private String where(JsonLocation at) {
        StringBuilder path = new StringBuilder();
        path(in.getParsingContext(), path);
        String place = "line " + at.getLineNr() + ", column " + at.getColumnNr();
        return path.isEmpty() ? place : shown(path) + " (" + place + ")";
    }

    private static void path(JsonStreamContext context, StringBuilder path) {
        if (context.getParent() != null) {
            path(context.getParent(), path);
        }
        if (context.inArray() && context.hasCurrentIndex()) {
            path.append('[').append(context.getCurrentIndex()).append(']');
        } else if (context.inObject() && context.getCurrentName() != null) {
            path.append(path.isEmpty() ? "" : ".").append(context.getCurrentName());
        }
    }

    /** Returns a value for a message, shortened if it is long. */
    private static String shown(@Nullable Object what) {
        String text = String.valueOf(what).replaceAll("\\s+", " ");
        return text.length() <= 400 ? text : text.substring(0, 200) + " .. " + text.substring(text.length() - 190);
    }
}
