package org.jtorch.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.internal.ElementStats;
import org.jtorch.serialize.CheckpointInfo;
import org.jtorch.serialize.format.TensorInfo;

/** The contents of a checkpoint as JSON. */
final class InspectJson {

    /** The greatest length of the text of a value that is not a str. */
    private static final int MOST_OF_A_TEXT = 1000;

    private InspectJson() {}

    static String text(CheckpointInfo info, Map<String, TensorStats> stats) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("format", info.format().name());
            json.writeNumberField("bytes", info.nbytes());
            json.writeObjectFieldStart("header");
            for (Map.Entry<String, String> entry : info.header().entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("values");
            for (Map.Entry<String, @Nullable Object> entry :
                    FlatValues.of(info.root()).entrySet()) {
                if (!(entry.getValue() instanceof TensorInfo)) {
                    value(json, entry.getKey(), entry.getValue());
                }
            }
            json.writeEndObject();
            json.writeObjectFieldStart("unknown_classes");
            for (Map.Entry<String, List<String>> entry : info.unknownClasses().entrySet()) {
                json.writeFieldName(entry.getKey());
                json.writeArray(
                        entry.getValue().toArray(new String[0]),
                        0,
                        entry.getValue().size());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("tensors");
            for (Map.Entry<String, TensorInfo> entry : info.tensors().entrySet()) {
                tensor(json, entry.getKey(), entry.getValue(), stats.get(entry.getKey()));
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void value(JsonGenerator json, String key, @Nullable Object value) throws IOException {
        json.writeFieldName(key);
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Double number && Double.isFinite(number)) {
            json.writeNumber(number);
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else {
            json.writeString(value instanceof String text ? text : ValueText.of(value, MOST_OF_A_TEXT));
        }
    }

    private static void tensor(JsonGenerator json, String key, TensorInfo tensor, @Nullable TensorStats stats)
            throws IOException {
        json.writeObjectFieldStart(key);
        json.writeStringField("dtype", DTypeNames.name(tensor));
        json.writeFieldName("shape");
        json.writeArray(tensor.shape(), 0, tensor.shape().length);
        json.writeStringField("layout", DTypeNames.withoutTorch(String.valueOf(tensor.layout())));
        json.writeNumberField("bytes", tensor.nbytes());
        json.writeBooleanField("requires_grad", tensor.requiresGrad());
        json.writeBooleanField("parameter", tensor.isParameter());
        ElementStats numbers = stats == null ? null : stats.numbers();
        if (numbers != null) {
            number(json, "min", numbers.min());
            number(json, "max", numbers.max());
            number(json, "mean", numbers.mean());
            json.writeNumberField("nan", numbers.nan());
            json.writeNumberField("inf", numbers.inf());
        } else if (stats != null) {
            json.writeStringField("no_numbers", stats.reason());
        }
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, @Nullable Double value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }
}
