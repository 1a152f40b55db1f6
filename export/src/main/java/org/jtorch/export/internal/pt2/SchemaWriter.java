package org.jtorch.export.internal.pt2;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.internal.tree.Typed;
import org.jtorch.nn.internal.Records;

/**
 * Writes records as JSON. Whether a value is written as a union or as one of its records depends on the type of the component
 * that holds it, so this class follows the declared types.
 */
final class SchemaWriter {

    private final JsonGenerator out;

    SchemaWriter(JsonGenerator out) {
        this.out = out;
    }

    void write(@Nullable Object value, Type declared) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object each : list) {
                write(each, argument(declared, 0));
            }
            out.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName((String) entry.getKey());
                write(entry.getValue(), argument(declared, 1));
            }
            out.writeEndObject();
        } else if (value instanceof Record node) {
            record(node, declared);
        } else {
            scalar(value);
        }
    }

    private void scalar(Object value) throws IOException {
        if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (value instanceof Double number) {
            out.writeNumber(number); // one that is not finite becomes a text, as in PyTorch
        } else {
            out.writeNumber(((Number) value).longValue());
        }
    }

    private void record(Record node, Type declared) throws IOException {
        Union<?> union = declared instanceof Class<?> type ? Union.known(type) : null;
        if (union == null) {
            fields(node);
            return;
        }
        out.writeStartObject();
        out.writeFieldName(union.field(node));
        RecordComponent only = Union.only(node.getClass());
        if (only == null) {
            fields(node);
        } else {
            write(Records.values(node)[0], only.getGenericType());
        }
        out.writeEndObject();
    }

    private void fields(Record node) throws IOException {
        RecordComponent[] components = Records.components(node.getClass());
        @Nullable Object[] values = Records.values(node);
        out.writeStartObject();
        for (int i = 0; i < components.length; i++) {
            out.writeFieldName(Typed.snake(components[i].getName()));
            write(values[i], components[i].getGenericType());
        }
        out.writeEndObject();
    }

    private static Type argument(Type declared, int place) {
        return declared instanceof ParameterizedType generic ? generic.getActualTypeArguments()[place] : Object.class;
    }
}
