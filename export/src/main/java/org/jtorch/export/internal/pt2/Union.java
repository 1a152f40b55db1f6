package org.jtorch.export.internal.pt2;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.internal.Records;

/**
 * A union of PyTorch's schema: an object in JSON with one field, whose name says what its value is, such as {@code {"as_int":
 * 5}}. In Java it is a sealed interface with a record for each field. If the only component of the record is called {@code
 * value}, it is the value of the field itself.
 *
 * @param <T> the interface
 */
final class Union<T> extends Form {

    private static final String VALUE = "value";

    private static final Map<Class<?>, Union<?>> ALL = new ConcurrentHashMap<>();

    private final Class<T> type;
    private final Map<String, Class<? extends T>> kinds = new LinkedHashMap<>();
    private final Map<Class<?>, String> fields = new LinkedHashMap<>();

    private Union(Class<T> type) {
        this.type = type;
    }

    static <T> Union<T> of(Class<T> type) {
        return new Union<>(type);
    }

    /** Adds the record for a field. */
    Union<T> with(String field, Class<? extends T> kind) {
        kinds.put(field, kind);
        fields.put(kind, field);
        return this;
    }

    /** Makes the union known. */
    void add() {
        ALL.put(type, this);
    }

    /** Returns the union of an interface, or null if it is none. */
    static @Nullable Union<?> known(Class<?> type) {
        return ALL.get(type);
    }

    /** Returns the field for a value. */
    String field(Object value) {
        return Objects.requireNonNull(fields.get(value.getClass()), () -> value + " is not one of " + type);
    }

    /** Returns the component of a record that stands for the whole record, or null. */
    static @Nullable RecordComponent only(Class<?> kind) {
        RecordComponent[] components = Records.components(kind);
        return components.length == 1 && components[0].getName().equals(VALUE) ? components[0] : null;
    }

    @Override
    Object read(JsonParser in) throws IOException {
        String field = in.currentToken() == JsonToken.START_OBJECT ? in.nextFieldName() : null;
        if (field == null) {
            throw Misread.at(in, "must be an object with one field, one of " + kinds.keySet());
        }
        Class<? extends T> kind = kinds.get(field);
        if (kind == null) {
            throw Misread.at(in, "the field '" + field + "' is unknown; known are " + kinds.keySet());
        }
        if (in.nextToken() == JsonToken.VALUE_NULL) {
            throw Misread.at(in, "the value of '" + field + "' is null");
        }
        OfRecord record = (OfRecord) Form.of(kind);
        RecordComponent only = only(kind);
        Object value = only == null
                ? record.read(in)
                : record.make(new Object[] {Form.of(only.getGenericType()).read(in)}, in);
        if (in.nextToken() != JsonToken.END_OBJECT) {
            throw Misread.at(in, "must have one field, but has '" + in.currentName() + "' after '" + field + "'");
        }
        return value;
    }
}
