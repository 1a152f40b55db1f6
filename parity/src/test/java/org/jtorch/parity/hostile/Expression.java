package org.jtorch.parity.hostile;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;

/** A part of a generated program. It can be written as Java before it is run, and each part is run once. */
final class Expression {

    /** Computes a value from the values of the parts. */
    @FunctionalInterface
    interface Body {
        @Nullable
        Object run(@Nullable Object[] parts) throws Throwable;
    }

    /** What has been computed so far. */
    static final class Frame {
        private final Map<Expression, @Nullable Object> values = new IdentityHashMap<>();

        /** Undoes what would affect later programs: registered hooks and modes. */
        void undo() throws Exception {
            for (Object value : values.values()) {
                if (value instanceof RemovableHandle handle) {
                    handle.remove();
                } else if (value instanceof AutoCloseable closeable && !(value instanceof Tensor)) {
                    closeable.close();
                }
            }
        }

        /** Returns the tensors among the computed values. */
        List<Tensor> tensors() {
            return values.values().stream()
                    .filter(Tensor.class::isInstance)
                    .map(Tensor.class::cast)
                    .toList();
        }

        void set(Expression expression, @Nullable Object value) {
            values.put(expression, value);
        }
    }

    /** The text: strings, and the expressions between them. */
    private final List<Object> text;

    private final List<Expression> parts;
    private final Body body;

    private Expression(List<Object> text, List<Expression> parts, Body body) {
        this.text = text;
        this.parts = parts;
        this.body = body;
    }

    /** Returns an expression with an existing value. */
    static Expression literal(String text, @Nullable Object value) {
        return new Expression(List.of(text), List.of(), parts -> value);
    }

    /** Returns an expression that creates its value in each program, without parts. */
    static Expression fresh(String text, Body body) {
        return new Expression(List.of(text), List.of(), body);
    }

    /** Returns the call {@code head(arguments)}. */
    static Expression call(String head, List<Expression> arguments, Body body) {
        return enclosed(head + "(", arguments, ")", body);
    }

    /** Returns the parts between two brackets. */
    static Expression enclosed(String open, List<Expression> parts, String close, Body body) {
        List<Object> text = new ArrayList<>();
        text.add(open);
        list(text, parts);
        text.add(close);
        return new Expression(text, parts, body);
    }

    /** Returns the call {@code receiver.name(arguments)}. The receiver is the first part of the body. */
    static Expression method(Expression receiver, String name, List<Expression> arguments, Body body) {
        List<Object> text = new ArrayList<>();
        text.add(receiver);
        text.add("." + name + "(");
        list(text, arguments);
        text.add(")");
        List<Expression> parts = new ArrayList<>();
        parts.add(receiver);
        parts.addAll(arguments);
        return new Expression(text, parts, body);
    }

    /** Returns text with other expressions that {@code body} runs itself. */
    static Expression lazy(List<Object> text, Body body) {
        return new Expression(text, List.of(), body);
    }

    private static void list(List<Object> text, List<Expression> parts) {
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                text.add(", ");
            }
            text.add(parts.get(i));
        }
    }

    /** Runs the expression, unless {@code frame} already has its value. */
    @Nullable
    Object run(Frame frame) throws Throwable {
        if (frame.values.containsKey(this)) {
            return frame.values.get(this);
        }
        @Nullable Object[] values = new Object[parts.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = parts.get(i).run(frame);
        }
        Object value = body.run(values);
        frame.values.put(this, value);
        return value;
    }

    /** Returns the program in one line of Java. An expression that is used twice becomes a variable. */
    String java() {
        Map<Expression, Integer> uses = new IdentityHashMap<>();
        count(uses);
        Map<Expression, String> names = new IdentityHashMap<>();
        StringBuilder statements = new StringBuilder();
        StringBuilder last = new StringBuilder();
        write(last, statements, uses, names);
        return statements.append(last).append(';').toString();
    }

    private void count(Map<Expression, Integer> uses) {
        if (uses.merge(this, 1, Integer::sum) == 1) {
            for (Object piece : text) {
                if (piece instanceof Expression expression) {
                    expression.count(uses);
                }
            }
        }
    }

    private void write(
            StringBuilder out, StringBuilder statements, Map<Expression, Integer> uses, Map<Expression, String> names) {
        String name = names.get(this);
        if (name != null) {
            out.append(name);
            return;
        }
        StringBuilder own = new StringBuilder();
        for (Object piece : text) {
            if (piece instanceof Expression expression) {
                expression.write(own, statements, uses, names);
            } else {
                own.append(piece);
            }
        }
        if (uses.getOrDefault(this, 1) > 1 && text.size() > 1) {
            name = "v" + names.size();
            names.put(this, name);
            statements.append("var ").append(name).append(" = ").append(own).append("; ");
            out.append(name);
        } else {
            out.append(own);
        }
    }
}
