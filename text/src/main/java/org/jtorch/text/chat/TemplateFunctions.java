package org.jtorch.text.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.lib.filter.LengthFilter;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.objects.collections.PyList;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.util.ForLoop;
import com.hubspot.jinjava.util.ObjectIterator;
import com.hubspot.jinjava.util.ObjectTruthValue;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions, filters and tags that {@code transformers} gives to templates. */
final class TemplateFunctions {

    /** The filter that keeps what fulfils the condition of a loop. */
    static final String WHERE = "jtorch_where";

    private TemplateFunctions() {}

    static void addTo(Jinjava jinja) {
        jinja.registerFunction(
                new ELFunctionDefinition("", "raise_exception", TemplateFunctions.class, "refuse", String.class));
        jinja.registerFunction(
                new ELFunctionDefinition("", "strftime_now", TemplateFunctions.class, "now", String.class));
        jinja.registerFilter(new ToJson());
        jinja.registerFilter(new Where());
        jinja.registerFilter(new Length());
        jinja.registerTag(new Generation());
    }

    /** {@code raise_exception(message)}. */
    @SuppressWarnings("DoNotCallSuggester") // templates call it
    public static String refuse(String message) {
        throw new ChatTemplateException(message);
    }

    /** {@code strftime_now(format)}. */
    public static String now(String format) {
        return Strftime.format(format, ZonedDateTime.now(ZoneId.systemDefault()));
    }

    /** {@code tojson}, which writes as Python's {@code json.dumps} does. */
    private static final class ToJson implements Filter {

        @Override
        public Object filter(@Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
            return write(value, null);
        }

        @Override
        public Object filter(
                @Nullable Object value, JinjavaInterpreter interpreter, Object[] arguments, Map<String, Object> named) {
            Object indent = named.getOrDefault("indent", arguments.length > 1 ? arguments[1] : null);
            return write(value, indent instanceof Number number ? number.intValue() : null);
        }

        private static String write(@Nullable Object value, @Nullable Integer indent) {
            try {
                return PythonJson.write(value, indent);
            } catch (JsonProcessingException e) {
                throw new ChatTemplateException("a value cannot be written as JSON: " + e.getMessage(), e);
            }
        }

        @Override
        public String getName() {
            return "tojson";
        }
    }

    /** {@code length}, which counts the code points of a text. */
    private static final class Length extends LengthFilter {

        @Override
        public Object filter(@Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
            return value instanceof CharSequence text
                    ? (Object) text.toString().codePointCount(0, text.length())
                    : super.filter(value, interpreter, arguments);
        }
    }

    /** Keeps the values for which an expression is true: the condition of a loop. */
    private static final class Where implements Filter {

        @Override
        public Object filter(@Nullable Object values, JinjavaInterpreter interpreter, String... arguments) {
            String[] names = arguments[0].split(",");
            List<@Nullable Object> kept = new ArrayList<>();
            ForLoop loop = ObjectIterator.getLoop(values);
            while (loop.hasNext()) {
                Object value = loop.next();
                try (var scope = interpreter.enterNonStackingScope()) {
                    bind(interpreter, names, value);
                    if (ObjectTruthValue.evaluate(
                            interpreter.resolveELExpression(arguments[1], interpreter.getLineNumber()))) {
                        kept.add(value);
                    }
                }
            }
            return new PyList(kept);
        }

        private static void bind(JinjavaInterpreter interpreter, String[] names, @Nullable Object value) {
            if (names.length == 1) {
                interpreter.getContext().put(names[0].strip(), value);
            } else {
                ForLoop parts = ObjectIterator.getLoop(value);
                for (String name : names) {
                    interpreter.getContext().put(name.strip(), parts.hasNext() ? parts.next() : null);
                }
            }
        }

        @Override
        public String getName() {
            return WHERE;
        }
    }

    /** {@code generation}, which marks what the model says, and prints what is inside. */
    private static final class Generation implements Tag {

        private static final long serialVersionUID = 1;

        @Override
        public String interpret(TagNode node, JinjavaInterpreter interpreter) {
            StringBuilder output = new StringBuilder();
            for (Node child : node.getChildren()) {
                output.append(child.render(interpreter).getValue());
            }
            return output.toString();
        }

        @Override
        public String getName() {
            return "generation";
        }

        @Override
        public String getEndTagName() {
            return "endgeneration";
        }
    }
}
