package org.jtorch.export.internal.pt2;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A union of PyTorch's schema: an object in JSON with one field, whose name says what its value is, such as {@code {"as_int":
 * 5}}. In Java it is a sealed interface with a record for each field. If the only component of the record is called {@code
 * value}, it is the value of the field itself.
 *
 * @param <T> the interface
 */
final class Union<T> {

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

    /** Adds the conversion from JSON. */
    void addTo(SimpleModule module) {
        module.addDeserializer(type, new Reader());
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
        RecordComponent[] components = kind.getRecordComponents();
        return components.length == 1 && components[0].getName().equals(VALUE) ? components[0] : null;
    }

    private final class Reader extends StdDeserializer<T> {

        private static final long serialVersionUID = 1;

        Reader() {
            super(type);
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT || parser.nextToken() != JsonToken.FIELD_NAME) {
                throw JsonMappingException.from(parser, "must be an object with one field, one of " + kinds.keySet());
            }
            String field = parser.currentName();
            Class<? extends T> kind = kinds.get(field);
            if (kind == null) {
                throw JsonMappingException.from(
                        parser, "the field '" + field + "' is unknown; known are " + kinds.keySet());
            }
            parser.nextToken();
            RecordComponent only = only(kind);
            T value = only == null ? context.readValue(parser, kind) : wrapped(kind, only, parser, context);
            if (parser.nextToken() != JsonToken.END_OBJECT) {
                throw JsonMappingException.from(
                        parser, "must have one field, but has '" + parser.currentName() + "' after '" + field + "'");
            }
            return value;
        }

        private T wrapped(
                Class<? extends T> kind, RecordComponent only, JsonParser parser, DeserializationContext context)
                throws IOException {
            JavaType component = context.getTypeFactory().constructType(only.getGenericType());
            Object value = context.readValue(parser, component);
            if (value == null) {
                throw JsonMappingException.from(parser, "the value of '" + fields.get(kind) + "' is null");
            }
            try {
                Constructor<? extends T> constructor = kind.getDeclaredConstructor(only.getType());
                return constructor.newInstance(value);
            } catch (InvocationTargetException e) {
                throw JsonMappingException.from(parser, String.valueOf(e.getCause()), e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
    }
}
