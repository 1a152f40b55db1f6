package org.jtorch.export.internal.pt2;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How values of a Java type are read from JSON. A value must have exactly the form of its type: a number is not read from a text,
 * nor a whole number from a fraction. A form does not change, and there is one for each type.
 */
abstract class Form {

    private static final Map<Type, Form> ALL = new ConcurrentHashMap<>();

    /** Returns the form of the type of a component. */
    static Form of(Type type) {
        Form known = ALL.get(type);
        if (known == null) {
            // a type may contain itself, so that its form must not be looked for while it is being made
            Form made = make(type);
            Form other = ALL.putIfAbsent(type, made);
            known = other == null ? made : other;
        }
        return known;
    }

    private static Form make(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] parts = generic.getActualTypeArguments();
            return generic.getRawType() == List.class ? new OfList(parts[0]) : new OfMap(parts[1]);
        }
        Class<?> plain = (Class<?>) type;
        Union<?> union = Union.known(plain);
        if (union != null) {
            return union;
        }
        return plain.isRecord() ? new OfRecord(plain) : scalar(plain);
    }

    private static Form scalar(Class<?> type) {
        if (type == String.class) {
            return new OfToken("a text", JsonParser::getText, JsonToken.VALUE_STRING);
        }
        if (type == long.class || type == Long.class) {
            return new OfToken("a whole number", JsonParser::getLongValue, JsonToken.VALUE_NUMBER_INT);
        }
        if (type == int.class || type == Integer.class) {
            return new OfToken("a whole number", JsonParser::getIntValue, JsonToken.VALUE_NUMBER_INT);
        }
        if (type == double.class || type == Double.class) {
            return new OfNumber();
        }
        if (type == boolean.class || type == Boolean.class) {
            return new OfToken(
                    "true or false", JsonParser::getBooleanValue, JsonToken.VALUE_TRUE, JsonToken.VALUE_FALSE);
        }
        throw new IllegalStateException("values of " + type + " have no form in JSON");
    }

    /**
     * Reads a value that is not null.
     *
     * @param in is at the first token of the value, and afterwards at the last
     * @throws org.jtorch.export.graph.ExportException if the value has another form
     */
    abstract Object read(JsonParser in) throws IOException;

    /** Reads an element of a list or a map, which must not be null. */
    static Object element(Form form, JsonParser in) throws IOException {
        if (in.currentToken() == JsonToken.VALUE_NULL) {
            throw Misread.at(in, "a list or map must not contain null");
        }
        return form.read(in);
    }

    static void expect(JsonToken token, String what, JsonParser in) throws IOException {
        expect(Set.of(token), what, in);
    }

    static void expect(Set<JsonToken> tokens, String what, JsonParser in) throws IOException {
        if (in.currentToken() == null || !tokens.contains(in.currentToken())) {
            throw Misread.at(in, "must be " + what + ", but is " + shown(in));
        }
    }

    private static String shown(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        if (token == null || token.isStructStart() || token.isStructEnd()) {
            return token == JsonToken.START_ARRAY ? "an array" : "an object";
        }
        String text = in.getText();
        return "'" + text.substring(0, Math.min(60, text.length())) + "'";
    }

    /** A value of one token. */
    private static class OfToken extends Form {

        private final String what;
        private final Reader reader;
        private final Set<JsonToken> tokens;

        OfToken(String what, Reader reader, JsonToken... tokens) {
            this.what = what;
            this.reader = reader;
            this.tokens = Set.of(tokens);
        }

        @Override
        Object read(JsonParser in) throws IOException {
            expect(tokens, what, in);
            return reader.read(in);
        }

        interface Reader {
            Object read(JsonParser in) throws IOException;
        }
    }

    private static final class OfNumber extends OfToken {

        /** How PyTorch writes numbers that JSON does not have. */
        private static final Set<String> NOT_FINITE = Set.of("Infinity", "-Infinity", "NaN");

        OfNumber() {
            super("a number", JsonParser::getDoubleValue, JsonToken.VALUE_NUMBER_INT, JsonToken.VALUE_NUMBER_FLOAT);
        }

        @Override
        Object read(JsonParser in) throws IOException {
            return in.currentToken() == JsonToken.VALUE_STRING && NOT_FINITE.contains(in.getText())
                    ? Double.valueOf(in.getText())
                    : super.read(in);
        }
    }

    private static final class OfList extends Form {

        private final Type part;

        OfList(Type part) {
            this.part = part;
        }

        @Override
        Object read(JsonParser in) throws IOException {
            expect(JsonToken.START_ARRAY, "a list", in);
            Form form = of(part);
            List<Object> values = new ArrayList<>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                values.add(element(form, in));
            }
            return values;
        }
    }

    private static final class OfMap extends Form {

        private final Type part;

        OfMap(Type part) {
            this.part = part;
        }

        @Override
        Object read(JsonParser in) throws IOException {
            expect(JsonToken.START_OBJECT, "an object", in);
            Form form = of(part);
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                in.nextToken();
                if (values.put(name, element(form, in)) != null) {
                    throw Misread.twice(in, name);
                }
            }
            return values;
        }
    }
}
