package org.jtorch.export.internal.pt2;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.export.internal.tree.Typed;
import org.jtorch.nn.internal.Records;

/**
 * Records are objects in JSON, whose fields have the names of the components in Python's spelling. A field that is missing, or
 * null, is null for the record, which decides whether it may be; a number or a boolean must be there.
 */
final class OfRecord extends Form {

    private final RecordComponent[] components;
    private final Constructor<?> constructor;
    private final Map<String, Integer> places = new HashMap<>();

    OfRecord(Class<?> type) {
        this.components = Records.components(type);
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            places.put(Typed.snake(components[i].getName()), i);
        }
        try {
            this.constructor = type.getDeclaredConstructor(types);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a record without its constructor: " + type, e);
        }
    }

    @Override
    Object read(JsonParser in) throws IOException {
        expect(JsonToken.START_OBJECT, "an object", in);
        @Nullable Object[] values = new @Nullable Object[components.length];
        boolean[] given = new boolean[components.length];
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            Integer place = places.get(name);
            if (place == null) {
                throw Misread.unknown(in, name);
            }
            if (given[place]) {
                throw Misread.twice(in, name);
            }
            given[place] = true;
            if (in.nextToken() != JsonToken.VALUE_NULL) {
                values[place] = of(components[place].getGenericType()).read(in);
            }
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null && components[i].getType().isPrimitive()) {
                throw Misread.at(in, "the field '" + Typed.snake(components[i].getName()) + "' is missing or null");
            }
        }
        return make(values, in);
    }

    /** Returns the record with these values. */
    Object make(@Nullable Object[] values, JsonParser in) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            Throwable cause = Objects.requireNonNull(e.getCause(), "the constructor's exception");
            throw Misread.at(in, String.valueOf(cause.getMessage()), cause);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
